// SPDX-License-Identifier: Apache-2.0
#include "engine/store/postgres/attachments.hpp"

#include <algorithm>
#include <type_traits>

namespace bihuan::postgres {
namespace {

constexpr Sql purge{"attachment purge",
                    "DELETE FROM attachment WHERE sha256 IS NULL AND started < now() - interval '1 day'"};
// The commit that publishes waits for the disk, and with it for all that was committed before; what a database that
// stopped in between has lost of it is counted first.
constexpr Sql without_waiting{"chunk", "SET LOCAL synchronous_commit = off"};
// Two nodes that publish the same bytes take turns.
constexpr Sql hold_hash{"attachment hold", "SELECT pg_advisory_xact_lock(hashtextextended(?::text, 4920265814297015))"};
constexpr Sql count_bytes{"attachment count", "SELECT coalesce(sum(octet_length(bytes)), 0) FROM chunk WHERE blob = ?"};
// Only what is asked for of the chunk.
constexpr Sql read_chunk{"chunk read",
                         "SELECT substr(c.bytes, ?::int, ?::int) FROM attachment a JOIN chunk c ON c.blob = a.blob"
                         " WHERE a.sha256 = ? AND c.place = ?"};

// In a transaction of its own, once more when that was undone, as by a connection that had gone unseen.
template <class Work>
auto write(sql::Readers& writing, Work const& work) {
  auto const connection = writing.lease();
  for (bool first = true;; first = false) {
    try {
      Transaction transaction(*connection);
      if constexpr (std::is_void_v<decltype(work(*connection))>) {
        work(*connection);
        return transaction.commit();
      } else {
        auto const result = work(*connection);
        transaction.commit();
        return result;
      }
    } catch (Undone const&) {
      if (!first) throw;
    }
  }
}

}  // namespace

Attachments::Attachments(sql::Readers& writing, sql::Readers& readers)
    : sql::Attachments(readers, readers), writing_(writing) {
  write(writing_, [](sql::Connection& connection) { connection.send(purge); });
}

std::int64_t Attachments::begin_blob() {
  return write(writing_, [](sql::Connection& connection) {
    auto inserted = connection.query(insert_blob);
    inserted.step();
    return inserted.integer(0);
  });
}

void Attachments::add_chunk(std::int64_t blob, std::int64_t place, std::string_view bytes) {
  write(writing_, [&](sql::Connection& connection) {
    connection.send(without_waiting);
    Statement statement(connection.cached(insert_chunk), blob, place);
    statement.bind_bytes(3, bytes);
    statement.send();
  });
}

void Attachments::publish(std::int64_t blob, Attachment const& attachment) {
  write(writing_, [&](sql::Connection& connection) {
    connection.send(hold_hash, attachment.sha256);
    if (is_published(connection, attachment.sha256)) {
      connection.send(delete_blob, blob);
    } else {
      if (connection.first_integer(count_bytes, blob) != attachment.size)
        throw StoreFault("attachment publish: the database stopped and lost a part of the upload");
      connection.send(publish_blob, attachment.sha256, attachment.size, blob);
    }
    record_upload(connection, attachment);
  });
}

void Attachments::discard(std::int64_t blob) noexcept {
  try {
    write(writing_, [&](sql::Connection& connection) { connection.send(delete_blob, blob); });
  } catch (StoreFault const&) {
    // Purged after a day.
  }
}

std::size_t Attachments::read(std::string const& sha256, std::int64_t offset, std::span<char> into) {
  if (offset < 0) return 0;
  auto const reader = readers_.lease();
  std::size_t done = 0;
  while (done < into.size()) {
    auto const at = static_cast<std::size_t>(offset) + done;
    auto const from = at % chunk_size;
    auto const wanted = std::min(into.size() - done, chunk_size - from);
    auto row = reader->query(read_chunk, static_cast<std::int64_t>(from + 1), static_cast<std::int64_t>(wanted), sha256,
                             static_cast<std::int64_t>(at / chunk_size));
    if (!row.step()) break;
    auto const part = row.view(0);
    std::copy(part.begin(), part.end(), into.begin() + static_cast<std::ptrdiff_t>(done));
    done += part.size();
    if (part.size() < wanted) break;
  }
  return done;
}

}  // namespace bihuan::postgres
