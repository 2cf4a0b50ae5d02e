// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sqlite/attachments.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace bihuan::sqlite {
namespace {

constexpr std::size_t checkpoint_size = 16 * 1024 * 1024;  // bytes of the log
constexpr std::size_t pages_beside = 32 * 1024;            // of rows and indexes, with each chunk

constexpr Sql purge{"attachment purge", "DELETE FROM attachment WHERE sha256 IS NULL"};
constexpr Sql read_chunk{"chunk read",
                         "SELECT c.bytes FROM attachment a JOIN chunk c ON c.blob = a.blob"
                         " WHERE a.sha256 = ? AND c.place = ?"};

}  // namespace

Attachments::Attachments(Connection connection, bool durable, Readers& readers, Readers& case_readers)
    : sql::Attachments(readers, case_readers), connection_(std::move(connection)), durable_(durable) {
  // A checkpoint that SQLite makes by itself says nothing of a sync that failed.
  connection_.execute("settings", "PRAGMA wal_autocheckpoint=0");
  connection_.run(purge);
}

Attachments::~Attachments() {
  try {
    if (doubtful_) connection_.write_log_again();
    connection_.execute("checkpoint", "PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (StoreFault const&) {
    // Nothing is lost: the log is read again at the next start.
  }
}

// Chunks are committed without a sync. When one fails, the system may drop them all the same, and with them what is
// confirmed later in the same log: it is written again first.
template <class Work>
auto Attachments::write(Work const& work) {
  std::scoped_lock const lock(mutex_);
  // Until it is seen to have gone well.
  if (std::exchange(doubtful_, true)) connection_.write_log_again();
  if constexpr (std::is_void_v<decltype(work())>) {
    work();
    doubtful_ = false;
  } else {
    auto const result = work();
    doubtful_ = false;
    return result;
  }
}

void Attachments::checkpoint_now_and_then(std::size_t written) {
  since_checkpoint_ += written;
  if (since_checkpoint_ < checkpoint_size) return;
  since_checkpoint_ = 0;
  connection_.execute("checkpoint", "PRAGMA wal_checkpoint(PASSIVE)");
}

std::int64_t Attachments::begin_blob() {
  return write([&] {
    auto inserted = connection_.query(insert_blob);
    inserted.step();
    std::int64_t const blob = inserted.integer(0);
    while (inserted.step()) {
    }
    return blob;
  });
}

void Attachments::add_chunk(std::int64_t blob, std::int64_t place, std::string_view bytes) {
  write([&] {
    {
      Statement statement(connection_.cached(insert_chunk));
      statement.bind(1, blob);
      statement.bind(2, place);
      statement.bind_bytes(3, bytes);
      statement.step();
    }
    checkpoint_now_and_then(bytes.size() + pages_beside);
  });
}

// The chunks were committed without waiting for the disk; syncing this commit syncs the log with all of them.
void Attachments::publish(std::int64_t blob, Attachment const& attachment) {
  write([&] {
    if (durable_) connection_.execute("sync on", "PRAGMA synchronous=FULL");
    {
      Transaction transaction(connection_);
      if (is_published(connection_, attachment.sha256)) {
        connection_.run(delete_blob, blob);
      } else {
        connection_.run(publish_blob, attachment.sha256, attachment.size, blob);
      }
      record_upload(connection_, attachment);
      transaction.commit();
    }
    if (durable_) connection_.execute("sync off", "PRAGMA synchronous=NORMAL");
  });
}

void Attachments::discard(std::int64_t blob) noexcept {
  try {
    write([&] { connection_.run(delete_blob, blob); });
  } catch (StoreFault const&) {
    // Purged at the next start.
  }
}

std::size_t Attachments::read(std::string const& sha256, std::int64_t offset, std::span<char> into) {
  if (offset < 0) {
    return 0;
  }
  auto const reader = readers_.lease();
  std::size_t done = 0;
  while (done < into.size()) {
    auto const at = static_cast<std::size_t>(offset) + done;
    auto row = reader->query(read_chunk, sha256, static_cast<std::int64_t>(at / chunk_size));
    if (!row.step()) {
      break;
    }
    auto const bytes = row.view(0);
    auto const from = at % chunk_size;
    if (from >= bytes.size()) {
      break;
    }
    auto const part = bytes.substr(from, into.size() - done);
    std::copy(part.begin(), part.end(), into.begin() + static_cast<std::ptrdiff_t>(done));
    done += part.size();
    if (bytes.size() < chunk_size) {
      break;
    }
  }
  return done;
}

}  // namespace bihuan::sqlite
