// SPDX-License-Identifier: Apache-2.0
#include "api/http/page.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "api/http/packing.hpp"

namespace bihuan::http {
namespace {

using namespace std::string_view_literals;

// Under these an address that is not known is a mistake, and HTML would hide it.
constexpr std::array other_rooms{"api"sv, "problems"sv, "livez"sv, "readyz"sv, "metrics"sv, "assets"sv};

Response answer_with(PageFile const& file, Request const& request) {
  Response response;
  auto const etag = "\"" + std::string(file.hash.substr(0, 32)) + "\"";
  response.headers.add("ETag", etag);
  response.headers.add("Vary", "Accept-Encoding");
  response.headers.add("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.add("Content-Security-Policy",
                       "default-src 'self'; img-src 'self' blob: data:; base-uri 'none'; form-action 'self'; "
                       "frame-ancestors 'none'");
  response.headers.add("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()");
  auto const known = request.headers.find("if-none-match");
  if (known && known->find(etag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  response.headers.add("Content-Type", file.type);
  auto const codings = request.headers.find("accept-encoding").value_or("");
  if (!file.br.empty() && accepts(codings, "br")) {
    response.headers.add("Content-Encoding", "br");
    response.body = file.br;
  } else if (!file.gzip.empty() && accepts(codings, "gzip")) {
    response.headers.add("Content-Encoding", "gzip");
    response.body = file.gzip;
  } else {
    response.body = file.plain;
  }
  return response;
}

}  // namespace

std::optional<Response> Page::answer(Request const& request) const {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  auto file = std::ranges::find(files_, std::string_view(request.path), &PageFile::path);
  if (file == files_.end()) {
    bool const elsewhere =
        !request.segments.empty() && (std::ranges::find(other_rooms, request.segments.front()) != other_rooms.end() ||
                                      request.segments.back().find('.') != std::string::npos);
    if (elsewhere) return std::nullopt;
    file = std::ranges::find(files_, "/index.html"sv, &PageFile::path);
  }
  if (file == files_.end()) return std::nullopt;
  return answer_with(*file, request);
}

}  // namespace bihuan::http
