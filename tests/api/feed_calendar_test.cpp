// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <libical/ical.h>

#include <memory>

#include "tests/api/contract.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

Json make(District& district, std::string const& by, Json const& filter) {
  auto const made = district.post("/api/v1/feeds", by, {{"name", "办公室"}, {"filter", filter}});
  REQUIRE_MESSAGE(made.status == 201, made.body);
  CHECK(departures(json_of(made), "NewFeed") == std::vector<std::string>{});
  return json_of(made);
}

// As a calendar program reads it; every fault of the file fails the test.
std::vector<std::map<std::string, std::string>> events_of(std::string const& text) {
  std::unique_ptr<icalcomponent, decltype(&icalcomponent_free)> const calendar(icalparser_parse_string(text.c_str()),
                                                                               icalcomponent_free);
  REQUIRE(calendar != nullptr);
  CHECK(icalcomponent_count_errors(calendar.get()) == 0);
  CHECK(icalrestriction_check(calendar.get()) == 1);
  std::vector<std::map<std::string, std::string>> events;
  for (auto* event = icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT); event != nullptr;
       event = icalcomponent_get_next_component(calendar.get(), ICAL_VEVENT_COMPONENT)) {
    std::map<std::string, std::string> read;
    for (auto* part : {event, icalcomponent_get_first_component(event, ICAL_VALARM_COMPONENT)}) {
      if (part == nullptr) continue;
      for (auto* property = icalcomponent_get_first_property(part, ICAL_ANY_PROPERTY); property != nullptr;
           property = icalcomponent_get_next_property(part, ICAL_ANY_PROPERTY)) {
        std::string const prefix = part == event ? "" : "ALARM.";
        read[prefix + icalproperty_get_property_name(property)] = icalproperty_get_value_as_string(property);
      }
    }
    events.push_back(std::move(read));
  }
  return events;
}

}  // namespace

TEST_CASE("a calendar feed has an event for each running deadline, with an alarm, and stays the same until one moves") {
  District district;
  auto const id =
      district.open_issue("雨水口污水外溢；长长长长长长长长长长长长长长长长长长长长长长长长长长长长的标题, 逗号");
  auto const address = make(district, "supervisor", {{"workflow", "inspection-issue"}}).at("address");
  auto const answer = district.get(address, "");
  REQUIRE_MESSAGE(answer.status == 200, answer.body);
  CHECK(answer.header("Content-Type") == "text/calendar; charset=utf-8");
  for (std::size_t start = 0; start < answer.body.size();) {
    auto const end = answer.body.find("\r\n", start);
    REQUIRE(end != std::string::npos);
    CHECK(end - start <= 75);
    start = end + 2;
  }
  auto const events = events_of(answer.body);
  REQUIRE(events.size() == 1);
  auto event = events.at(0);
  CHECK(event["UID"] == id + ".report.1@bihuan");
  CHECK(event["DTSTART"] == "20260309");
  CHECK(event["DTEND"] == "20260310");
  CHECK(event["SUMMARY"].find("雨水口污水外溢") != std::string::npos);
  CHECK(event["URL"] == "http://test/case/" + id);
  CHECK(event["SEQUENCE"] == "1");
  CHECK(event["ALARM.ACTION"] == "DISPLAY");
  CHECK(event["ALARM.TRIGGER"].ends_with("Z"));
  auto const tag = *answer.header("ETag");
  auto const again = district.get(address, "", "If-None-Match: " + tag + "\r\n");
  CHECK(again.status == 304);
  CHECK(again.body.empty());
  district.move_clock(std::chrono::hours(1));
  CHECK(district.get(address, "", "If-None-Match: " + tag + "\r\n").status == 304);
  REQUIRE(district.act(id, "comment", "supervisor", {{"comment", "请抓紧"}}).status == 200);
  auto const moved = district.get(address, "", "If-None-Match: " + tag + "\r\n");
  REQUIRE(moved.status == 200);
  CHECK(events_of(moved.body).at(0)["UID"] == event["UID"]);
  CHECK(events_of(moved.body).at(0)["SEQUENCE"] == "2");
}

TEST_CASE("a feed shows what its person may see at the time, in the language it was made in, and ends when revoked") {
  District district;
  auto const id = district.open_issue();
  (void)district.open_referral();
  auto const everything = make(district, "inspector", {{"lang", "en"}});
  auto const read = [&](Json const& feed) { return district.get(feed.at("address"), "", "Accept-Language: zh\r\n"); };
  REQUIRE(events_of(read(everything).body).size() == 1);
  CHECK(read(everything).body.find("CATEGORIES:Inspection issue") != std::string::npos);
  CHECK(read(everything).body.find("暗管") == std::string::npos);
  CHECK(events_of(read(make(district, "water", Json::object())).body).empty());
  // The same address, another unit: nothing of the old one's.
  district.add_person("inspector", "audit", {});
  CHECK(events_of(read(everything).body).empty());
  district.add_person("inspector", "lijiatuo", {"inspector"});
  CHECK(events_of(read(everything).body).size() == 1);

  CHECK(json_of(district.get("/api/v1/feeds", "inspector")).at("items").size() == 1);
  CHECK(departures(json_of(district.get("/api/v1/feeds", "inspector")), "FeedPage") == std::vector<std::string>{});
  CHECK(district.get("/api/v1/feeds", "inspector").body.find("bhf_") == std::string::npos);
  auto const path = "/api/v1/feeds/" + everything.at("id").get<std::string>();
  CHECK(district.ask({.method = "DELETE", .target = path, .by = "water"}).status == 404);
  CHECK(district.ask({.method = "DELETE", .target = path, .by = "inspector"}).status == 204);
  CHECK(read(everything).status == 404);
  auto const kept = json_of(district.get("/api/v1/audit-events?kind=exported", "auditor")).at("items");
  CHECK(kept.at(0).at("detail").at("format") == "ics");
  CHECK(kept.at(0).at("person") == "person-inspector");
}

TEST_CASE("a feed is refused with the fault of its filter, and guessing addresses is slow") {
  District district;
  auto const refused = [&](Json const& body) { return district.post("/api/v1/feeds", "inspector", body); };
  CHECK(refused({{"filter", Json::object()}}).status == 422);
  CHECK(refused({{"name", "a"}, {"filter", {{"limit", "1"}}}}).status == 422);
  CHECK(refused({{"name", "a"}, {"filter", {{"light", 1}}}}).status == 422);
  CHECK(refused({{"name", "a"}, {"filter", {{"light", "purple"}}}}).status == 400);
  CHECK(refused({{"name", "a"}, {"filter", {{"lang", "fr"}}}}).status == 400);
  CHECK(refused({{"name", "a"}, {"filter", "x"}}).status == 422);
  for (int call = 0; call < 60; ++call) REQUIRE(district.get("/feeds/deadlines/bhf_guess.ics", "").status == 404);
  CHECK(district.get("/feeds/deadlines/bhf_guess.ics", "").status == 429);
}
