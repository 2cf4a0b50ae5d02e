// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/attachments.hpp"

#include "engine/store/digest.hpp"
#include "engine/store/sql/cases.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql find_blob{"attachment find", "SELECT blob FROM attachment WHERE sha256 = ?"};
constexpr Sql put_upload{"upload",
                         "INSERT INTO upload (sha256, uploader, name, type) VALUES (?, ?, ?, ?)"
                         " ON CONFLICT (sha256, uploader) DO UPDATE SET name = excluded.name, type = excluded.type"};
constexpr Sql find_own_upload{"upload find",
                              "SELECT u.name, u.type, a.size, u.uploader FROM upload u JOIN attachment a USING (sha256)"
                              " WHERE u.sha256 = ? AND u.uploader = ?"};
constexpr Sql find_any_upload{"upload find any",
                              "SELECT u.name, u.type, a.size, u.uploader FROM upload u JOIN attachment a USING (sha256)"
                              " WHERE u.sha256 = ? ORDER BY u.uploader LIMIT 1"};

// As far as the source goes.
std::size_t fill(std::span<char> into, ByteSource const& source) {
  std::size_t filled = 0;
  while (filled < into.size()) {
    auto const got = source(into.subspan(filled));
    if (got == 0) break;
    filled += got;
  }
  return filled;
}

}  // namespace

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

std::optional<Attachment> Attachments::find_upload(std::string const& sha256, std::string const& uploader) {
  auto const reader = readers_.lease();
  auto row =
      uploader.empty() ? reader->query(find_any_upload, sha256) : reader->query(find_own_upload, sha256, uploader);
  if (!row.step()) return std::nullopt;
  return Attachment{
      .sha256 = sha256, .name = row.text(0), .type = row.text(1), .size = row.integer(2), .uploader = row.text(3)};
}

std::optional<Attachment> Attachments::find_in_cases(std::string const& sha256, Visibility const& visibility) {
  auto const reader = case_readers_.lease();
  return find_document(*reader, sha256, visibility);
}

bool Attachments::is_published(Connection& connection, std::string const& sha256) {
  auto row = connection.query(find_blob, sha256);
  return row.step();
}

void Attachments::record_upload(Connection& connection, Attachment const& attachment) {
  connection.send(put_upload, attachment.sha256, attachment.uploader, attachment.name, attachment.type);
}

}  // namespace bihuan::sql
