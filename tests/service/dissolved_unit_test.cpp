// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/service/fixture.hpp"
#include "tests/support/sample.hpp"

using namespace bihuan;

namespace {

// The sample and a second workflow that its overdue cases escalate into, twice: one that the late unit leads and
// one that the office keeps.
std::filesystem::path make_workflows(std::filesystem::path const& directory) {
  std::filesystem::create_directories(directory);
  for (auto const* const part : {"calendars", "organisation"})
    std::filesystem::copy(shipped_workflows() / part, directory / part, std::filesystem::copy_options::recursive);
  auto document = sample::document();
  document["parties"]["office"]["default"] = {{"unit", "inspection-office"}};
  auto pressed = document;
  pressed["id"] = "pressed";
  pressed["number_prefix"] = "PR";
  document["deadlines"]["rectify"]["escalations"][0]["effects"] = OrderedJson::parse(R"json([
    {"open": {"workflow": "pressed", "link": "by-lead", "copy": ["problem"], "parties": {"reporter": "lead"}, "once": true}},
    {"open": {"workflow": "pressed", "link": "by-office", "copy": ["problem"], "parties": {"reporter": "office"}, "once": true}}])json");
  std::ofstream(directory / "sample.json") << document.dump();
  std::ofstream(directory / "pressed.json") << pressed.dump();
  return directory;
}

void dissolve(std::filesystem::path const& workflows, std::string const& unit) {
  for (auto const& entry : std::filesystem::directory_iterator(workflows / "organisation")) {
    auto document = read_json_file(entry.path()).value();
    auto& units = document["units"];
    units.erase(std::remove_if(units.begin(), units.end(), [&](OrderedJson const& u) { return u.at("id") == unit; }),
                units.end());
    std::ofstream(entry.path()) << document.dump();
  }
}

}  // namespace

TEST_CASE("an escalation to a unit that was dissolved leaves the case red, and the event says what was not opened") {
  TemporaryDirectory directory;
  auto const workflows = make_workflows(directory.path() / "workflows");
  auto const store = open_store(directory.path() / "data");
  Instant now = *parse_instant("2026-11-02T09:00:00+08:00");
  std::string id;
  {
    auto const library = load_library(workflows);
    CaseService service(*store, library, [&] { return now; });
    auto const supervisor = person("su", "inspection-office", {"supervisor"});
    OpenCaseRequest request;
    request.workflow = "sample";
    request.fields = {{"problem", "污水外溢"}};
    id = service.open(request, person("in", "yudong", {"inspector"})).value().subject.id;
    auto const photo =
        store->attachments().put("photo.jpg", "image/jpeg", supervisor.person, source_of("photo")).sha256;
    ActionRequest assign;
    assign.case_id = id;
    assign.action = "assign-lead";
    assign.input = {{"lead", "water"}, {"rectify_by", "2026-11-10"}};
    assign.documents["photo"] = {photo};
    REQUIRE(service.act(assign, supervisor).has_value());
  }
  dissolve(workflows, "water");
  auto const library = load_library(workflows);
  CaseService service(*store, library, [&] { return now; });
  now = *parse_instant("2026-11-11T00:00:00+08:00");
  while (service.sweep() > 0) continue;

  auto const subject = store->cases().find(id, Visibility::of_everything()).value();
  CHECK(light_of(subject, now) == Light::red);
  CHECK(subject.state == "working");
  // The office's own matter was opened all the same.
  REQUIRE(subject.links.size() == 1);
  CHECK(subject.links.front().name == "by-office");
  auto const events = store->cases().history(id);
  auto const rungs = std::count_if(events.begin(), events.end(), [](Event const& event) {
    return event.type == EventType::rung_fired && event.body.at("rung") == "press";
  });
  CHECK(rungs == 1);
  auto const fired =
      std::find_if(events.begin(), events.end(), [](Event const& event) { return event.body.contains("not_opened"); });
  REQUIRE(fired != events.end());
  CHECK(fired->type == EventType::rung_fired);
  REQUIRE(fired->body.at("not_opened").size() == 1);
  CHECK(fired->body.at("not_opened").at(0).at("link") == "by-lead");
  CHECK(fired->body.at("not_opened").at(0).at("because") == "unknown_unit");
  // Looked at again, it is neither tried nor said again, and the history verifies.
  now = *parse_instant("2026-11-20T00:00:00+08:00");
  while (service.sweep() > 0) continue;
  auto const later = store->cases().history(id);
  CHECK(std::count_if(later.begin(), later.end(), [](Event const& e) { return e.type == EventType::rung_fired; }) ==
        std::count_if(events.begin(), events.end(), [](Event const& e) { return e.type == EventType::rung_fired; }));
  CHECK(verify(store->cases()).faults.empty());
}
