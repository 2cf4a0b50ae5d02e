// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/api/contract.hpp"
#include "tests/api/district.hpp"

// What is there for everybody: names, calendars, what the district publishes; and a case's life as lists show it.

using namespace bihuan;
using namespace bihuan::test;

namespace {

std::string draft(District& district, std::string const& item) {
  auto const opened = district.post("/api/v1/cases", "water",
                                    {{"workflow", "responsibility-item"},
                                     {"fields", {{"item", item}, {"duty_basis", "law"}, {"no_support_needed", true}}},
                                     {"parties", {{"lead", {"water"}}}}});
  REQUIRE_MESSAGE(opened.status == 201, opened.body);
  return json_of(opened).at("id");
}

void publish(District& district, std::string const& id) {
  auto const paper = district.upload("water", "paper");
  auto const act = [&](std::string const& action, Json const& body) {
    auto const done = district.act(id, action, "water", body);
    REQUIRE_MESSAGE(done.status == 200, action, done.body);
  };
  act("coordinate", {{"input", {{"overlap_check", "内部核对"}}}, {"documents", {{"item-draft", {paper}}}}});
  act("agree", {{"documents", {{"approval", {paper}}}}});
  act("publish", {{"input", {{"url", "https://example.invalid/1"}, {"published_on", "2026-03-02"}}}});
}

Json line_of(District& district, std::string const& query, std::string const& by) {
  auto const items = json_of(district.get("/api/v1/cases" + query, by)).at("items");
  REQUIRE(items.size() == 1);
  return items.at(0);
}

std::size_t count(District& district, std::string const& query, std::string const& by) {
  auto const answer = district.get("/api/v1/cases" + query, by);
  REQUIRE_MESSAGE(answer.status == 200, answer.body);
  return json_of(answer).at("items").size();
}

}  // namespace

TEST_CASE("everybody who signs in may know everybody's name, and keep it") {
  District district;
  auto const first = district.get("/api/v1/directory", "inspector");
  REQUIRE(first.status == 200);
  CHECK(departures(json_of(first), "DirectoryPage") == std::vector<std::string>{});
  auto const tag = first.header("ETag").value();
  CHECK(first.body.find("roles") == std::string::npos);
  auto const kept = "If-None-Match: " + tag + "\r\n";
  CHECK(district.get("/api/v1/directory", "inspector", kept).status == 304);
  district.add_person("newcomer", "water", {"handler"});
  auto const again = district.get("/api/v1/directory", "inspector", kept);
  REQUIRE(again.status == 200);
  CHECK(again.header("ETag") != tag);
  CHECK(again.body.find(R"({"id":"person-newcomer","full_name":"某 newcomer","unit":"water","active":true})") !=
        std::string::npos);
  Person leaver = district.store().people().find_person("person-newcomer").value();
  leaver.active = false;
  district.store().people().put_people(std::span(&leaver, 1));
  CHECK(district.get("/api/v1/directory", "inspector").body.find("\"unit\":\"water\",\"active\":false") !=
        std::string::npos);
  CHECK(district.get("/api/v1/directory", "").status == 401);
}

TEST_CASE("a calendar gives its days with the notice they come from") {
  District district;
  auto const list = json_of(district.get("/api/v1/calendars", "inspector"));
  CHECK(departures(list, "CalendarPage") == std::vector<std::string>{});
  CHECK(list.at("items").at(0).at("id") == "cn");
  auto const calendar = json_of(district.get("/api/v1/calendars/cn", "inspector"));
  CHECK(departures(calendar, "Calendar") == std::vector<std::string>{});
  Json year;
  for (auto const& one : calendar.at("years")) {
    if (one.at("year") == 2026) year = one;
  }
  REQUIRE(year.is_object());
  CHECK_FALSE(year.at("notice").at("title").at("zh").get<std::string>().empty());
  CHECK(year.at("days_off").dump().find("2026-10-01") != std::string::npos);
  CHECK(year.at("working_days").size() > 0);
  CHECK(district.get("/api/v1/calendars/moon", "inspector").status == 404);
}

