// SPDX-License-Identifier: Apache-2.0
#include "api/http/page.hpp"

#include <doctest/doctest.h>

#include "api/http/router.hpp"

namespace bihuan::http {
namespace {

Router const& router() {
  static Page const page({{"/index.html", "text/html; charset=utf-8", "00", false, "<html>", "packed html", {}},
                          {"/assets/app-1.js", "text/javascript", "11", true, "code();", "packed code", "br code"},
                          {"/icon.png", "image/png", "22", false, "picture", {}, {}}});
  static Router const table(
      {{.method = "GET", .pattern = "/api/v1/cases", .handler = [](Request&) { return Response{}; }}}, {},
      [](Request const& request) { return page.answer(request); });
  return table;
}

Response ask(std::string method, std::string_view target, Headers headers = {}) {
  Request request;
  request.method = std::move(method);
  request.headers = std::move(headers);
  auto match = router().match(target, request);
  return match.answer ? std::move(*match.answer) : router().run(*match.route, request);
}

}  // namespace

TEST_CASE("the page has its files, and its first file for addresses of its own; the API's stay the API's") {
  struct Row {
    char const* target;
    int status;
    char const* body;
  };
  for (auto const& [target, status, body] :
       {Row{"/", 200, "<html>"}, Row{"/cases/019a-7", 200, "<html>"}, Row{"/ledger?light=red", 200, "<html>"},
        Row{"/assets/app-1.js", 200, "code();"}, Row{"/icon.png", 200, "picture"}}) {
    CAPTURE(target);
    auto const answer = ask("GET", target);
    CHECK(answer.status == status);
    CHECK(answer.body == body);
  }
  for (auto const* const target :
       {"/assets/app-0.js", "/api/v1/nothing", "/api", "/problems", "/metrics/x", "/old.png"}) {
    CAPTURE(target);
    CHECK(ask("GET", target).status == 404);
  }
  CHECK(ask("POST", "/").status == 404);
  CHECK(ask("HEAD", "/").status == 200);
}

TEST_CASE("what never changes is kept for a year, the rest is asked for again, and a known copy is not sent twice") {
  auto const asset = ask("GET", "/assets/app-1.js");
  CHECK(asset.headers.find("Cache-Control") == "public, max-age=31536000, immutable");
  auto const first = ask("GET", "/");
  CHECK(first.headers.find("Cache-Control") == "no-cache");
  REQUIRE(first.headers.find("ETag"));
  auto const again = ask("GET", "/", {{"If-None-Match", *first.headers.find("ETag")}});
  CHECK(again.status == 304);
  CHECK(again.body.empty());
  CHECK(ask("GET", "/", {{"If-None-Match", "\"other\""}}).status == 200);
}

TEST_CASE("the smallest form that the client takes is sent") {
  struct Row {
    char const* accepts;
    char const* body;
  };
  for (auto const& [accepts, body] :
       {Row{"gzip, deflate, br", "br code"}, Row{"gzip", "packed code"}, Row{"br;q=0, gzip;q=0.5", "packed code"},
        Row{"br;q=0", "code();"}, Row{"identity", "code();"}, Row{"BR", "br code"}}) {
    CAPTURE(accepts);
    auto const answer = ask("GET", "/assets/app-1.js", {{"Accept-Encoding", accepts}});
    CHECK(answer.body == body);
    CHECK(answer.headers.contains("Content-Encoding") == (answer.body != "code();"));
  }
  CHECK(ask("GET", "/", {{"Accept-Encoding", "br"}}).body == "<html>");
}

}  // namespace bihuan::http
