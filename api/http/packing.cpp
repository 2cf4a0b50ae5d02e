// SPDX-License-Identifier: Apache-2.0
#include "api/http/packing.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>
#include <string>

namespace bihuan::http {
namespace {

using namespace std::string_view_literals;

constexpr std::array packed_types{"application/json"sv, "application/problem+json"sv, "image/svg+xml"sv, "text/html"sv};

// A deflater costs more to set up than most answers take to pack: each worker keeps its own.
class Deflater {
 public:
  Deflater() {
    constexpr int level = 2;
    constexpr int gzip_window = 15 + 16;
    constexpr int memory = 8;
    if (deflateInit2(&stream_, level, Z_DEFLATED, gzip_window, memory, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc();
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(Deflater const&) = delete;
  Deflater& operator=(Deflater const&) = delete;

  // Empty when that would not make it smaller.
  [[nodiscard]] std::string pack(std::string& plain) {
    deflateReset(&stream_);
    std::string packed(plain.size(), '\0');
    stream_.next_in = reinterpret_cast<Bytef*>(plain.data());
    stream_.avail_in = static_cast<uInt>(plain.size());
    stream_.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream_.avail_out = static_cast<uInt>(packed.size());
    bool const fits = deflate(&stream_, Z_FINISH) == Z_STREAM_END;
    packed.erase(fits ? packed.size() - stream_.avail_out : 0);
    return packed;
  }

 private:
  z_stream stream_{};
};

bool may_be_packed(Response const& response) {
  constexpr std::size_t most = 64U * 1024U * 1024U;
  if (response.source || response.headers.contains("content-encoding")) return false;
  if (response.headers.find("cache-control").value_or("").find("no-store") != std::string_view::npos) return false;
  auto const type = response.headers.find("content-type").value_or("");
  auto const name = type.substr(0, type.find_first_of("; "));
  return response.body.size() >= packed_from && response.body.size() <= most &&
         std::ranges::find(packed_types, name) != packed_types.end();
}

// Two forms of one thing are two entities, and a strong tag names one of them.
void mark_tag(Response& response) {
  auto const tag = response.headers.find("etag");
  if (!tag || tag->size() < 2 || tag->front() != '"' || tag->back() != '"') return;
  auto marked = std::string(tag->substr(0, tag->size() - 1));
  marked.append(packed_mark).append("\"");
  response.headers.set("ETag", marked);
}

}  // namespace

bool accepts(std::string_view header, std::string_view coding) {
  while (!header.empty()) {
    auto part = header.substr(0, header.find(','));
    header.remove_prefix(std::min(header.size(), part.size() + 1));
    auto const start = part.find_first_not_of(" \t");
    part.remove_prefix(std::min(part.size(), start));
    auto const name = part.substr(0, part.find_first_of("; \t"));
    if (!same_name(name, coding)) continue;
    auto const weight = std::min(part.find("q="), part.find("Q="));
    return weight == std::string_view::npos || part.find_first_of("123456789", weight) != std::string_view::npos;
  }
  return false;
}

void pack(Response& response, Request const& request) {
  if (!may_be_packed(response)) return;
  response.headers.add("Vary", "Accept-Encoding");
  if (!accepts(request.headers.find("accept-encoding").value_or(""), "gzip")) return;
  thread_local Deflater deflater;
  auto packed = deflater.pack(response.body);
  if (packed.empty()) return;
  response.body = std::move(packed);
  response.headers.add("Content-Encoding", "gzip");
  mark_tag(response);
}

}  // namespace bihuan::http
