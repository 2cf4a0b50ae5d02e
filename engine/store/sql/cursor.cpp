// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/cursor.hpp"

#include <charconv>

#include "engine/core/message.hpp"
#include "engine/store/digest.hpp"

namespace bihuan::sql {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t mark_length = 12;

std::string base64url(std::string_view bytes) {
  std::string text;
  unsigned int bits = 0;
  unsigned int held = 0;
  for (char const byte : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(byte);
    for (held += 8; held >= 6; held -= 6) {
      text += alphabet[(bits >> (held - 6)) & 0x3FU];
    }
  }
  if (held > 0) {
    text += alphabet[(bits << (6 - held)) & 0x3FU];
  }
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string bytes;
  unsigned int bits = 0;
  unsigned int held = 0;
  for (char const letter : text) {
    auto const value = alphabet.find(letter);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    bits = (bits << 6U) | static_cast<unsigned int>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes += static_cast<char>(static_cast<unsigned char>((bits >> held) & 0xFFU));
    }
  }
  return bytes;
}

// Which query a cursor belongs to.
std::string mark_of(std::string_view query) {
  return hash_of(query).substr(0, mark_length);
}

std::optional<Position> read(std::string_view bytes, std::string_view query) {
  if (bytes.substr(0, mark_length) != mark_of(query)) {
    return std::nullopt;
  }
  bytes.remove_prefix(mark_length);
  Position position;
  auto const [end, fault] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), position.key);
  auto const used = static_cast<std::size_t>(end - bytes.data());
  if (fault != std::errc() || used >= bytes.size() || bytes[used] != ' ') {
    return std::nullopt;
  }
  position.id = bytes.substr(used + 1);
  return position;
}

}  // namespace

std::string cursor_of(Position const& position, std::string_view query) {
  return base64url(mark_of(query) + std::to_string(position.key) + ' ' + position.id);
}

Result<std::optional<Position>> position_of(std::string const& cursor, std::string_view query) {
  if (cursor.empty()) {
    return std::optional<Position>();
  }
  if (cursor.size() <= 256) {
    if (auto const bytes = from_base64url(cursor)) {
      if (auto position = read(*bytes, query)) {
        return position;
      }
    }
  }
  return refused(refusal(Code::bad_format, "/cursor",
                         {{"value", cursor.substr(0, 80)}, {"expected", message("expected.cursor")}}));
}

}  // namespace bihuan::sql
