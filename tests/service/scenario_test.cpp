// SPDX-License-Identifier: Apache-2.0
#include "engine/service/scenario.hpp"

#include <algorithm>

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
