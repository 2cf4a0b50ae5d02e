// SPDX-License-Identifier: Apache-2.0
#include "api/http/problem.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "engine/core/message.hpp"

namespace bihuan::http {
namespace {

Request asking_in(std::string_view languages) {
  Request request;
  request.path = "/api/v1/cases/7";
  request.request_id = "r-1";
  if (!languages.empty()) request.headers.add("Accept-Language", languages);
  return request;
}

}  // namespace

TEST_CASE("every code is answered with a status of its kind") {
  std::set<int> const served{400, 401, 403, 404, 409, 412, 413, 422, 428, 429, 503};
  for (auto const code : all_codes()) {
    CAPTURE(code_name(code));
    CHECK(served.contains(status_of(code)));
  }
  CHECK(status_of(Code::malformed_json) == 400);
  CHECK(status_of(Code::wrong_type) == 422);
  CHECK(status_of(Code::not_found) == 404);
  CHECK(status_of(Code::not_your_part) == 403);
  CHECK(status_of(Code::not_from_this_state) == 409);
  CHECK(status_of(Code::stale_version) == 412);
  CHECK(status_of(Code::version_required) == 428);
  CHECK(status_of(Code::key_reused) == 422);
  CHECK(status_of(Code::not_signed_in) == 401);
  CHECK(status_of(Code::busy) == 503);
}

TEST_CASE("a problem names code, place, remedy and source, and the first refusal decides its status") {
  auto first =
      refusal(Code::not_from_this_state, "/action", {{"action", "结案"}, {"state", "整改中"}, {"states", "复核"}});
  first.sources.push_back({.id = "w17-5", .source = "Measures", .article = "5", .verified = true});
  auto const second = refusal(Code::missing, "/input/reason", {{"name", "reason"}});
  auto const response = problem(Refusals{first, second}, asking_in(""));
  CHECK(response.status == 409);
  CHECK(response.headers.find("content-type") == "application/problem+json");
  auto const body = nlohmann::json::parse(response.body);
  CHECK(body["type"] == "/problems/not_from_this_state");
  CHECK(body["status"] == 409);
  CHECK(body["instance"] == "/api/v1/cases/7");
  CHECK(body["request_id"] == "r-1");
  CHECK(body["detail"] == first.text.zh);
  REQUIRE(body["errors"].size() == 2);
  CHECK(body["errors"][0]["message"]["en"] == first.text.en);
  CHECK(body["errors"][0]["remedy"]["zh"] == first.remedy.zh);
  CHECK(body["errors"][0]["sources"][0]["article"] == "5");
  CHECK(body["errors"][1]["pointer"] == "/input/reason");
  CHECK(body["errors"][1]["remedy"].is_null());
}

TEST_CASE("the language follows Accept-Language, Chinese where it names neither") {
  struct Case {
    char const* header;
    bool english;
  };
  for (auto const& [header, english] : std::initializer_list<Case>{{"", false},
                                                                   {"en", true},
                                                                   {"en-GB,en;q=0.9", true},
                                                                   {"zh-CN,zh;q=0.9,en;q=0.8", false},
                                                                   {"fr, en;q=0.5, zh;q=0.4", true},
                                                                   {"fr", false},
                                                                   {"en;q=0", false},
                                                                   {";;,q=,e", false}}) {
    CAPTURE(header);
    CHECK(prefers_english(asking_in(header)) == english);
  }
  auto const body = nlohmann::json::parse(problem(refusal(Code::not_found, ""), asking_in("en")).body);
  CHECK(body["title"] == "Not found");
}

TEST_CASE("a refusal that quotes ill-formed text is still answered") {
  auto const response = problem(refusal(Code::unknown_field, "", {{"name", "\xff\xfe"}}), asking_in(""));
  CHECK(nlohmann::json::parse(response.body)["code"] == "unknown_field");
}

TEST_CASE("answers for want of room or of a store ask to come back") {
  CHECK(busy_problem(asking_in("")).headers.find("Retry-After") == "1");
  CHECK(busy_problem(asking_in("")).status == 503);
}

}  // namespace bihuan::http
