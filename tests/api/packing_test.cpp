// SPDX-License-Identifier: Apache-2.0
#include "api/http/packing.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <string>

#include "api/http/router.hpp"

namespace bihuan::http {
namespace {

std::string unpacked(std::string packed) {
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  std::string plain(1U << 20U, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  plain.resize(stream.total_out);
  inflateEnd(&stream);
  return plain;
}

Response answer_with(std::string body, std::string_view type = "application/json") {
  Response response;
  response.headers.add("Content-Type", type);
  response.headers.add("ETag", "\"7\"");
  response.body = std::move(body);
  return response;
}

std::string const& long_body() {
  static std::string const body = [] {
    std::string text = "[";
    for (int number = 0; number < 500; ++number)
      text += "{\"state\":\"整改中\",\"number\":" + std::to_string(number) + "},";
    return text + "0]";
  }();
  return body;
}

Response packed(Response response, std::string_view codings) {
  Request request;
  if (!codings.empty()) request.headers.add("Accept-Encoding", codings);
  pack(response, request);
  return response;
}

}  // namespace

TEST_CASE("a long answer is packed for who takes gzip, and for nobody else") {
  struct Row {
    char const* codings;
    bool packs;
  };
  for (auto const& [codings, packs] :
       {Row{"gzip", true}, Row{"br, gzip;q=0.5", true}, Row{"deflate,\tGZIP", true}, Row{"gzip;q=0", false},
        Row{"gzip; q=0.000", false}, Row{"gzip;Q=0", false}, Row{"br", false}, Row{"", false}, Row{"xgzip", false}}) {
    CAPTURE(codings);
    auto const answer = packed(answer_with(long_body()), codings);
    CHECK(answer.headers.find("Vary") == "Accept-Encoding");
    CHECK(answer.headers.contains("Content-Encoding") == packs);
    CHECK(answer.headers.find("ETag") == (packs ? "\"7-gzip\"" : "\"7\""));
    CHECK((packs ? unpacked(answer.body) : answer.body) == long_body());
    if (packs) CHECK(answer.body.size() * 5 < long_body().size());
  }
}

TEST_CASE("one deflater packs one answer after the other") {
  for (int round = 0; round < 3; ++round) {
    auto const body = long_body() + std::string(static_cast<std::size_t>(round) * 1000, 'x');
    CHECK(unpacked(packed(answer_with(body), "gzip").body) == body);
  }
}

TEST_CASE("what is short, a stream, packed already, no text, or kept by nobody goes as it is") {
  CHECK_FALSE(packed(answer_with(std::string(packed_from - 1, 'a')), "gzip").headers.contains("Content-Encoding"));
  CHECK(packed(answer_with(std::string(packed_from, 'a')), "gzip").headers.contains("Content-Encoding"));
  CHECK_FALSE(packed(answer_with(long_body(), "image/jpeg"), "gzip").headers.contains("Content-Encoding"));
  auto secret = answer_with(long_body());
  secret.headers.add("Cache-Control", "no-store");
  CHECK_FALSE(packed(std::move(secret), "gzip").headers.contains("Content-Encoding"));
  auto once = answer_with(long_body());
  once.headers.add("Content-Encoding", "br");
  CHECK(packed(std::move(once), "gzip").body == long_body());
  auto stream = answer_with({});
  stream.source = [](std::span<char>) { return std::size_t{0}; };
  CHECK_FALSE(packed(std::move(stream), "gzip").headers.contains("Content-Encoding"));
}

TEST_CASE("the router packs what handlers answer") {
  Router const router(
      {{.method = "GET", .pattern = "/a", .handler = [](Request&) { return answer_with(long_body()); }}});
  Request request;
  request.method = "GET";
  request.headers.add("Accept-Encoding", "gzip");
  auto const match = router.match("/a", request);
  REQUIRE(match.route != nullptr);
  CHECK(unpacked(router.run(*match.route, request).body) == long_body());
}

}  // namespace bihuan::http
