// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/backup_manifest.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "engine/core/json.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"
#include "engine/service/library.hpp"
#include "engine/store/digest.hpp"

namespace bihuan {
namespace {

constexpr std::int64_t known_format = 1;

// A name that is a path could be anywhere.
bool is_plain_name(std::string const& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos;
}

bool is_sha256(std::string const& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

BackupManifest::File read_file(Reader& reader) {
  BackupManifest::File file{
      .name = reader.text("name"), .size = reader.integer_or("size", -1), .sha256 = reader.text("sha256")};
  if (!is_plain_name(file.name))
    reader.fault(Code::bad_format, "name", {{"value", file.name}, {"expected", message("expected.file_name")}});
  if (!is_sha256(file.sha256))
    reader.fault(Code::bad_format, "sha256", {{"value", file.sha256}, {"expected", message("expected.sha256")}});
  reader.finish();
  return file;
}

}  // namespace

std::string BackupManifest::to_text() const {
  auto list = OrderedJson::array();
  for (auto const& file : files) list.push_back({{"name", file.name}, {"size", file.size}, {"sha256", file.sha256}});
  OrderedJson const document{{"format", known_format}, {"made", format_utc(made)}, {"program", program},
                             {"cases", cases},         {"events", events},         {"last_change", last_change},
                             {"files", list}};
  return document.dump(2) + "\n";
}

Result<BackupManifest> read_manifest(std::filesystem::path const& backup) {
  auto const document = read_json_file(backup / manifest_file);
  if (!document) return refused(document.error());
  Refusals faults;
  Reader reader(*document, "", faults);
  BackupManifest manifest;
  auto const format = reader.integer_or("format", 0);
  if (format != known_format) reader.fault(Code::out_of_bounds, "format", {{"expected", std::to_string(known_format)}});
  auto const made = parse_instant(reader.text("made"), "/made");
  if (made)
    manifest.made = *made;
  else
    append(faults, made.error());
  manifest.program = reader.text("program");
  manifest.cases = reader.integer_or("cases", 0);
  manifest.events = reader.integer_or("events", 0);
  manifest.last_change = reader.integer_or("last_change", 0);
  reader.elements("files", [&](std::size_t, Reader& file) { manifest.files.push_back(read_file(file)); });
  reader.finish();
  if (!faults.empty()) return refused(std::move(faults));
  return manifest;
}

BackupManifest::File describe_file(std::filesystem::path const& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::system_error(errno, std::generic_category(), file.string());
  BackupManifest::File described{.name = file.filename().string(), .size = 0, .sha256 = {}};
  Digest digest;
  std::vector<char> piece(1024 * 1024);
  while (stream) {
    stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    auto const size = static_cast<std::size_t>(stream.gcount());
    digest.update({piece.data(), size});
    described.size += static_cast<std::int64_t>(size);
  }
  if (stream.bad()) throw std::system_error(errno, std::generic_category(), file.string());
  described.sha256 = digest.finish();
  return described;
}

}  // namespace bihuan
