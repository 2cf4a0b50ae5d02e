// SPDX-License-Identifier: Apache-2.0
#include "api/http/target.hpp"

#include <algorithm>
#include <cstdint>

namespace bihuan::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The length of the well-formed sequence at the front, 0 where there is none (Unicode table 3-7).
std::size_t utf8_sequence(std::string_view text) {
  auto const byte = [&](std::size_t index) {
    return index < text.size() ? static_cast<std::uint8_t>(text[index]) : std::uint8_t{0};
  };
  auto const within = [&](std::size_t index, int low, int high) { return byte(index) >= low && byte(index) <= high; };
  auto const first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return within(1, 0x80, 0xBF) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    auto const low = first == 0xE0 ? 0xA0 : 0x80;
    auto const high = first == 0xED ? 0x9F : 0xBF;
    return within(1, low, high) && within(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    auto const low = first == 0xF0 ? 0x90 : 0x80;
    auto const high = first == 0xF4 ? 0x8F : 0xBF;
    return within(1, low, high) && within(2, 0x80, 0xBF) && within(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

// The absolute form (RFC 9112, 3.2.2) names a host in front of the path; a server must take it.
std::string_view without_authority(std::string_view target) {
  auto const scheme = target.find("://");
  if (target.starts_with('/') || scheme == std::string_view::npos) return target;
  auto const path = target.find_first_of("/?", scheme + 3);
  return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
}

bool parse_query(std::string_view text, Request& request) {
  while (!text.empty()) {
    auto const piece = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), piece.size() + 1));
    if (piece.empty()) continue;
    auto const equals = piece.find('=');
    auto name = percent_decoded(piece.substr(0, equals), true);
    auto value = percent_decoded(equals == std::string_view::npos ? "" : piece.substr(equals + 1), true);
    if (!name || !value) return false;
    request.query.push_back({.name = std::move(*name), .value = std::move(*value)});
  }
  return true;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    auto const length = utf8_sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t index = 0; index < text.size(); ++index) {
    char c = text[index];
    if (c == '%') {
      if (index + 2 >= text.size()) return std::nullopt;
      auto const high = hex_digit(text[index + 1]);
      auto const low = hex_digit(text[index + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      index += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (c == '\0') return std::nullopt;
    decoded += c;
  }
  if (!is_utf8(decoded)) return std::nullopt;
  return decoded;
}

std::optional<std::string_view> parse_target(std::string_view target, Request& request) {
  target = without_authority(target);
  auto const question = target.find('?');
  auto path = target.substr(0, question);
  request.path = path;
  if (target.find('#') != std::string_view::npos) return "http.detail.fragment";
  if (path == "*" && request.method == "OPTIONS") return std::nullopt;
  if (path.empty()) request.path = path = "/";
  if (!path.starts_with('/')) return "http.detail.target_form";
  // As it was sent it is shown again; bytes that only make a character with what they encode are none by themselves.
  if (!is_utf8(path)) return "http.detail.percent_encoding";
  path.remove_prefix(1);
  while (!path.empty()) {
    auto const piece = path.substr(0, path.find('/'));
    bool const last = piece.size() == path.size();
    path.remove_prefix(std::min(path.size(), piece.size() + 1));
    auto segment = percent_decoded(piece, false);
    if (!segment) return "http.detail.percent_encoding";
    if (segment->empty() || *segment == "." || *segment == "..") return "http.detail.segment";
    request.segments.push_back(std::move(*segment));
    // A slash at the end names nothing we serve; an empty last segment lets no route match.
    if (!last && path.empty()) request.segments.emplace_back();
  }
  if (question != std::string_view::npos && !parse_query(target.substr(question + 1), request)) {
    return "http.detail.percent_encoding";
  }
  return std::nullopt;
}

}  // namespace bihuan::http
