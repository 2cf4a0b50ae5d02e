// SPDX-License-Identifier: Apache-2.0
#include "api/http/router.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "api/http/target.hpp"

namespace bihuan::http {
namespace {

Response named(std::string name) {
  return {.headers = {{"X-Route", name}}, .body = name};
}

Route route(std::string method, std::string pattern, std::vector<std::string> query = {}) {
  auto const name = method + " " + pattern;
  return {.method = std::move(method),
          .pattern = std::move(pattern),
          .operation = name,
          .query = std::move(query),
          .handler = [name](Request&) { return named(name); }};
}

Router const& router() {
  static Router const table({route("GET", "/"), route("GET", "/cases", {"state", "q"}), route("POST", "/cases"),
                             route("GET", "/cases/{id}"), route("GET", "/cases/search"), route("DELETE", "/cases/{id}"),
                             route("POST", "/cases/{id}/actions/{action}"), route("GET", "/feeds/{token}.ics")});
  return table;
}

struct Outcome {
  int status = 0;
  std::string body;
  Request request;
  Headers headers;
};

Outcome ask(std::string method, std::string_view target) {
  Outcome outcome;
  outcome.request.method = std::move(method);
  auto match = router().match(target, outcome.request);
  auto response = match.answer ? std::move(*match.answer) : router().run(*match.route, outcome.request);
  outcome.status = response.status;
  outcome.body = response.body;
  outcome.headers = response.headers;
  return outcome;
}

}  // namespace

TEST_CASE("a path finds its route, and a literal segment wins over a parameter") {
  struct Case {
    char const* method;
    char const* target;
    char const* route;
  };
  for (auto const& [method, target, expected] : std::initializer_list<Case>{
           {"GET", "/", "GET /"},
           {"GET", "/cases", "GET /cases"},
           {"POST", "/cases", "POST /cases"},
           {"GET", "/cases/7", "GET /cases/{id}"},
           {"GET", "/cases/search", "GET /cases/search"},
           {"DELETE", "/cases/search", "DELETE /cases/{id}"},
           {"HEAD", "/cases/7", "GET /cases/{id}"},
           {"GET", "/feeds/abc.ics", "GET /feeds/{token}.ics"},
           {"GET", "http://host.example/cases?q=1", "GET /cases"},
           {"GET", "/%63ases", "GET /cases"},
       }) {
    CAPTURE(target);
    auto const outcome = ask(method, target);
    CHECK(outcome.status == 200);
    CHECK(outcome.body == expected);
  }
}

TEST_CASE("path and query parameters reach the handler decoded") {
  auto const outcome = ask("POST", "/cases/%E6%A1%88%2F7/actions/claim-done");
  CHECK(outcome.request.path_parameter("id") == "案/7");
  CHECK(outcome.request.path_parameter("action") == "claim-done");
  CHECK(outcome.request.path == "/cases/%E6%A1%88%2F7/actions/claim-done");
  CHECK(ask("GET", "/feeds/abc.ics").request.path_parameter("token") == "abc");

  auto const list = ask("GET", "/cases?q=%E6%B1%A1+%E6%B0%B4&state=");
  CHECK(list.request.query_parameter("q") == "污 水");
  CHECK(list.request.query_parameter("state") == "");
  CHECK(list.request.query_parameter("sort") == std::nullopt);
}

TEST_CASE("what is not there is 404, and what is there by another method is 405 with Allow") {
  for (auto const* target : {"/nothing", "/cases/", "/cases/7/actions", "/feeds/.ics", "/cases/7/8/9/10/11"}) {
    CAPTURE(target);
    CHECK(ask("GET", target).status == 404);
  }
  auto const refused = ask("PUT", "/cases");
  CHECK(refused.status == 405);
  CHECK(refused.headers.find("Allow") == "GET, HEAD, OPTIONS, POST");
  CHECK(nlohmann::json::parse(refused.body)["code"] == "method_not_allowed");

  auto const options = ask("OPTIONS", "/cases/7");
  CHECK(options.status == 204);
  CHECK(options.headers.find("Allow") == "DELETE, GET, HEAD, OPTIONS");
}

TEST_CASE("an unknown or repeated query parameter is refused by name") {
  for (auto const* target : {"/cases?stat=open", "/cases?q=a&q=a", "/cases/7?x", "/cases?q=1&Q=2"}) {
    CAPTURE(target);
    auto const outcome = ask("GET", target);
    CHECK(outcome.status == 400);
    CHECK(nlohmann::json::parse(outcome.body)["code"] == "unknown_parameter");
  }
  CHECK(nlohmann::json::parse(ask("GET", "/cases?stat=open").body)["detail"].get<std::string>().find("stat") !=
        std::string::npos);
}

TEST_CASE("a target that cannot be decoded is refused") {
  for (auto const* target : {"/cases/%", "/cases/%4", "/cases/%zz", "/cases/%00", "/cases/%ff", "/cases/%C0%AF",
                             "/cases/%E6%B0\xbf", "/cases/%ED%A0%80", "/cases//7", "//cases", "/cases/..",
                             "/cases/%2e%2e", "/cases/./7", "/cases?q=%", "/cases?%00=1", "/cases#top", "cases", "*"}) {
    CAPTURE(target);
    CHECK(ask("GET", target).status == 400);
  }
  CHECK(ask("OPTIONS", "*").status == 204);
}

TEST_CASE("the gate answers in place of the handler") {
  Router const gated({route("GET", "/mine")}, [](Request& request, Route const& called) -> std::optional<Response> {
    if (request.headers.contains("Authorization")) {
      request.caller = called.operation;
      return std::nullopt;
    }
    return Response{.status = 401};
  });
  Request request;
  request.method = "GET";
  auto const match = gated.match("/mine", request);
  CHECK(gated.run(*match.route, request).status == 401);
  request.headers.add("authorization", "Bearer x");
  CHECK(gated.run(*match.route, request).status == 200);
  CHECK(std::any_cast<std::string>(request.caller) == "GET /mine");
}

TEST_CASE("a table with a mistake in it does not start") {
  auto const build = [](std::vector<Route> routes) { Router const table(std::move(routes)); };
  CHECK_THROWS_AS(build({route("GET", "/a"), route("GET", "/a")}), std::logic_error);
  CHECK_THROWS_AS(build({route("GET", "a")}), std::logic_error);
  CHECK_THROWS_AS(build({route("GET", "/{}")}), std::logic_error);
  CHECK_THROWS_AS(build({route("GET", "/{id")}), std::logic_error);
  CHECK_THROWS_AS(build({{.method = "GET", .pattern = "/a"}}), std::logic_error);
}

}  // namespace bihuan::http
