// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/core/result.hpp"
#include "tests/api/contract.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Json resolved(Json const& parameter) {
  if (!parameter.contains("$ref")) return parameter;
  return contract().at(Json::json_pointer(parameter.at("$ref").get<std::string>().substr(1)));
}

std::set<std::string> parameters_in(Json const& operation, std::string const& where) {
  std::set<std::string> names;
  for (auto const& parameter : operation.value("parameters", Json::array())) {
    auto const whole = resolved(parameter);
    if (whole.at("in") == where) names.insert(whole.at("name").get<std::string>());
  }
  return names;
}

std::set<std::string> names_in_pattern(std::string const& pattern) {
  std::set<std::string> names;
  for (auto open = pattern.find('{'); open != std::string::npos; open = pattern.find('{', open + 1)) {
    names.insert(pattern.substr(open + 1, pattern.find('}', open) - open - 1));
  }
  return names;
}

}  // namespace

TEST_CASE("every route is an operation of the contract, and every operation a route") {
  District district;
  std::set<std::string> routed;
  for (auto const& route : district.router().routes()) {
    CAPTURE(route.method);
    CAPTURE(route.pattern);
    routed.insert(lower(route.method) + " " + route.pattern);
    auto const& paths = contract().at("paths");
    REQUIRE(paths.contains(route.pattern));
    REQUIRE(paths.at(route.pattern).contains(lower(route.method)));
    auto const& operation = paths.at(route.pattern).at(lower(route.method));
    CHECK(operation.at("operationId") == route.operation);
    CHECK(parameters_in(operation, "query") == std::set<std::string>(route.query.begin(), route.query.end()));
    CHECK(parameters_in(operation, "path") == names_in_pattern(route.pattern));
    CHECK(operation.contains("requestBody") == (route.body != http::Body::none));
    bool const open = operation.value("security", Json(nullptr)) == Json::array();
    CHECK(open == (route.access.who == http::Access::Who::anyone));
    bool const keyed = operation.value("security", Json(nullptr)).dump().find("api_key") != std::string::npos;
    CHECK(keyed == (route.access.who == http::Access::Who::by_key));
  }
  for (auto const& [path, methods] : contract().at("paths").items()) {
    for (auto const& [method, operation] : methods.items()) CHECK(routed.contains(method + " " + path));
  }
}

TEST_CASE("the contract is served as it lies in the repository, to anybody") {
  District district;
  auto const answer = district.get("/api/v1/openapi.json", "");
  CHECK(answer.status == 200);
  CHECK(answer.header("Content-Type") == "application/json");
  CHECK(json_of(answer) == contract());
}

TEST_CASE("answers have the shapes that the contract gives") {
  District district;
  auto const issue = district.open_issue();
  auto const referral = district.open_referral();
  struct Expected {
    std::string target;
    std::string by;
    std::string schema;
  };
  std::vector<Expected> const table{
      {"/livez", "", "Status"},
      {"/readyz", "", "Status"},
      {"/problems/stale_version", "", "ProblemType"},
      {"/api/v1/me", "inspector", "Person"},
      {"/api/v1/units", "inspector", "UnitPage"},
      {"/api/v1/workflows", "inspector", "WorkflowPage"},
      {"/api/v1/workflows/inspection-issue", "inspector", "Workflow"},
      {"/api/v1/workflows/criminal-referral", "inspector", "Workflow"},
      {"/api/v1/cases", "supervisor", "CasePage"},
      {"/api/v1/cases/" + issue, "inspector", "Case"},
      {"/api/v1/cases/" + issue, "township-head", "Case"},
      {"/api/v1/cases/" + referral, "ecology", "Case"},
      {"/api/v1/cases/" + issue + "/history", "inspector", "EventPage"},
      {"/api/v1/cases/" + referral + "/history", "ecology", "EventPage"},
      {"/api/v1/cases/" + issue + "/deadlines/report/explanation", "inspector", "Explanation"},
      {"/api/v1/cases/" + issue + "/papers", "inspector", "PaperPage"},
      {"/api/v1/cases/" + issue + "/papers", "supervisor", "PaperPage"},
      {"/api/v1/worklist", "inspector", "CasePage"},
      {"/api/v1/reports/summary?by=unit", "supervisor", "Summary"},
      {"/api/v1/reports/summary?by=state", "supervisor", "Summary"},
      {"/api/v1/reports/reached/inspection-issue", "supervisor", "Reached"},
      {"/api/v1/reports/summary?by=workflow", "supervisor", "Summary"},
      {"/api/v1/reports/summary?by=category&workflow=inspection-issue", "supervisor", "Summary"},
  };
  for (auto const& [target, by, schema] : table) {
    CAPTURE(target);
    auto const answer = district.get(target, by);
    REQUIRE(answer.status == 200);
    CHECK(departures(json_of(answer), schema) == std::vector<std::string>{});
  }
  auto const refused = district.act(issue, "report", "township-head");
  CHECK(refused.status == 422);
  CHECK(departures(json_of(refused), "Problem") == std::vector<std::string>{});
}

TEST_CASE("the contract's own examples have the shapes it gives") {
  CHECK(departures({{"zh", "一"}}, "Text") == std::vector<std::string>{" lacks \"en\""});
  for (auto const& [path, methods] : contract().at("paths").items()) {
    for (auto const& [method, operation] : methods.items()) {
      for (auto const& [status, response] : operation.at("responses").items()) {
        if (!response.contains("content")) continue;
        for (auto const& [type, content] : response.at("content").items()) {
          if (!content.contains("example")) continue;
          CAPTURE(path);
          auto const reference = content.at("schema").at("$ref").get<std::string>();
          CHECK(departures(content.at("example"), reference.substr(reference.rfind('/') + 1)) ==
                std::vector<std::string>{});
        }
      }
    }
  }
}

TEST_CASE("the type of every problem leads to what it means") {
  District district;
  for (auto const code : all_codes()) {
    auto const answer = district.get("/problems/" + std::string(code_name(code)), "");
    CAPTURE(code_name(code));
    CHECK(answer.status == 200);
    CHECK_FALSE(json_of(answer).at("meaning").at("zh").get<std::string>().empty());
  }
  for (auto const* const name :
       {"malformed_request", "method_not_allowed", "request_timeout", "internal_error", "unsupported_media_type",
        "expectation_unsupported", "header_too_large", "version_unsupported"}) {
    CAPTURE(name);
    CHECK(district.get("/problems/" + std::string(name), "").status == 200);
  }
  CHECK(district.get("/problems/no_such_code", "").status == 404);
}
