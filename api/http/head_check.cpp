// SPDX-License-Identifier: Apache-2.0
#include "api/http/head_check.hpp"

#include <algorithm>

#include "api/http/message.hpp"

namespace bihuan::http {
namespace {

struct Counted {
  std::size_t fields = 0;
  int hosts = 0;
  int lengths = 0;
  int encodings = 0;
};

std::string_view trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_host(std::string_view value) {
  return std::ranges::all_of(value, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("-._~:[]%").find(c) != std::string_view::npos;
  });
}

bool is_digits(std::string_view value) {
  return !value.empty() && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<HeadFault> fault(std::string_view key, int status = 400) {
  return HeadFault{.status = status, .key = key};
}

std::optional<HeadFault> check_field(std::string_view line, Counted& counted) {
  if (line.front() == ' ' || line.front() == '\t') return fault("http.detail.folded");
  auto const colon = line.find(':');
  if (colon == std::string_view::npos) return fault("http.detail.field");
  auto const name = line.substr(0, colon);
  auto const value = trimmed(line.substr(colon + 1));
  if (same_name(name, "host")) {
    if (++counted.hosts > 1 || !is_host(value)) return fault("http.detail.host");
  } else if (same_name(name, "content-length")) {
    if (++counted.lengths > 1 || !is_digits(value)) return fault("http.detail.content_length");
  } else if (same_name(name, "transfer-encoding")) {
    if (++counted.encodings > 1 || !same_name(value, "chunked")) return fault("http.detail.transfer_encoding");
  }
  return std::nullopt;
}

}  // namespace

HeadScan scan_head(std::string_view bytes, std::size_t scanned) {
  while (true) {
    auto const newline = bytes.find('\n', scanned);
    if (newline == std::string_view::npos) return {.scanned = bytes.size()};
    if (newline == 0 || bytes[newline - 1] != '\r') return {.bare_newline = true};
    if (newline >= 3 && bytes[newline - 2] == '\n') return {.length = newline + 1};
    scanned = newline + 1;
  }
}

std::optional<HeadFault> check_head(std::string_view head, std::size_t field_limit) {
  auto const next_line = [&] {
    auto const line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    return line;
  };
  auto const request_line = next_line();
  // Everything but printable ASCII must be percent-encoded (RFC 3986).
  auto const printable = [](char c) { return c >= 0x20 && c < 0x7F; };
  if (!std::ranges::all_of(request_line, printable)) return fault("http.detail.target_bytes");
  bool const old = request_line.ends_with(" HTTP/1.0");
  if (!old && !request_line.ends_with(" HTTP/1.1")) {
    bool const other_version = request_line.find(" HTTP/") != std::string_view::npos;
    return other_version ? fault("http.detail.version", 505) : fault("http.detail.request_line");
  }

  Counted counted;
  for (auto line = next_line(); !line.empty(); line = next_line()) {
    if (++counted.fields > field_limit) return fault("http.detail.fields", 431);
    if (auto found = check_field(line, counted)) return found;
  }
  if (!old && counted.hosts == 0) return fault("http.detail.host");
  if (counted.encodings > 0 && (old || counted.lengths > 0)) return fault("http.detail.transfer_encoding");
  return std::nullopt;
}

}  // namespace bihuan::http
