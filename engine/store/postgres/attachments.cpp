// SPDX-License-Identifier: Apache-2.0
#include "engine/store/postgres/attachments.hpp"

#include <algorithm>
#include <type_traits>

#include "engine/store/digest.hpp"
#include "engine/store/sql/cases.hpp"

namespace bihuan::postgres {
namespace {

constexpr std::size_t chunk_size = 256 * 1024;

constexpr Sql purge{"attachment purge",
                    "DELETE FROM attachment WHERE sha256 IS NULL AND started < now() - interval '1 day'"};
constexpr Sql insert_blob{"attachment begin", "INSERT INTO attachment (sha256, size) VALUES (NULL, 0) RETURNING blob"};
// The commit that publishes waits for the disk, and with it for all that was committed before; what a database that
// stopped in between has lost of it is counted first.
constexpr Sql without_waiting{"chunk", "SET LOCAL synchronous_commit = off"};
constexpr Sql insert_chunk{"chunk", "INSERT INTO chunk (blob, place, bytes) VALUES (?, ?, ?)"};
// Two nodes that publish the same bytes take turns.
constexpr Sql hold_hash{"attachment hold", "SELECT pg_advisory_xact_lock(hashtextextended(?::text, 4920265814297015))"};
constexpr Sql find_blob{"attachment find", "SELECT blob FROM attachment WHERE sha256 = ?"};
constexpr Sql count_bytes{"attachment count", "SELECT coalesce(sum(octet_length(bytes)), 0) FROM chunk WHERE blob = ?"};
constexpr Sql publish_blob{"attachment publish", "UPDATE attachment SET sha256 = ?, size = ? WHERE blob = ?"};
constexpr Sql delete_blob{"attachment discard", "DELETE FROM attachment WHERE blob = ?"};
constexpr Sql put_upload{"upload",
                         "INSERT INTO upload (sha256, uploader, name, type) VALUES (?, ?, ?, ?)"
                         " ON CONFLICT (sha256, uploader) DO UPDATE SET name = excluded.name, type = excluded.type"};
constexpr Sql find_own_upload{"upload find",
                              "SELECT u.name, u.type, a.size, u.uploader FROM upload u JOIN attachment a USING (sha256)"
                              " WHERE u.sha256 = ? AND u.uploader = ?"};
constexpr Sql find_any_upload{"upload find any",
                              "SELECT u.name, u.type, a.size, u.uploader FROM upload u JOIN attachment a USING (sha256)"
                              " WHERE u.sha256 = ? ORDER BY u.uploader LIMIT 1"};
// Only what is asked for of the chunk.
constexpr Sql read_chunk{"chunk read",
                         "SELECT substr(c.bytes, ?::int, ?::int) FROM attachment a JOIN chunk c ON c.blob = a.blob"
                         " WHERE a.sha256 = ? AND c.place = ?"};

std::int64_t bytes_kept(sql::Connection& connection, std::int64_t blob) {
  auto row = connection.query(count_bytes, blob);
  return row.step() ? row.integer(0) : 0;
}

std::size_t fill(std::span<char> into, ByteSource const& source) {
  std::size_t filled = 0;
  while (filled < into.size()) {
    auto const got = source(into.subspan(filled));
    if (got == 0) break;
    filled += got;
  }
  return filled;
}

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

Attachments::Attachments(sql::Readers& writing, sql::Readers& readers) : writing_(writing), readers_(readers) {
  write(writing_, [](sql::Connection& connection) { connection.send(purge); });
}

Attachment Attachments::put(std::string const& name, std::string const& type, std::string const& uploader,
                            ByteSource const& source) {
  Attachment attachment{.sha256 = {}, .name = name, .type = type, .size = 0, .uploader = uploader};
  auto const blob = begin_blob();
  try {
    Digest digest;
    std::string buffer(chunk_size, '\0');
    for (std::int64_t place = 0;; ++place) {
      auto const filled = fill(buffer, source);
      if (filled == 0) break;
      auto const bytes = std::string_view(buffer).substr(0, filled);
      digest.update(bytes);
      add_chunk(blob, place, bytes);
      attachment.size += static_cast<std::int64_t>(filled);
      if (filled < chunk_size) break;
    }
    attachment.sha256 = digest.finish();
    publish(blob, attachment);
  } catch (...) {
    discard(blob);
    throw;
  }
  return attachment;
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
    bool known = false;
    {
      auto row = connection.query(find_blob, attachment.sha256);
      known = row.step();
    }
    if (known) {
      connection.send(delete_blob, blob);
    } else {
      if (bytes_kept(connection, blob) != attachment.size)
        throw StoreFault("attachment publish: the database stopped and lost a part of the upload");
      connection.send(publish_blob, attachment.sha256, attachment.size, blob);
    }
    connection.send(put_upload, attachment.sha256, attachment.uploader, attachment.name, attachment.type);
  });
}

void Attachments::discard(std::int64_t blob) noexcept {
  try {
    write(writing_, [&](sql::Connection& connection) { connection.send(delete_blob, blob); });
  } catch (StoreFault const&) {
    // Purged after a day.
  }
}

std::optional<Attachment> Attachments::find_upload(std::string const& sha256, std::string const& uploader) {
  auto const reader = readers_.lease();
  auto row =
      uploader.empty() ? reader->query(find_any_upload, sha256) : reader->query(find_own_upload, sha256, uploader);
  if (!row.step()) return std::nullopt;
  return Attachment{
      .sha256 = sha256, .name = row.text(0), .type = row.text(1), .size = row.integer(2), .uploader = row.text(3)};
}

std::optional<Attachment> Attachments::find_in_cases(std::string const& sha256, Visibility const& visibility) {
  auto const reader = readers_.lease();
  return sql::find_document(*reader, sha256, visibility);
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
