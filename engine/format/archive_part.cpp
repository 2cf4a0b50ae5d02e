// SPDX-License-Identifier: Apache-2.0
#include "engine/format/archive_part.hpp"

#include <array>

#include "engine/core/message.hpp"

namespace bihuan {
namespace {

constexpr std::size_t piece_size = std::size_t{64} * 1024;

// Without the prefix of its namespace.
std::string_view local_name(std::string_view name) {
  auto const colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

Refusal not_a_workbook(std::string const& part) {
  return refusal(Code::bad_format, {}, {{"value", part}, {"expected", message("expected.table")}});
}

}  // namespace

Result<Archive> Archive::open(std::filesystem::path const& file, std::uint64_t most_parts) {
  int error = 0;
  Archive archive(zip_open(file.c_str(), ZIP_RDONLY, &error));
  if (!archive.archive_) return refused(not_a_workbook("ZIP"));
  if (static_cast<std::uint64_t>(zip_get_num_entries(archive.archive_.get(), 0)) > most_parts)
    return refused(refusal(Code::too_large, {}, {{"limit", std::to_string(most_parts)}}));
  return archive;
}

bool Archive::has(std::string const& part) const {
  return zip_name_locate(archive_.get(), part.c_str(), 0) >= 0;
}

XmlPart::XmlPart(Archive const& archive, std::string const& part, std::uint64_t limit, XmlListener& listener)
    : part_(part),
      limit_(limit),
      listener_(listener),
      file_(zip_fopen(archive.archive_.get(), part.c_str(), 0)),
      parser_(XML_ParserCreate(nullptr)),
      ended_(file_ == nullptr) {
  if (!parser_) throw std::bad_alloc();
  XML_SetUserData(parser_.get(), this);
  XML_SetElementHandler(parser_.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser_.get(), on_text);
  // No workbook has one, and entities that name each other are how a small file becomes a large one.
  XML_SetStartDoctypeDeclHandler(parser_.get(), on_doctype);
}

Result<bool> XmlPart::read_on() {
  if (ended_) return false;
  std::array<char, piece_size> room{};
  auto const size = zip_fread(file_.get(), room.data(), room.size());
  if (size < 0) return refused(not_a_workbook(part_));
  read_ += static_cast<std::uint64_t>(size);
  if (read_ > limit_) return refused(refusal(Code::too_large, {}, {{"limit", std::to_string(limit_)}}));
  ended_ = size == 0;
  if (XML_Parse(parser_.get(), room.data(), static_cast<int>(size), ended_) != XML_STATUS_OK)
    return refused(not_a_workbook(part_));
  return !ended_;
}

Result<void> XmlPart::read() {
  while (true) {
    auto const more = read_on();
    if (!more) return refused(more.error());
    if (!*more) return {};
  }
}

void XMLCALL XmlPart::on_start(void* self, char const* name, char const** attributes) {
  XmlAttributes read;
  for (auto const* at = attributes; *at != nullptr; at += 2) read.emplace(local_name(at[0]), at[1]);
  static_cast<XmlPart*>(self)->listener_.started(local_name(name), read);
}

void XMLCALL XmlPart::on_end(void* self, char const* name) {
  static_cast<XmlPart*>(self)->listener_.ended(local_name(name));
}

void XMLCALL XmlPart::on_text(void* self, char const* text, int size) {
  static_cast<XmlPart*>(self)->listener_.text({text, static_cast<std::size_t>(size)});
}

void XMLCALL XmlPart::on_doctype(void* self, char const*, char const*, char const*, int) {
  XML_StopParser(static_cast<XmlPart*>(self)->parser_.get(), XML_FALSE);
}

}  // namespace bihuan
