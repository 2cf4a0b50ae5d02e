// SPDX-License-Identifier: Apache-2.0
#include "engine/store/postgres/dialect.hpp"

#include <algorithm>

namespace bihuan::postgres {
namespace {

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

bool is_word(char letter) {
  return is_digit(letter) || letter == '_' || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

}  // namespace

std::string translated(std::string_view text) {
  constexpr std::string_view cross_join = "CROSS JOIN";
  constexpr std::string_view indexed_by = " INDEXED BY ";
  std::string result;
  result.reserve(text.size() + 16);
  int place = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size();) {
    char const letter = text[at];
    auto const rest = text.substr(at);
    if (letter == '\'') quoted = !quoted;
    if (quoted) {
      result += letter;
      ++at;
    } else if (letter == '?') {
      ++at;
      result += '$';
      if (at < text.size() && is_digit(text[at])) {
        while (at < text.size() && is_digit(text[at])) result += text[at++];
      } else {
        result += std::to_string(++place);
      }
    } else if (rest.starts_with(cross_join)) {
      result += "JOIN";
      at += cross_join.size();
    } else if (rest.starts_with(indexed_by)) {
      at += indexed_by.size();
      while (at < text.size() && is_word(text[at])) ++at;
    } else {
      result += letter;
      ++at;
    }
  }
  return result;
}

std::string by_bytes(std::string_view script) {
  constexpr std::string_view type = " TEXT";
  std::string result;
  for (std::size_t at = 0; at < script.size();) {
    auto const found = std::min(script.find(type, at), script.size());
    result += script.substr(at, found - at);
    if (found < script.size()) result += " text COLLATE \"C\"";
    at = found + type.size();
  }
  return result;
}

}  // namespace bihuan::postgres
