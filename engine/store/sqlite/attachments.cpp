// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sqlite/attachments.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "engine/store/digest.hpp"
#include "engine/store/sql/cases.hpp"

namespace bihuan::sqlite {
namespace {

constexpr std::size_t chunk_size = 256 * 1024;
constexpr std::size_t checkpoint_size = 16 * 1024 * 1024;  // bytes of the log
constexpr std::size_t pages_beside = 32 * 1024;            // of rows and indexes, with each chunk

constexpr Sql purge{"attachment purge", "DELETE FROM attachment WHERE sha256 IS NULL"};
constexpr Sql insert_blob{"attachment begin", "INSERT INTO attachment (sha256, size) VALUES (NULL, 0) RETURNING blob"};
constexpr Sql insert_chunk{"chunk", "INSERT INTO chunk (blob, place, bytes) VALUES (?, ?, ?)"};
constexpr Sql find_blob{"attachment find", "SELECT blob FROM attachment WHERE sha256 = ?"};
constexpr Sql publish_blob{"attachment publish", "UPDATE attachment SET sha256 = ?, size = ? WHERE blob = ?"};
constexpr Sql delete_blob{"attachment discard", "DELETE FROM attachment WHERE blob = ?"};
constexpr Sql put_upload{"upload",
                         "INSERT INTO upload (sha256, uploader, name, type) VALUES (?, ?, ?, ?)"
                         " ON CONFLICT DO UPDATE SET name = excluded.name, type = excluded.type"};
constexpr Sql find_own_upload{"upload find",
                              "SELECT u.name, u.type, a.size, u.uploader FROM upload u JOIN attachment a USING (sha256)"
                              " WHERE u.sha256 = ? AND u.uploader = ?"};
constexpr Sql find_any_upload{"upload find any",
                              "SELECT u.name, u.type, a.size, u.uploader FROM upload u JOIN attachment a USING (sha256)"
                              " WHERE u.sha256 = ? ORDER BY u.uploader LIMIT 1"};
constexpr Sql read_chunk{"chunk read",
                         "SELECT c.bytes FROM attachment a JOIN chunk c ON c.blob = a.blob"
                         " WHERE a.sha256 = ? AND c.place = ?"};

// Fills `into` as far as the source goes.
std::size_t fill(std::span<char> into, std::function<std::size_t(std::span<char>)> const& source) {
  std::size_t filled = 0;
  while (filled < into.size()) {
    std::size_t const got = source(into.subspan(filled));
    if (got == 0) {
      break;
    }
    filled += got;
  }
  return filled;
}

}  // namespace

Attachments::Attachments(Connection connection, bool durable, Readers& readers, Readers& case_readers)
    : connection_(std::move(connection)), durable_(durable), readers_(readers), case_readers_(case_readers) {
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

Attachment Attachments::put(std::string const& name, std::string const& type, std::string const& uploader,
                            std::function<std::size_t(std::span<char>)> const& source) {
  Attachment attachment{.sha256 = {}, .name = name, .type = type, .size = 0, .uploader = uploader};
  std::int64_t const blob = begin_blob();
  try {
    Digest digest;
    std::string buffer(chunk_size, '\0');
    for (std::int64_t place = 0;; ++place) {
      std::size_t const filled = fill(buffer, source);
      if (filled == 0) {
        break;
      }
      std::string_view const bytes = std::string_view(buffer).substr(0, filled);
      digest.update(bytes);
      add_chunk(blob, place, bytes);
      attachment.size += static_cast<std::int64_t>(filled);
      if (filled < chunk_size) {
        break;
      }
    }
    attachment.sha256 = digest.finish();
    publish(blob, attachment);
  } catch (...) {
    discard(blob);
    throw;
  }
  return attachment;
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
      bool known = false;
      {
        auto row = connection_.query(find_blob, attachment.sha256);
        known = row.step();
      }
      if (known) {
        connection_.run(delete_blob, blob);
      } else {
        connection_.run(publish_blob, attachment.sha256, attachment.size, blob);
      }
      connection_.run(put_upload, attachment.sha256, attachment.uploader, attachment.name, attachment.type);
      transaction.commit();
    }
    if (durable_) connection_.execute("sync off", "PRAGMA synchronous=NORMAL");
  });
}

void Attachments::discard(std::int64_t blob) {
  try {
    write([&] { connection_.run(delete_blob, blob); });
  } catch (StoreFault const&) {
    // Purged at the next start.
  }
}

std::optional<Attachment> Attachments::find_upload(std::string const& sha256, std::string const& uploader) {
  auto const reader = readers_.lease();
  auto row =
      uploader.empty() ? reader->query(find_any_upload, sha256) : reader->query(find_own_upload, sha256, uploader);
  if (!row.step()) {
    return std::nullopt;
  }
  return Attachment{
      .sha256 = sha256, .name = row.text(0), .type = row.text(1), .size = row.integer(2), .uploader = row.text(3)};
}

std::optional<Attachment> Attachments::find_in_cases(std::string const& sha256, Visibility const& visibility) {
  auto const reader = case_readers_.lease();
  return sql::find_document(*reader, sha256, visibility);
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
