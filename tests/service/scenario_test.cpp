// SPDX-License-Identifier: Apache-2.0
#include "engine/service/scenario.hpp"

#include <algorithm>
#include <set>

#include "tests/service/fixture.hpp"

using namespace bihuan;

namespace {

ScenarioReport play(char const* text) {
  TemporaryDirectory directory;
  auto const library = load_library();
  return run_scenario(OrderedJson::parse(text), library, [&] { return open_store(directory.path()); });
}

bool names(ScenarioReport const& report, Code code, std::string const& pointer) {
  return std::any_of(report.faults.begin(), report.faults.end(),
                     [&](Refusal const& fault) { return fault.code == code && fault.pointer == pointer; });
}

}  // namespace

TEST_CASE("a story that does not come out as told says where") {
  auto const report =
      play(R"json({"workflow": "inspection-issue", "title": {"zh": "x", "en": "x"}, "checked": "by hand",
    "people": {"in": {"unit": "yudong", "roles": ["inspector"]}},
    "steps": [
      {"at": "2026-03-02T09:00:00+08:00", "by": "in", "do": "open", "fields": {"problem": "污水"},
       "expect": {"state": "closed", "deadlines": {"report": {"due": "2026-03-03T00:00:00+08:00"}}, "may": {"in": ["strike-off"]}}},
      {"at": "2026-03-02T10:00:00+08:00", "by": "in", "do": "strike-off"},
      {"at": "2026-03-02T11:00:00+08:00", "by": "in", "do": "comment", "comment": "x", "refused": "not_your_part"},
      {"at": "2026-03-02T10:00:00+08:00", "by": "nobody", "do": "comment", "comment": "x"}
    ]})json");
  CHECK(report.steps == 4);
  CHECK(names(report, Code::expectation_failed, "/steps/0/expect/state"));
  CHECK(names(report, Code::expectation_failed, "/steps/0/expect/deadlines/report/due"));
  CHECK(names(report, Code::expectation_failed, "/steps/0/expect/may/in"));
  CHECK(names(report, Code::expectation_failed, "/steps/1/do"));
  CHECK(names(report, Code::expectation_failed, "/steps/2/refused"));
  CHECK(names(report, Code::out_of_bounds, "/steps/3/at"));
  CHECK(names(report, Code::unknown_person, "/steps/3/by"));
}

// What the stories did and saw together: "workflow/transition", and "workflow/deadline/rung".
struct Told {
  std::set<std::string> steps;
  std::set<std::string> rungs;

  void take(ScenarioMoment const& moment) {
    auto const& subject = moment.subject;
    if (moment.request) steps.insert(subject.workflow + "/" + moment.request->action);
    for (auto const& deadline : subject.deadlines) {
      for (auto const& rung : deadline.rungs) rungs.insert(subject.workflow + "/" + deadline.name + "/" + rung);
    }
  }
};

void check_all_told(Definition const& definition, Told const& told) {
  for (auto const& transition : definition.transitions) {
    if (transition.trigger != Trigger::none) continue;
    auto const step = definition.id + "/" + transition.id;
    CHECK_MESSAGE(told.steps.count(step) == 1, step);
  }
  for (auto const& deadline : definition.deadlines) {
    for (auto const& rung : deadline.escalations) {
      if (rung.at == Rung::At::before) continue;
      auto const late = definition.id + "/" + deadline.id + "/" + rung.id;
      CHECK_MESSAGE(told.rungs.count(late) == 1, late);
    }
  }
}

// On SQLite `bihuan check` tells them, last in tools/test.
TEST_CASE(
    "every shipped story comes out as told on PostgreSQL too, and together they take each step and miss each "
    "deadline") {
  auto const library = load_library();
  Told told;
  std::size_t stories = 0;
  for (auto const& file : std::filesystem::directory_iterator(shipped_workflows() / "scenarios")) {
    CAPTURE(file.path().string());
    TemporaryDirectory directory;
    auto const story = read_json_file(file.path());
    REQUIRE(story.has_value());
    auto const report = run_scenario(
        *story, library, [&] { return test::open_postgres_test_store(directory.path()); },
        [&](ScenarioMoment const& moment) { told.take(moment); });
    for (auto const& fault : report.faults) FAIL_CHECK(fault.pointer << " " << fault.text.en);
    ++stories;
  }
  CHECK(stories > 100);
  for (auto const* const definition : library.current_definitions()) check_all_told(*definition, told);
}

TEST_CASE("a story names a case that opened by itself, and one of many linked ones by who holds a part in it") {
  auto const story = [](char const* report_unit, char const* workflow) {
    return R"json({"workflow": "annual-summary", "title": {"zh": "x", "en": "x"}, "checked": "by hand",
      "people": {"water": {"unit": "water", "roles": ["handler", "dept_head"]}},
      "steps": [{"at": "2026-01-01T00:00:00+08:00"},
        {"at": "2026-01-05T00:00:00+08:00", "find": {"workflow": ")json" +
           std::string(workflow) + R"json("}, "as": "summary",
         "expect": {"linked": {"report": {"unit": ")json" +
           report_unit + R"json(", "party": "department", "as": "mine", "count": 1}}}},
        {"at": "2026-01-06T09:00:00+08:00", "by": "water", "case": "mine", "do": "draft"}]})json";
  };
  CHECK(play(story("water", "annual-summary").c_str()).faults.empty());
  CHECK(names(play(story("water", "commendation").c_str()), Code::not_found, "/steps/1/find"));
  CHECK(names(play(story("police", "annual-summary").c_str()), Code::expectation_failed,
              "/steps/1/expect/linked/report/count"));
  CHECK(names(play(story("agri", "annual-summary").c_str()), Code::expectation_failed, "/steps/2/do"));
}

TEST_CASE("a story that says a clock stopped late when it did not is found out") {
  auto const report = play(R"json({"workflow": "annual-report", "title": {"zh": "x", "en": "x"}, "checked": "by hand",
    "people": {"water": {"unit": "water", "roles": ["handler", "dept_head"]}},
    "steps": [{"at": "2026-01-05T09:00:00+08:00", "by": "water", "do": "open",
        "fields": {"title": "报告", "report_year": 2025}, "parties": {"department": "water"}},
      {"at": "2026-01-06T09:00:00+08:00", "by": "water", "do": "draft"},
      {"at": "2026-02-28T23:59:59+08:00", "by": "water", "do": "submit", "documents": {"report": 1},
        "input": {"duties": "x", "lead_items": "x", "problems": "x"},
        "expect": {"deadlines": {"due": {"state": "stopped", "late": true}}}}]})json");
  CHECK(report.faults.size() == 1);
  CHECK(names(report, Code::expectation_failed, "/steps/2/expect/deadlines/due/late"));
}
