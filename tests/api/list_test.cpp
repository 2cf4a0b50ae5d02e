// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

std::vector<std::string> ids_of(Answer const& answer) {
  std::vector<std::string> ids;
  auto const page = json_of(answer);
  for (auto const& item : page.at("items")) ids.push_back(item.at("id").get<std::string>());
  return ids;
}

std::string next_target(Answer const& answer) {
  auto const link = answer.header("Link");
  if (!link) return {};
  CHECK(link->ends_with(">; rel=\"next\""));
  return link->substr(1, link->find('>') - 1);
}

constexpr std::chrono::hours day{24};

}  // namespace

TEST_CASE("paging through a list shows each case once, also while new ones are opened") {
  District district;
  std::set<std::string> opened;
  for (int number = 0; number < 120; ++number) {
    // Several in the same second, so that the order does not rest on the time alone.
    if (number % 7 == 0) district.move_clock(std::chrono::seconds(1));
    opened.insert(district.open_issue("问题 " + std::to_string(number)));
  }
  for (std::string const sort : {"-opened", "opened", "due", "-changed"}) {
    CAPTURE(sort);
    std::map<std::string, int> seen;
    std::string target = "/api/v1/cases?workflow=inspection-issue&limit=25&sort=" + sort;
    int pages = 0;
    while (!target.empty()) {
      auto const page = district.get(target, "supervisor");
      REQUIRE(page.status == 200);
      for (auto const& id : ids_of(page)) ++seen[id];
      target = next_target(page);
      CHECK(target.empty() == json_of(page).at("next_cursor").is_null());
      if (++pages == 2 && sort == "-opened") (void)district.open_issue("新来的");
      REQUIRE(pages < 10);
    }
    for (auto const& id : opened) CHECK(seen[id] == 1);
  }
}

TEST_CASE("the red list holds what is overdue, soonest due first") {
  District district;
  std::vector<std::string> opened;
  for (int number = 0; number < 3; ++number) {
    opened.push_back(district.open_issue("第 " + std::to_string(number) + " 个"));
    district.move_clock(day);
  }
  CHECK(ids_of(district.get("/api/v1/cases?light=red", "supervisor")).empty());
  district.move_clock(14 * day);
  auto const fresh = district.open_issue("还早");
  auto const red = district.get("/api/v1/cases?light=red", "supervisor");
  CHECK(ids_of(red) == opened);
  auto const items = json_of(red).at("items");
  CHECK(items.at(0).at("light") == "red");
  CHECK(items.at(0).at("deadlines").at(0).at("due") == "2026-03-09T23:59:59+08:00");
  CHECK(ids_of(district.get("/api/v1/cases?light=red&unit=lijiatuo", "supervisor")) == opened);
  CHECK(ids_of(district.get("/api/v1/cases?light=red&unit=water", "supervisor")).empty());
  CHECK(ids_of(district.get("/api/v1/cases?light=green", "supervisor")) == std::vector{fresh});
  // The + of the offset as people paste it.
  CHECK(ids_of(district.get("/api/v1/cases?due_before=2026-03-11T00:00:00+08:00&sort=due", "supervisor")) ==
        std::vector{opened[0], opened[1]});
  CHECK(ids_of(district.get("/api/v1/cases?due_before=2026-03-11&sort=due", "supervisor")) ==
        std::vector{opened[0], opened[1]});
}

TEST_CASE("filters narrow the list") {
  District district;
  auto const water = district.open_issue("花溪河雨水口污水");
  auto const other = district.open_issue("工地扬尘");
  REQUIRE(
      district
          .post("/api/v1/cases", "ecology", {{"workflow", "inspection-issue"}, {"fields", {{"problem", "噪声扰民"}}}})
          .status == 201);
  struct Filter {
    std::string query;
    std::string by;
    std::size_t count;
  };
  std::vector<Filter> const table{{"", "supervisor", 3},
                                  {"?workflow=inspection-issue", "supervisor", 3},
                                  {"?workflow=criminal-referral", "supervisor", 0},
                                  {"?state=found", "supervisor", 3},
                                  {"?state=reported,rectifying", "supervisor", 0},
                                  {"?state=reported,found", "supervisor", 3},
                                  {"?unit=lijiatuo", "supervisor", 2},
                                  {"?opener=me", "supervisor", 0},
                                  {"?opener=me", "inspector", 2},
                                  {"?final=true", "supervisor", 0},
                                  {"?final=false", "supervisor", 3},
                                  {"?q=%E6%B1%A1%E6%B0%B4", "supervisor", 1},
                                  {"?q=bn-wt-2026-000002", "supervisor", 1},
                                  {"?opened_from=2026-03-02&opened_to=2026-03-03", "supervisor", 3},
                                  {"?opened_from=2026-03-03", "supervisor", 0},
                                  {"?limit=1", "supervisor", 1}};
  for (auto const& [query, by, count] : table) {
    CAPTURE(query);
    auto const answer = district.get("/api/v1/cases" + query, by);
    CHECK(answer.status == 200);
    CHECK(ids_of(answer).size() == count);
  }
  CHECK(ids_of(district.get("/api/v1/cases?q=%E6%89%AC%E5%B0%98", "supervisor")) == std::vector{other});
  CHECK(ids_of(district.get("/api/v1/cases?q=%E6%B1%A1%E6%B0%B4", "supervisor")) == std::vector{water});
}

