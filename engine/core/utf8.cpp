// SPDX-License-Identifier: Apache-2.0
#include "engine/core/utf8.hpp"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

namespace bihuan {
namespace {

constexpr char32_t replacement = 0xFFFD;

bool is_high_surrogate(char32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low_surrogate(char32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

void append_utf8(std::string& text, char32_t point) {
  auto const trailing = [&](unsigned shift) { text += static_cast<char>(0x80U | ((point >> shift) & 0x3FU)); };
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xC0U | (point >> 6U));
    trailing(0);
  } else if (point < 0x10000) {
    text += static_cast<char>(0xE0U | (point >> 12U));
    trailing(6);
    trailing(0);
  } else {
    text += static_cast<char>(0xF0U | (point >> 18U));
    trailing(12);
    trailing(6);
    trailing(0);
  }
}

// Nothing below U+0300 composes with what stands before it, and no unified ideograph, Chinese punctuation or wide form
// is ever composed or replaced: nearly every text.
bool is_composed_at_sight(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    auto const point = next_code_point(text, at);
    if (!point) return false;
    bool const ideograph = *point >= 0x4E00 && *point <= 0x9FFF;
    bool const punctuation = (*point >= 0x2010 && *point <= 0x2027) || (*point >= 0x3001 && *point <= 0x3020);
    bool const wide = *point >= 0xFF01 && *point <= 0xFF60;
    if (*point >= 0x300 && !ideograph && !punctuation && !wide) return false;
  }
  return true;
}

}  // namespace

std::string composed(std::string text) {
  if (is_composed_at_sight(text)) return text;
  utf8proc_uint8_t* bytes = nullptr;
  auto const size =
      utf8proc_map(reinterpret_cast<utf8proc_uint8_t const*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &bytes, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> const owner(bytes, &std::free);
  if (size < 0) return text;
  return {reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size)};
}

std::optional<char32_t> next_code_point(std::string_view text, std::size_t& at) {
  auto const byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  unsigned const lead = byte(at);
  if (lead < 0x80U) {
    ++at;
    return lead;
  }
  std::size_t const length = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : 2;
  if (lead < 0xC2U || lead > 0xF4U || at + length > text.size()) {
    return std::nullopt;
  }
  char32_t point = lead & (0xFFU >> (length + 1));
  for (std::size_t index = at + 1; index < at + length; ++index) {
    if ((byte(index) & 0xC0U) != 0x80U) {
      return std::nullopt;
    }
    point = (point << 6U) | (byte(index) & 0x3FU);
  }
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  bool const surrogate = is_high_surrogate(point) || is_low_surrogate(point);
  if (point < smallest[length] || surrogate || point > 0x10FFFF) {
    return std::nullopt;
  }
  at += length;
  return point;
}

std::u16string utf16_from(std::string_view text) {
  std::u16string units;
  units.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    auto const found = next_code_point(text, at);
    at += found ? 0U : 1U;
    char32_t const point = found.value_or(replacement);
    if (point < 0x10000) {
      units += static_cast<char16_t>(point);
    } else {
      units += static_cast<char16_t>(0xD800U + ((point - 0x10000) >> 10U));
      units += static_cast<char16_t>(0xDC00U + ((point - 0x10000) & 0x3FFU));
    }
  }
  return units;
}

std::string utf8_from(std::u16string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    char32_t const unit = text[at];
    if (is_high_surrogate(unit) && at + 1 < text.size() && is_low_surrogate(text[at + 1])) {
      append_utf8(bytes, 0x10000 + ((unit - 0xD800) << 10U) + (char32_t{text[++at]} - 0xDC00));
    } else {
      append_utf8(bytes, is_high_surrogate(unit) || is_low_surrogate(unit) ? replacement : unit);
    }
  }
  return bytes;
}

}  // namespace bihuan
