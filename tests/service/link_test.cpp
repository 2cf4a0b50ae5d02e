// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>

#include "engine/format/event_log.hpp"
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

// A case that has opened one of another workflow.
struct Linked {
  Linked() {
    OpenCaseRequest request;
    request.workflow = "sample";
    request.fields = {{"problem", "污水外溢"}};
    auto const opened = service.open(request, person("in", "yudong", {"inspector"}));
    REQUIRE(opened.has_value());
    id = opened->subject.id;
  }

  [[nodiscard]] Case here() const { return store->cases().find(id, Visibility::of_everything()).value(); }
  [[nodiscard]] std::string other() const { return here().links.front().other; }
  void assign(std::string const& case_id, char const* part, char const* unit) {
    ActionRequest assignment;
    assignment.case_id = case_id;
    assignment.action = "assign";
    assignment.input = {{"party", part}, {"unit", unit}};
    REQUIRE(service.act(assignment, person("su", "inspection-office", {"supervisor"})).has_value());
  }

  TemporaryDirectory directory;
  Library const library = [this] {
    write_workflows(directory.path() / "workflows");
    return load_library(directory.path() / "workflows");
  }();
  std::unique_ptr<Store> store = open_store(directory.path() / "data");
  CaseService service{*store, library, [] { return *parse_instant("2026-09-01T09:00:00+08:00"); }};
  std::string id;
};

}  // namespace

TEST_CASE("a link tells who holds a part of the other case, as it is now, and nothing of other parts") {
  Linked linked;
  auto const told = [&] {
    auto const links = linked.here().links;
    REQUIRE(links.size() == 1);
    CHECK(links.front().part == "lead");
    return links.front().units;
  };
  CHECK(told().empty());
  linked.assign(linked.other(), "lead", "water");
  CHECK(told() == std::vector<std::string>{"water"});
  linked.assign(linked.other(), "lead", "agri");
  CHECK(told() == std::vector<std::string>{"agri"});
  auto const revision = linked.here().revision;
  linked.assign(linked.other(), "helpers", "water");
  CHECK(told() == std::vector<std::string>{"agri"});
  CHECK(linked.here().revision == revision);
  CHECK(verify(linked.store->cases()).faults.empty());
  CHECK(linked.store->cases().verify_rows().empty());
}

TEST_CASE("an object log holds all that it refers to, though a linked case goes out of sight while it is read") {
  Linked linked;
  auto const other = linked.other();
  linked.assign(linked.id, "lead", "water");
  linked.assign(other, "lead", "water");
  auto const log = make_object_log(
      {.cases = linked.service, .actor = person("wa", "water", {"handler"}), .query = {.workflow = "sample"}});
  std::string text;
  std::array<char, 65536> piece{};
  bool in_sight = true;
  while (auto const size = log->read(piece)) {
    text.append(piece.data(), size);
    if (in_sight && text.find(linked.id) != std::string::npos) {
      linked.assign(other, "lead", "agri");
      in_sight = false;
    }
  }
  std::map<std::string, Json> objects;
  auto const whole = Json::parse(text);
  for (auto const& object : whole.at("objects")) objects[object.at("id")] = object;
  REQUIRE(objects.contains(linked.id));
  for (auto const& [id, object] : objects) {
    for (auto const& relation : object.at("relationships")) CHECK(objects.contains(relation.at("objectId")));
  }
  REQUIRE(objects.contains(other));
  CHECK(objects.at(other).at("attributes").empty());
}