TEST_CASE("a case is found by its words, however a keyboard composes them") {
  District district;
  auto const opened = district.open_issue("Cafe\u0301 排污口");
  CHECK(json_of(district.get("/api/v1/cases/" + opened, "inspector")).at("title") == "Caf\u00E9 排污口");
  CHECK(ids_of(district.get("/api/v1/cases?q=Caf%C3%A9", "supervisor")) == std::vector{opened});
  CHECK(ids_of(district.get("/api/v1/cases?q=Cafe%CC%81", "supervisor")) == std::vector{opened});
}

TEST_CASE("cases are found by where they are, nearest first, and by how far they have come") {
  District district;
  auto const open_at = [&district](double latitude, double longitude) {
    Json const fields{{"problem", "污水"}, {"place", {{"latitude", latitude}, {"longitude", longitude}}}};
    auto const opened =
        district.post("/api/v1/cases", "inspector", {{"workflow", "inspection-issue"}, {"fields", fields}});
    REQUIRE(opened.status == 201);
    return json_of(opened).at("id").get<std::string>();
  };
  auto const far = open_at(29.41, 106.5);
  auto const close = open_at(29.4, 106.5001);
  (void)district.open_issue("没有位置");
  CHECK(ids_of(district.get("/api/v1/cases?near=29.4,106.5,2000", "supervisor")) == std::vector{close, far});
  CHECK(ids_of(district.get("/api/v1/cases?near=29.4,106.5,50&light=green", "supervisor")) == std::vector{close});
  CHECK(ids_of(district.get("/api/v1/cases?near=29.4,106.5,2000", "water")).empty());
  CHECK(ids_of(district.get("/api/v1/cases?reached=found", "supervisor")).size() == 3);
  CHECK(ids_of(district.get("/api/v1/cases?workflow=inspection-issue&reached=rectifying", "supervisor")).empty());
  auto const reached = json_of(district.get("/api/v1/reports/reached/inspection-issue", "supervisor"));
  CHECK(reached.at("rows").at(0) ==
        Json{{"key", "found"}, {"title", {{"zh", "已发现"}, {"en", "Found"}}}, {"cases", 3}});
  CHECK(reached.at("rows").at(1).at("cases") == 0);
  CHECK(json_of(district.get("/api/v1/reports/reached/inspection-issue", "water")).at("rows").at(0).at("cases") == 0);
  CHECK(district.get("/api/v1/reports/reached/no-such", "supervisor").status == 404);
}

