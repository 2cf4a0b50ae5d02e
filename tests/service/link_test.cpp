// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/service/fixture.hpp"
#include "tests/support/sample.hpp"

using namespace bihuan;

namespace {

// Opening a case of the sample opens one of another workflow, and wants to know who leads there.
void write_workflows(std::filesystem::path const& workflows) {
  std::filesystem::create_directories(workflows);
  for (auto const* const part : {"calendars", "organisation"})
    std::filesystem::copy(shipped_workflows() / part, workflows / part, std::filesystem::copy_options::recursive);
  auto opening = sample::document();
  opening["opening"]["effects"] = OrderedJson::parse(
      R"json([{"open": {"workflow": "other", "link": "l", "copy": ["problem"], "tells": "lead"}}])json");
  auto opened = sample::document();
  opened["id"] = "other";
  opened["number_prefix"] = "OT";
  std::ofstream(workflows / "sample.json") << opening.dump();
  std::ofstream(workflows / "other.json") << opened.dump();
}

}  // namespace

TEST_CASE("a link tells who holds a part of the other case, as it is now, and nothing of other parts") {
  TemporaryDirectory const directory;
  auto const workflows = directory.path() / "workflows";
  write_workflows(workflows);
  auto const library = load_library(workflows);
  auto const store = open_store(directory.path() / "data");
  CaseService service{*store, library, [] { return *parse_instant("2026-09-01T09:00:00+08:00"); }};
  auto const supervisor = person("su", "inspection-office", {"supervisor"});

  OpenCaseRequest request;
  request.workflow = "sample";
  request.fields = {{"problem", "污水外溢"}};
  auto const opened = service.open(request, person("in", "yudong", {"inspector"}));
  REQUIRE(opened.has_value());
  auto const here = [&] { return store->cases().find(opened->subject.id, Visibility::of_everything()).value(); };
  auto const told = [&] {
    auto const links = here().links;
    REQUIRE(links.size() == 1);
    CHECK(links.front().part == "lead");
    return links.front().units;
  };
  auto const assign = [&](char const* part, char const* unit) {
    ActionRequest assignment;
    assignment.case_id = here().links.front().other;
    assignment.action = "assign";
    assignment.input = {{"party", part}, {"unit", unit}};
    REQUIRE(service.act(assignment, supervisor).has_value());
  };
  CHECK(told().empty());
  assign("lead", "water");
  CHECK(told() == std::vector<std::string>{"water"});
  assign("lead", "agri");
  CHECK(told() == std::vector<std::string>{"agri"});
  auto const revision = here().revision;
  assign("helpers", "water");
  CHECK(told() == std::vector<std::string>{"agri"});
  CHECK(here().revision == revision);
  CHECK(verify(store->cases()).faults.empty());
  CHECK(store->cases().verify_rows().empty());
}
