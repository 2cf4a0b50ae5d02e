// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "engine/store/chain.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

std::string bytes_of_size(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t index = 0; index < size; ++index) bytes[index] = static_cast<char>(index * 31 % 251);
  return bytes;
}

Answer upload(District const& district, std::string const& bytes, std::string const& by,
              std::string const& fields = "Content-Type: image/jpeg\r\nX-File-Name: %E7%85%A7%E7%89%87.jpg\r\n") {
  return district.ask(
      {.method = "POST", .target = "/api/v1/attachments", .by = by, .body = bytes, .fields = fields, .json = false});
}

std::string address_of(std::string const& sha256) {
  return "/api/v1/attachments/" + sha256;
}

}  // namespace

TEST_CASE("what is uploaded comes back the same, under its name") {
  District district;
  // Larger than one piece of a body and one chunk of a store.
  auto const bytes = bytes_of_size(3'000'001);
  auto const kept = upload(district, bytes, "inspector");
  REQUIRE(kept.status == 201);
  auto const sha256 = hash_of(bytes);
  CHECK(json_of(kept) ==
        Json{{"sha256", sha256}, {"size", bytes.size()}, {"type", "image/jpeg"}, {"name", "照片.jpg"}});
  CHECK(kept.header("Location") == address_of(sha256));
  auto const got = district.get(address_of(sha256), "inspector");
  CHECK(got.status == 200);
  CHECK(got.body == bytes);
  CHECK(got.header("Content-Type") == "image/jpeg");
  CHECK(got.header("Content-Disposition") == "attachment; filename*=UTF-8''%E7%85%A7%E7%89%87.jpg");
  CHECK(got.header("X-Content-Type-Options") == "nosniff");
  CHECK(got.header("ETag") == '"' + sha256 + '"');
  CHECK(district.get(address_of(sha256), "inspector", "If-None-Match: \"" + sha256 + "\"\r\n").status == 304);
  auto const head = district.ask({.method = "HEAD", .target = address_of(sha256), .by = "inspector"});
  CHECK(head.status == 200);
  CHECK(head.header("Content-Length") == std::to_string(bytes.size()));
}

TEST_CASE("a document is for who uploaded it, until a case carries it to those who see the case") {
  District district;
  auto const bytes = bytes_of_size(1000);
  auto const sha256 = hash_of(bytes);
  REQUIRE(upload(district, bytes, "inspector").status == 201);
  CHECK(district.get(address_of(sha256), "supervisor").status == 404);
  auto const id = district.open_issue();
  // Somebody else's upload cannot be attached, and the answer does not say that it is there.
  auto const stolen = district.act(id, "attach", "township-head", {{"documents", {{"site-photo", {sha256}}}}});
  CHECK(code_of(stolen) == "document_unknown");
  auto const attached = district.act(id, "attach", "inspector", {{"documents", {{"site-photo", {sha256}}}}});
  REQUIRE(attached.status == 200);
  CHECK(json_of(attached).at("documents").at("site-photo").at(0) ==
        Json{{"sha256", sha256}, {"name", "照片.jpg"}, {"type", "image/jpeg"}, {"size", 1000}});
  CHECK(district.get(address_of(sha256), "supervisor").body == bytes);
  CHECK(district.get(address_of(sha256), "police").status == 404);
}

TEST_CASE("an unknown document, a hidden one and what is no hash answer alike") {
  District district;
  auto const bytes = bytes_of_size(10);
  REQUIRE(upload(district, bytes, "inspector").status == 201);
  for (auto const& name : {hash_of(bytes), std::string(64, 'b'), std::string("..%2f..%2fetc"), std::string("ABC")}) {
    CAPTURE(name);
    auto const answer = district.get(address_of(name), "water");
    CHECK(answer.status == 404);
    CHECK(code_of(answer) == "not_found");
  }
}

TEST_CASE("what a browser could run is served as bytes") {
  District district;
  for (auto const* const type : {"text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript",
                                 "application/x-msdownload", "text/xml"}) {
    CAPTURE(type);
    auto const bytes = std::string("<script>alert(1)</script> ") + type;
    REQUIRE(
        upload(district, bytes, "inspector", "Content-Type: " + std::string(type) + "\r\nX-File-Name: page.html\r\n")
            .status == 201);
    auto const got = district.get(address_of(hash_of(bytes)), "inspector");
    CHECK(got.header("Content-Type") == "application/octet-stream");
    CHECK(got.header("Content-Disposition").value().starts_with("attachment"));
  }
}

TEST_CASE("an upload must say what it is and what it is called") {
  District district;
  struct Sent {
    std::string fields;
    std::string pointer;
  };
  std::string const jpeg = "Content-Type: image/jpeg\r\n";
  std::vector<Sent> const table{{"X-File-Name: a.jpg\r\n", "/header/Content-Type"},
                                {"Content-Type: picture\r\nX-File-Name: a.jpg\r\n", "/header/Content-Type"},
                                {"Content-Type: image/\r\nX-File-Name: a.jpg\r\n", "/header/Content-Type"},
                                {jpeg, "/header/X-File-Name"},
                                {jpeg + "X-File-Name: %2Fetc%2Fpasswd\r\n", "/header/X-File-Name"},
                                {jpeg + "X-File-Name: ..%5Ca.jpg\r\n", "/header/X-File-Name"},
                                {jpeg + "X-File-Name: a%0d%0aSet-Cookie:x\r\n", "/header/X-File-Name"},
                                {jpeg + "X-File-Name: %ff.jpg\r\n", "/header/X-File-Name"},
                                {jpeg + "X-File-Name: %4\r\n", "/header/X-File-Name"},
                                {jpeg + "X-File-Name: " + std::string(256, 'a') + "\r\n", "/header/X-File-Name"}};
  for (auto const& [fields, pointer] : table) {
    CAPTURE(fields);
    auto const answer = upload(district, "bytes", "inspector", fields);
    CHECK(answer.status == 400);
    CHECK(json_of(answer).at("errors").at(0).at("pointer") == pointer);
  }
  CHECK(upload(district, "bytes", "").status == 401);
}

TEST_CASE("an upload over the limit, or broken off, leaves nothing") {
  District district;
  auto const head = "POST /api/v1/attachments HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " +
                    district.token_of("inspector") + "\r\nContent-Type: image/jpeg\r\nX-File-Name: a.jpg\r\n";
  {
    Client client(district.port());
    client.send(head + "Content-Length: 209715201\r\n\r\n");
    CHECK(client.read().value().status == 413);
  }
  auto const half = bytes_of_size(200'000);
  {
    Client client(district.port());
    client.send(head + "Content-Length: 400000\r\n\r\n" + half);
    client.finish_sending();
    (void)client.read();
  }
  CHECK(district.get(address_of(hash_of(half)), "inspector").status == 404);
}