TEST_CASE("what a definition publishes is there for everybody, and nothing else of it") {
  District district;
  auto const id = draft(district, "河道管理范围内排污口的监管");
  auto const target = "/api/v1/public/responsibility-item";
  CHECK(json_of(district.get(target, "")).at("items").empty());
  publish(district, id);
  (void)draft(district, "还没有公开的事项");
  auto const page = district.get(target, "");
  REQUIRE(page.status == 200);
  auto const body = json_of(page);
  CHECK(departures(body, "PublishedPage") == std::vector<std::string>{});
  REQUIRE(body.at("items").size() == 1);
  auto const& item = body.at("items").at(0);
  CHECK(item.at("fields").at("item") == "河道管理范围内排污口的监管");
  CHECK(item.at("fields").at("version_no") == 1);
  CHECK(item.at("parties").at("lead").at(0).at("unit") == "water");
  CHECK_FALSE(item.at("parties").at("lead").at(0).at("title").at("zh").get<std::string>().empty());
  for (auto const* const hidden : {"内部核对", "overlap_check", "bureau", "没有公开"}) {
    CHECK(page.body.find(hidden) == std::string::npos);
  }
  // Being revised, it is not published until it is so again.
  auto const proof = district.upload("water", "proof");
  REQUIRE(district
              .act(id, "change", "water",
                   {{"input", {{"change_cause", "reform"}}},
                    {"documents", {{"change-proof", {proof}}}},
                    {"comment", "机构改革"}})
              .status == 200);
  CHECK(json_of(district.get(target, "")).at("items").empty());
  for (auto const* const other : {"criminal-referral", "inspection-issue", "no-such"}) {
    CHECK(district.get(std::string("/api/v1/public/") + other, "").status == 404);
  }
  CHECK(district.get(std::string(target) + "?state=draft", "").status == 400);
}

TEST_CASE("who asks too often without signing in has to wait") {
  District district;
  auto const target = "/api/v1/public/responsibility-item";
  for (int call = 0; call < 60; ++call) REQUIRE(district.get(target, "").status == 200);
  auto const refused = district.get(target, "");
  CHECK(refused.status == 429);
  CHECK(refused.header("Retry-After") == "60");
  CHECK(district.get("/api/v1/me", "inspector").status == 200);
  district.move_clock(std::chrono::seconds(60));
  CHECK(district.get(target, "").status == 200);
}

TEST_CASE("a line says whose step it is, how long is left, and when it was closed") {
  District district;
  auto const id = draft(district, "误列的事项");
  auto const open = line_of(district, "", "water");
  CHECK(open.at("owner") == Json({{"party", "department"}, {"holders", {{{"unit", "water"}, {"person", nullptr}}}}}));
  CHECK(open.at("closed").is_null());
  auto const issue = district.open_issue();
  auto const remaining = [&] { return line_of(district, "", "inspector").at("deadlines").at(0).at("remaining"); };
  CHECK(remaining() == 5);
  district.move_clock(std::chrono::hours(7 * 24));
  CHECK(remaining() == 0);
  district.move_clock(std::chrono::hours(5 * 24));
  CHECK(remaining() == -4);

  CHECK(count(district, "?closed_from=2026-01-01", "water") == 0);
  REQUIRE(district.act(id, "withdraw", "water", {{"comment", "误列"}}).status == 200);
  auto const closed = line_of(district, "?closed_from=2026-03-14&closed_to=2026-03-15", "water");
  CHECK(closed.at("closed") == "2026-03-14T09:00:00+08:00");
  CHECK(closed.at("owner").is_null());
  CHECK(count(district, "?closed_from=2026-03-15", "water") == 0);
  CHECK(count(district, "?sort=-closed", "water") == 1);
  CHECK(count(district, "?sort=-closed", "inspector") == 0);
  // A word after it is over does not close it anew.
  district.move_clock(std::chrono::hours(24));
  REQUIRE(district.act(id, "comment", "water", {{"comment", "归档"}}).status == 200);
  CHECK(line_of(district, "?closed_to=2026-03-15", "water").at("closed") == "2026-03-14T09:00:00+08:00");

  auto const flow = json_of(district.get("/api/v1/reports/flow?weeks=3", "water"));
  CHECK(departures(flow, "Flow") == std::vector<std::string>{});
  REQUIRE(flow.at("weeks").size() == 3);
  auto const& weeks = flow.at("weeks");
  CHECK(weeks.at(1).at("from") == "2026-03-02T00:00:00+08:00");
  CHECK(weeks.at(1).at("to") == "2026-03-08T23:59:59+08:00");
  CHECK(weeks.at(1).at("opened") == 1);
  CHECK(weeks.at(1).at("closed") == 0);
  CHECK(weeks.at(1).at("opened_and_closed") == 1);
  CHECK(weeks.at(2).at("opened") == 0);
  CHECK(weeks.at(2).at("closed") == 1);
  CHECK(json_of(district.get("/api/v1/reports/flow?workflow=inspection-issue", "water")).at("weeks").size() == 12);
  for (auto const* const wrong : {"?weeks=0", "?weeks=54", "?weeks=x", "?workflow=no-such", "?from=1"}) {
    CHECK(district.get(std::string("/api/v1/reports/flow") + wrong, "water").status == 400);
  }
}

