// SPDX-License-Identifier: Apache-2.0
#include "api/http/response_head.hpp"

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <cstdint>

namespace bihuan::http {
namespace {

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_missing(std::string& out, Headers const& headers, std::string_view name, std::string_view value) {
  if (!headers.contains(name)) append_field(out, name, value);
}

// For answers that are data: they run nothing, are framed by nobody, read by no other site, and told to no
// other. A page of ours sets its own.
constexpr Headers::Field protections[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
};

}  // namespace

Framing framing_of(Response const& response, bool http_1_0) {
  if (response.status < 200 || response.status == 204 || response.status == 304) return Framing::none;
  bool const of_known_length = !response.source || response.source_length;
  if (of_known_length && !response.feed) return Framing::length;
  return http_1_0 ? Framing::until_close : Framing::chunked;
}

void append_head(std::string& out, Response const& response, Framing framing, HeadContext const& context) {
  auto const status = static_cast<unsigned>(response.status);
  auto const reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  out.append("HTTP/1.1 ");
  append_number(out, status);
  out.append(" ").append(reason.data(), reason.size()).append("\r\n");
  for (std::size_t index = 0; index < response.headers.size(); ++index) {
    auto const field = response.headers.at(index);
    append_field(out, field.name, field.value);
  }
  if (framing == Framing::length) {
    out.append("Content-Length: ");
    append_number(out, response.source ? *response.source_length : response.body.size());
    out.append("\r\n");
  } else if (framing == Framing::chunked) {
    append_field(out, "Transfer-Encoding", "chunked");
  }
  append_field(out, "Date", context.date);
  if (context.close) {
    append_field(out, "Connection", "close");
  } else if (context.http_1_0) {
    append_field(out, "Connection", "keep-alive");
  }
  append_field(out, "X-Request-Id", context.request_id);
  for (auto const& [name, value] : protections) append_missing(out, response.headers, name, value);
  if (context.secure) append_missing(out, response.headers, "Strict-Transport-Security", "max-age=31536000");
  out.append("\r\n");
}

bool well_formed(Headers const& headers) {
  auto const on_one_line = [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F); };
  for (std::size_t index = 0; index < headers.size(); ++index) {
    auto const [name, value] = headers.at(index);
    if (name.empty() || name.find_first_of(" \t:") != std::string_view::npos) return false;
    if (!std::ranges::all_of(name, on_one_line) || !std::ranges::all_of(value, on_one_line)) return false;
  }
  return true;
}

}  // namespace bihuan::http