TEST_CASE("a parameter that is unknown or wrong is refused by its name") {
  District district;
  struct Sent {
    std::string target;
    std::string code;
    std::string pointer;
  };
  std::vector<Sent> const table{{"/api/v1/cases?colour=red", "unknown_parameter", ""},
                                {"/api/v1/cases?light=red&light=green", "unknown_parameter", ""},
                                {"/api/v1/cases?light=purple", "not_a_choice", "/query/light"},
                                {"/api/v1/cases?sort=number", "not_a_choice", "/query/sort"},
                                {"/api/v1/cases?final=yes", "not_a_choice", "/query/final"},
                                {"/api/v1/cases?opener=person-water", "not_a_choice", "/query/opener"},
                                {"/api/v1/cases?workflow=no-such", "not_a_choice", "/query/workflow"},
                                {"/api/v1/cases?state=found,no-such", "not_a_choice", "/query/state"},
                                {"/api/v1/cases?reached=no-such", "not_a_choice", "/query/reached"},
                                {"/api/v1/cases?near=29,106", "bad_format", "/query/near"},
                                {"/api/v1/cases?near=91,106,5", "bad_format", "/query/near"},
                                {"/api/v1/cases?near=29,106,0", "bad_format", "/query/near"},
                                {"/api/v1/cases?near=29,106,100001", "bad_format", "/query/near"},
                                {"/api/v1/cases?near=29,106,nan", "bad_format", "/query/near"},
                                {"/api/v1/cases?near=29,106,5,7", "bad_format", "/query/near"},
                                {"/api/v1/cases?unit=no-such", "unknown_unit", "/query/unit"},
                                {"/api/v1/cases?due_before=tomorrow", "bad_format", "/query/due_before"},
                                {"/api/v1/cases?opened_from=2026-02-30", "bad_format", "/query/opened_from"},
                                {"/api/v1/cases?limit=0", "out_of_bounds", "/query/limit"},
                                {"/api/v1/cases?limit=201", "out_of_bounds", "/query/limit"},
                                {"/api/v1/cases?limit=1e2", "out_of_bounds", "/query/limit"},
                                {"/api/v1/cases?limit=", "out_of_bounds", "/query/limit"},
                                {"/api/v1/cases?cursor=made-up", "bad_format", ""},
                                {"/api/v1/worklist?cursor=made-up", "bad_format", ""},
                                {"/api/v1/worklist?limit=-1", "out_of_bounds", "/query/limit"},
                                {"/api/v1/reports/summary?by=colour", "not_a_choice", "/query/by"},
                                {"/api/v1/reports/summary?workflow=no-such", "not_a_choice", "/query/workflow"},
                                {"/api/v1/me?verbose=1", "unknown_parameter", ""}};
  for (auto const& [target, code, pointer] : table) {
    CAPTURE(target);
    auto const answer = district.get(target, "supervisor");
    CHECK(answer.status == 400);
    CHECK(code_of(answer) == code);
    if (!pointer.empty()) CHECK(json_of(answer).at("errors").at(0).at("pointer") == pointer);
  }
}

TEST_CASE("lists mask personal fields and cut long texts; the case itself shows them") {
  District district;
  std::string long_text;
  for (int number = 0; number < 130; ++number) long_text += "水";
  auto const id = district.open_issue(long_text);
  auto const line = json_of(district.get("/api/v1/cases", "supervisor")).at("items").at(0);
  CHECK(line.at("fields").at("reporter_contact") == "***");
  CHECK(line.at("fields").at("problem").get<std::string>().size() == 120 * 3 + std::string("…").size());
  CHECK_FALSE(line.contains("allowed_actions"));
  auto const whole = json_of(district.get("/api/v1/cases/" + id, "supervisor"));
  CHECK(whole.at("fields").at("reporter_contact") == "13800000000");
  CHECK(whole.at("fields").at("problem") == long_text);
}

TEST_CASE("a case stands in the worklist of the unit whose step is next") {
  District district;
  auto const id = district.open_issue();
  CHECK(ids_of(district.get("/api/v1/worklist", "inspector")) == std::vector{id});
  CHECK(ids_of(district.get("/api/v1/worklist", "supervisor")).empty());
}

TEST_CASE("the summary counts by light over what the caller may see") {
  District district;
  (void)district.open_issue("一");
  district.move_clock(21 * day);
  (void)district.open_issue("二");
  (void)district.open_referral();
  auto const summary = json_of(district.get("/api/v1/reports/summary?by=state", "supervisor"));
  CHECK(summary.at("total").at("open") == 2);
  CHECK(summary.at("total").at("closed") == 0);
  CHECK(summary.at("total").at("closing_rate") == 0.0);
  CHECK(summary.at("total").at("red") == 1);
  CHECK(summary.at("total").at("green") == 1);
  REQUIRE(summary.at("rows").size() == 1);
  CHECK(summary.at("rows").at(0).at("key") == "found");
  CHECK(summary.at("rows").at(0).at("title").at("en") == "Found");
  auto const by_category = json_of(district.get("/api/v1/reports/summary?by=category", "supervisor"));
  CHECK(by_category.at("rows").at(0).at("key") == "water");
}

TEST_CASE("a due instant explains itself") {
  District district;
  auto const id = district.open_issue();
  auto const target = "/api/v1/cases/" + id + "/deadlines/";
  auto const explanation = json_of(district.get(target + "report/explanation", "inspector"));
  CHECK(explanation.at("due") == "2026-03-09T23:59:59+08:00");
  CHECK(explanation.at("days").size() >= 7);
  CHECK(district.get(target + "no-such/explanation", "inspector").status == 404);
}
