// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <set>

#include "tests/api/contract.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

// What the specification of OCEL 2.0 asks beyond the form: every type is declared with its attributes, every id stands
// once, an attribute has one value at an instant, and what is related to is there.
void check_object_log(Json const& log) {
  auto const declared = [&](char const* kind) {
    std::map<std::string, std::set<std::string>> types;
    for (auto const& type : log.at(kind)) {
      auto& names = types[type.at("name")];
      for (auto const& attribute : type.at("attributes")) names.insert(attribute.at("name").get<std::string>());
    }
    return types;
  };
  std::set<std::string> objects;
  auto const object_types = declared("objectTypes");
  for (auto const& object : log.at("objects")) {
    CHECK(objects.insert(object.at("id").get<std::string>()).second);
    REQUIRE(object_types.contains(object.at("type").get<std::string>()));
    std::set<std::pair<std::string, std::string>> assigned;
    for (auto const& attribute : object.at("attributes")) {
      CHECK(assigned.emplace(attribute.at("name"), attribute.at("time")).second);
      CHECK(attribute.at("value").is_string());
      CHECK(parse_instant(attribute.at("time").get<std::string>()).has_value());
      CHECK(object_types.at(object.at("type")).contains(attribute.at("name").get<std::string>()));
    }
  }
  std::set<std::string> events;
  auto const event_types = declared("eventTypes");
  for (auto const& event : log.at("events")) {
    CHECK(events.insert(event.at("id").get<std::string>()).second);
    REQUIRE(event_types.contains(event.at("type").get<std::string>()));
    CHECK(parse_instant(event.at("time").get<std::string>()).has_value());
    for (auto const& attribute : event.at("attributes"))
      CHECK(event_types.at(event.at("type")).contains(attribute.at("name").get<std::string>()));
  }
  for (auto const* const kind : {"objects", "events"}) {
    for (auto const& one : log.at(kind)) {
      for (auto const& relation : one.at("relationships"))
        CHECK(objects.contains(relation.at("objectId").get<std::string>()));
    }
  }
}

}  // namespace

TEST_CASE("an object log has cases, linked ones, units and persons, and is whole in itself") {
  District district;
  auto const one = district.open_issue("第一件\n含换行");
  district.move_clock(std::chrono::seconds(1));
  auto const other = district.open_issue("第二件");
  REQUIRE(district.act(one, "link", "supervisor", {{"input", {{"case", other}}}}).status == 200);
  REQUIRE(district.act(one, "comment", "supervisor", {{"comment", "电话 13900000000 的王某说"}}).status == 200);
  auto const answer = district.get("/api/v1/event-log.ocel.json?q=%E7%AC%AC%E4%B8%80", "supervisor");
  REQUIRE_MESSAGE(answer.status == 200, answer.body);
  auto const log = json_of(answer);
  check_object_log(log);
  std::map<std::string, int> of_type;
  for (auto const& object : log.at("objects")) ++of_type[object.at("type")];
  CHECK(of_type["督察问题"] == 2);
  CHECK(of_type["人员"] == 2);
  CHECK(of_type["单位"] >= 2);
  for (auto const* const secret : {"13800000000", "13900000000", "王某"})
    CHECK(answer.body.find(secret) == std::string::npos);
  auto const twice_at_once = district.reported_issue();  // opened and sent in within the same second
  auto const english = json_of(district.get("/api/v1/event-log.ocel.json?lang=en", "supervisor"));
  check_object_log(english);
  for (auto const& object : english.at("objects")) {
    if (object.at("id") != twice_at_once) continue;
    auto const& attributes = object.at("attributes");
    auto const state = std::ranges::find(attributes, "state", [](Json const& told) { return told.at("name"); });
    REQUIRE(state != attributes.end());
    CHECK(state->at("value") == "Reported");
  }
  CHECK(english.dump().find("Inspection issue") != std::string::npos);
  auto const nothing = json_of(district.get("/api/v1/event-log.ocel.json", "water"));
  check_object_log(nothing);
  CHECK(nothing.at("objects").empty());
  auto const kept = json_of(district.get("/api/v1/audit-events?kind=exported", "auditor")).at("items");
  CHECK(kept.at(0).at("detail").at("format") == "ocel.json");
  CHECK(district.get("/api/v1/event-log.ocel.json?light=purple", "supervisor").status == 400);
}

TEST_CASE("a trace log has a trace for each case, over pages, that XML takes") {
  District district;
  for (int number = 0; number < 120; ++number)
    (void)district.open_issue("第 " + std::to_string(number) + " 件 <&\"'>\n");
  auto const answer = district.get("/api/v1/event-log.xes?workflow=inspection-issue", "supervisor");
  REQUIRE(answer.status == 200);
  CHECK(answer.header("Content-Type") == "application/xml");
  pugi::xml_document document;
  REQUIRE(document.load_string(answer.body.c_str()));
  std::set<std::string> numbers;
  for (auto const& trace : document.child("log").children("trace")) {
    numbers.insert(trace.child("string").attribute("value").value());
    auto const event = trace.child("event");
    CHECK(std::string(event.find_child_by_attribute("key", "concept:name").attribute("value").value()) == "发现登记");
    CHECK(parse_instant(event.find_child_by_attribute("key", "time:timestamp").attribute("value").value()).has_value());
    CHECK(std::string(event.find_child_by_attribute("key", "org:resource").attribute("value").value()) ==
          "某 inspector");
  }
  CHECK(numbers.size() == 120);
  CHECK(answer.body.find("13800000000") == std::string::npos);
}

TEST_CASE("an insight is served as numbers and on the diagram, of what the caller may see") {
  District district;
  (void)district.open_issue();
  auto const insight = json_of(district.get("/api/v1/reports/insight/inspection-issue", "supervisor"));
  CHECK(departures(insight, "Insight") == std::vector<std::string>{});
  CHECK(insight.at("cases") == 1);
  CHECK(insight.at("states").at(0).at("waiting") == 1);
  CHECK(json_of(district.get("/api/v1/reports/insight/inspection-issue", "water")).at("cases") == 0);
  CHECK(json_of(district.get("/api/v1/reports/insight/inspection-issue?opened_from=2027-01-01", "supervisor"))
            .at("cases") == 0);
  auto const diagram = district.get("/api/v1/reports/insight/inspection-issue/diagram.svg?lang=en", "supervisor");
  CHECK(diagram.header("Content-Type") == "image/svg+xml");
  CHECK(diagram.body.find("1 waiting") != std::string::npos);
  CHECK(diagram.body.find("×1") == std::string::npos);  // only opening, which is no transition
  CHECK(district.get("/api/v1/reports/insight/no-such", "supervisor").status == 404);
}