TEST_CASE("the list of what I handled holds the cases in whose history I acted") {
  District district;
  auto const issue = district.open_issue();
  (void)district.open_issue("另一件");
  CHECK(count(district, "?handled_by=me", "supervisor") == 0);
  REQUIRE(district.act(issue, "comment", "supervisor", {{"comment", "请抓紧"}}).status == 200);
  CHECK(line_of(district, "?handled_by=me", "supervisor").at("id") == issue);
  CHECK(count(district, "?handled_by=me", "inspector") == 2);
  CHECK(count(district, "?handled_by=me&final=true", "inspector") == 0);
  CHECK(district.get("/api/v1/cases?handled_by=person-water", "supervisor").status == 400);
  // What somebody may no longer see they have not handled either.
  district.add_person("supervisor", "audit", {});
  CHECK(count(district, "?handled_by=me", "supervisor") == 0);
}

TEST_CASE("what waits for a second person is listed to who may know of it") {
  District district;
  auto const id = draft(district, "将要废止的事项");
  publish(district, id);
  CHECK(count(district, "?pending=true", "water") == 0);
  auto const asked = district.act(id, "retire", "water", {{"comment", "职责已撤销"}});
  REQUIRE_MESSAGE(asked.status == 202, asked.body);
  CHECK(line_of(district, "?pending=true", "water").at("id") == id);
  CHECK(line_of(district, "?pending=true", "ecology").at("pending").at(0).at("action") == "retire");
  CHECK(count(district, "?pending=true", "police") == 0);
  CHECK(district.get("/api/v1/cases?pending=false", "water").status == 400);
}

TEST_CASE("the worklist says how many there are where that is asked") {
  District district;
  for (int number = 0; number < 3; ++number) (void)district.open_issue("第 " + std::to_string(number) + " 件");
  auto const page = json_of(district.get("/api/v1/worklist?limit=1&count=exact", "inspector"));
  CHECK(page.at("items").size() == 1);
  CHECK(page.at("total") == 3);
  CHECK(departures(page, "CasePage") == std::vector<std::string>{});
  CHECK_FALSE(json_of(district.get("/api/v1/worklist", "inspector")).contains("total"));
  CHECK(json_of(district.get("/api/v1/worklist?count=exact", "water")).at("total") == 0);
  CHECK(district.get("/api/v1/worklist?count=rough", "inspector").status == 400);
}

TEST_CASE("a link names the other case to who sees both") {
  District district;
  auto const one = district.open_issue("第一件");
  auto const other = district.open_issue("第二件");
  auto const linked = district.act(one, "link", "supervisor", {{"input", {{"case", other}}}});
  REQUIRE_MESSAGE(linked.status == 200, linked.body);
  auto const links = json_of(district.get("/api/v1/cases/" + one, "inspector")).at("links");
  REQUIRE(links.size() == 1);
  CHECK(links.at(0).at("number") == "BN-WT-2026-000002");
  CHECK(links.at(0).at("title") == "第二件");
  CHECK(departures(json_of(district.get("/api/v1/cases/" + one, "inspector")), "Case") == std::vector<std::string>{});
}
