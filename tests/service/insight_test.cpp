// SPDX-License-Identifier: Apache-2.0
#include "engine/service/insight.hpp"

#include <algorithm>

#include "tests/service/fixture.hpp"

using namespace bihuan;
using std::chrono::hours;

namespace {

Stay const* stay_in(std::vector<Stay> const& stays, std::string const& state, std::string const& unit = {}) {
  auto const found = std::ranges::find_if(
      stays, [&](Stay const& stay) { return stay.state == state && (unit.empty() || stay.unit == unit); });
  return found == stays.end() ? nullptr : &*found;
}

std::string open_issue(Office& office, std::string const& unit) {
  OpenCaseRequest const request{
      .workflow = "inspection-issue",
      .fields = {{"problem", "雨水口有污水外溢"}, {"category", "water"}, {"reporter_contact", "13800000000"}},
      .parties = Json::object(),
      .documents = {},
      .comment = {}};
  auto const opened = office.service.open(request, person("i-" + unit, unit, {"inspector"}));
  REQUIRE(opened.has_value());
  return opened->subject.id;
}

void report(Office& office, std::string const& id, std::string const& unit) {
  auto const head = person("h-" + unit, unit, {"dept_head", "inspector"});
  ActionRequest const request{
      .case_id = id,
      .action = "report",
      .input = {{"source", "routine-check"}, {"level", "general"}, {"place", {{"name", "某村"}}}},
      .documents = {{"issue-form", {office.upload("form of " + id, head, "application/pdf")}}},
      .comment = "上报",
      .expected_revision = {}};
  auto const done = office.service.act(request, head);
  REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().front().text.en));
}

}  // namespace

TEST_CASE("an insight says how long cases stayed in a state, whose they were, against their limits, and the ways") {
  Office office;
  std::vector<std::string> ids;
  for (int number = 0; number < 10; ++number) ids.push_back(open_issue(office, number < 8 ? "lijiatuo" : "yudong"));
  // Reported after 1, 2, … 9 hours; the tenth waits on, past its five working days.
  for (int number = 0; number < 9; ++number) {
    office.now += hours(1);
    report(office, ids[static_cast<std::size_t>(number)], number < 8 ? "lijiatuo" : "yudong");
  }
  office.now += hours(24 * 20);
  auto const insight = look_into(office.service, Actor::the_system(), {.workflow = "inspection-issue"});
  CHECK(insight.cases == 10);
  CHECK(insight.whole);
  auto const* const found = stay_in(insight.states, "found");
  REQUIRE(found != nullptr);
  CHECK(found->ended == 9);
  CHECK(found->waiting == 1);
  CHECK(found->median == hours(5));
  CHECK(found->ninetieth == hours(9));
  CHECK(found->limited == 10);
  CHECK(found->late == 1);
  CHECK(*found->limit > hours(24 * 5));
  auto const* const lijiatuo = stay_in(insight.units, "found", "lijiatuo");
  REQUIRE(lijiatuo != nullptr);
  CHECK(lijiatuo->ended == 8);
  CHECK(lijiatuo->median == hours(4));
  CHECK(lijiatuo->late == 0);
  CHECK(stay_in(insight.units, "found", "yudong")->late == 1);
  auto const way = std::ranges::find(insight.ways, "report", &Way::transition);
  REQUIRE(way != insight.ways.end());
  CHECK(way->from == "found");
  CHECK(way->count == 9);
  // What somebody may not see is not counted for them.
  CHECK(look_into(office.service, person("y", "yudong", {"handler"}), {.workflow = "inspection-issue"}).cases == 2);
}
