// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "engine/core/guard_value.hpp"

namespace bihuan::logic {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// ECMA-262 WhiteSpace and LineTerminator.
bool is_space(char16_t unit) {
  return (unit >= 0x09 && unit <= 0x0D) || unit == 0x20 || unit == 0xA0 || unit == 0x1680 ||
         (unit >= 0x2000 && unit <= 0x200A) || unit == 0x2028 || unit == 0x2029 || unit == 0x202F || unit == 0x205F ||
         unit == 0x3000 || unit == 0xFEFF;
}

std::u16string_view without_leading_space(std::u16string_view text) {
  auto const* const first = std::find_if_not(text.begin(), text.end(), is_space);
  return text.substr(static_cast<std::size_t>(first - text.begin()));
}

std::u16string_view trimmed(std::u16string_view text) {
  text = without_leading_space(text);
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

bool is_digit(char16_t unit) {
  return unit >= u'0' && unit <= u'9';
}

std::size_t digits_from(std::u16string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) {
    ++end;
  }
  return end - at;
}

struct Scanned {
  std::size_t length = 0;
  double value = not_a_number;
};

// from_chars does not say whether a number that does not fit was too large or too small; the power of ten
// that its first digit stands for does.
double beyond_range(std::string_view digits) {
  auto const exponent_at = std::min(digits.find('e'), digits.size());
  auto const point_at = std::min(digits.find('.'), exponent_at);
  auto const first = digits.find_first_of("123456789");
  if (first >= exponent_at) {
    return 0;
  }
  auto written = digits.substr(std::min(exponent_at + 1, digits.size()));
  bool const negative = written.starts_with('-');
  written.remove_prefix(negative || written.starts_with('+') ? 1 : 0);
  std::int64_t exponent = 0;
  auto const parsed = std::from_chars(written.data(), written.data() + written.size(), exponent);
  if (parsed.ec == std::errc::result_out_of_range) {
    return negative ? 0 : infinity;
  }
  auto const power = static_cast<std::int64_t>(point_at) - static_cast<std::int64_t>(first);
  return power + (negative ? -exponent : exponent) > 0 ? infinity : 0;
}

// The longest StrDecimalLiteral at the start.
Scanned scan_decimal(std::u16string_view text) {
  std::size_t at = 0;
  bool const negative = !text.empty() && text[0] == u'-';
  if (negative || (!text.empty() && text[0] == u'+')) {
    ++at;
  }
  auto const start = at;
  constexpr std::u16string_view endless = u"Infinity";
  if (text.substr(at).starts_with(endless)) {
    return {.length = at + endless.size(), .value = negative ? -infinity : infinity};
  }
  auto const whole = digits_from(text, at);
  at += whole;
  std::size_t fraction = 0;
  if (at < text.size() && text[at] == u'.') {
    fraction = digits_from(text, at + 1);
    at += whole + fraction > 0 ? 1 + fraction : 0;
  }
  if (whole + fraction == 0) {
    return {};
  }
  if (at < text.size() && (text[at] == u'e' || text[at] == u'E')) {
    auto const sign = at + 1 < text.size() && (text[at + 1] == u'+' || text[at + 1] == u'-') ? 1U : 0U;
    auto const exponent = digits_from(text, at + 1 + sign);
    at += exponent > 0 ? 1 + sign + exponent : 0;
  }
  std::string digits;
  for (char16_t const unit : text.substr(start, at - start)) {
    digits += unit == u'E' ? 'e' : static_cast<char>(unit);
  }
  double value = 0;
  auto const parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (parsed.ec == std::errc::result_out_of_range) {
    value = beyond_range(digits);
  }
  return {.length = at, .value = negative ? -value : value};
}

double scan_radix(std::u16string_view digits, int radix) {
  double value = digits.empty() ? not_a_number : 0;
  for (char16_t const unit : digits) {
    int const digit = is_digit(unit)                   ? unit - u'0'
                      : (unit >= u'a' && unit <= u'f') ? unit - u'a' + 10
                      : (unit >= u'A' && unit <= u'F') ? unit - u'A' + 10
                                                       : radix;
    if (digit >= radix) {
      return not_a_number;
    }
    value = value * radix + digit;
  }
  return value;
}

}  // namespace

double number_in(std::u16string_view text) {
  text = trimmed(text);
  if (text.empty()) {
    return 0;
  }
  if (text.size() > 1 && text[0] == u'0') {
    switch (text[1]) {
      case u'x':
      case u'X': return scan_radix(text.substr(2), 16);
      case u'o':
      case u'O': return scan_radix(text.substr(2), 8);
      case u'b':
      case u'B': return scan_radix(text.substr(2), 2);
      default: break;
    }
  }
  auto const scanned = scan_decimal(text);
  return scanned.length == text.size() ? scanned.value : not_a_number;
}

double number_at_start_of(std::u16string_view text) {
  return scan_decimal(without_leading_space(text)).value;
}

// Number::toString of ECMA-262: the shortest digits that read back the same, in JavaScript's own layout.
std::u16string text_of(double number) {
  if (std::isnan(number)) {
    return u"NaN";
  }
  if (std::isinf(number)) {
    return number < 0 ? u"-Infinity" : u"Infinity";
  }
  if (number == 0) {
    return u"0";
  }
  char buffer[32];
  auto const written = std::to_chars(buffer, buffer + sizeof buffer, std::abs(number), std::chars_format::scientific);
  std::string_view const scientific(buffer, static_cast<std::size_t>(written.ptr - buffer));
  auto const exponent_at = scientific.find('e');
  std::string digits(scientific.substr(0, exponent_at));
  std::erase(digits, '.');
  int exponent = 0;
  auto const* const sign = buffer + exponent_at + 1;
  std::from_chars(*sign == '+' ? sign + 1 : sign, written.ptr, exponent);

  int const count = static_cast<int>(digits.size());
  int const point = exponent + 1;
  std::string text;
  if (count <= point && point <= 21) {
    text = digits + std::string(static_cast<std::size_t>(point - count), '0');
  } else if (0 < point && point <= 21) {
    text = digits.substr(0, static_cast<std::size_t>(point)) + "." + digits.substr(static_cast<std::size_t>(point));
  } else if (-6 < point && point <= 0) {
    text = "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  } else {
    text = digits.substr(0, 1) + (count > 1 ? "." + digits.substr(1) : "") + (exponent < 0 ? "e-" : "e+") +
           std::to_string(std::abs(exponent));
  }
  return (number < 0 ? u"-" : u"") + std::u16string(text.begin(), text.end());
}

}  // namespace bihuan::logic
