// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "engine/core/json.hpp"
#include "tools/bihuan/check.hpp"
#include "tools/bihuan/diagram.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/scratch.hpp"

using namespace bihuan;

namespace {

namespace fs = std::filesystem;

fs::path const workflows = fs::path(BIHUAN_SOURCE_DIR) / "workflows";

void write(fs::path const& file, std::string const& text) {
  std::ofstream(file, std::ios::binary) << text;
}

OrderedJson shipped(std::string const& name) {
  std::ifstream file(workflows / name, std::ios::binary);
  return OrderedJson::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

// A definition is checked together with those it opens cases of, which lie beside it.
void write_shipped(fs::path const& directory) {
  for (auto const& entry : fs::directory_iterator(workflows)) {
    if (entry.path().extension() == ".json") fs::copy(entry.path(), directory);
  }
}

struct Outcome {
  int status = 0;
  std::string text;
  Json json;
};

Outcome check(std::vector<fs::path> const& files) {
  Outcome outcome;
  std::ostringstream text;
  outcome.status = run_check({.files = files, .workflows = workflows, .json = false}, text);
  outcome.text = text.str();
  std::ostringstream json;
  CHECK(run_check({.files = files, .workflows = workflows, .json = true}, json) == outcome.status);
  outcome.json = Json::parse(json.str());
  return outcome;
}

bool has(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("check names each fault of a definition by its file and pointer") {
  ScratchDirectory const scratch;
  auto const file = scratch.path() / "broken.json";
  auto document = shipped("criminal-referral.json");
  document["states"]["suspected"].erase("owner");
  document["transitions"]["approve"]["to"] = "nowhere";
  document["calendar"] = "moon";
  document["colour"] = "red";
  write(file, document.dump());
  auto const outcome = check({file});
  CHECK(outcome.status == said_no);
  CHECK(has(outcome.text, file.string() + "#/states/suspected"));
  CHECK(has(outcome.text, file.string() + "#/transitions/approve/to: unknown_reference: "));
  CHECK(has(outcome.text, file.string() + "#/colour: unknown_field: "));
  auto const& checked = outcome.json.at("files").at(0);
  CHECK(checked.at("file") == file.string());
  CHECK(checked.at("ok") == false);
  CHECK(checked.at("faults").size() >= 3);
}

TEST_CASE("check names a calendar and a workflow that do not exist") {
  ScratchDirectory const scratch;
  auto const calendar = scratch.path() / "referral.json";
  auto document = shipped("criminal-referral.json");
  document["calendar"] = "moon";
  write(calendar, document.dump());
  CHECK(has(check({calendar}).text, calendar.string() + "#/calendar: unknown_reference: "));

  fs::remove(calendar);
  write_shipped(scratch.path());
  fs::remove(scratch.path() / "criminal-referral.json");
  auto const issue = scratch.path() / "inspection-issue.json";
  auto const outcome = check({issue});
  CHECK(outcome.status == said_no);
  CHECK(has(outcome.text, issue.string() + "#/transitions/refer-crime/effects/0/open/workflow: unknown_workflow: "));

  auto const referral = scratch.path() / "criminal-referral.json";
  write(referral, shipped("criminal-referral.json").dump());
  CHECK(check({issue}).status == done);
  CHECK(check({issue, referral}).status == done);
}

TEST_CASE("a file that cannot be read or is no JSON is a fault of the whole file") {
  ScratchDirectory const scratch;
  auto const malformed = scratch.path() / "malformed.json";
  write(malformed, "{\"id\": ");
  auto const outcome = check({malformed, scratch.path() / "absent.json"});
  CHECK(outcome.status == said_no);
  CHECK(outcome.json.at("files").at(0).at("faults").at(0).at("code") == "malformed_json");
  CHECK(outcome.json.at("files").at(1).at("faults").at(0).at("code") == "not_found");
  CHECK(outcome.json.at("files").at(1).at("faults").at(0).at("pointer") == "");
}

TEST_CASE("check plays the scenarios beside a definition, and a story that does not hold is a fault") {
  ScratchDirectory const scratch;
  auto const file = scratch.path() / "criminal-referral.json";
  write_shipped(scratch.path());
  fs::create_directory(scratch.path() / "scenarios");
  auto const story = scratch.path() / "scenarios" / "story.json";
  auto told = OrderedJson::parse(R"({
    "workflow": "criminal-referral", "title": {"zh": "一步", "en": "One step"}, "checked": "Nothing to count.",
    "people": {"handler": {"unit": "seeb", "roles": ["handler"]}},
    "steps": [{"at": "2026-03-02T09:20:00+08:00", "by": "handler", "do": "open",
      "fields": {"case_title": "某厂案", "offence": "pollution", "facts": "暗管排放", "case_officers": ["甲某", "乙某"]},
      "expect": {"state": "suspected"}}]})");
  // Titles of stories may be plain words.
  if (shipped("scenarios/inspection-issue-straight.json").at("title").is_string()) told["title"] = "One step";
  write(story, told.dump());
  auto const held = check({file});
  CAPTURE(held.text);
  CHECK(held.status == done);
  CHECK(held.json.at("scenarios").at(0).at("steps") == 1);

  told["steps"][0]["expect"]["state"] = "closed";
  write(story, told.dump());
  auto const failed = check({file});
  CHECK(failed.status == said_no);
  CHECK(has(failed.text, story.string() + "#/steps/0/expect/state: expectation_failed: "));

  write(story, R"({"workflow": "somebody-elses"})");
  CHECK(check({file}).json.at("scenarios").empty());
  write(story, "[]");
  CHECK(check({file}).status == said_no);
}

TEST_CASE("diagram refuses what it cannot draw, and says where") {
  ScratchDirectory const scratch;
  auto const file = scratch.path() / "broken.json";
  write(file, "{}");
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run_diagram({.file = file.string(), .format = "svg", .language = "zh", .current = {}}, out, err) == said_no);
  CHECK(has(err.str(), file.string() + "#/id: missing: "));
  CHECK(run_diagram({.file = file.string(), .format = "png", .language = "zh", .current = {}}, out, err) == wrong_use);
  CHECK(out.str().empty());
  auto const good = (workflows / "inspection-issue.json").string();
  CHECK(run_diagram({.file = good, .format = "svg", .language = "zh", .current = "nowhere"}, out, err) == wrong_use);
  CHECK(run_diagram({.file = good, .format = "mermaid", .language = "en", .current = {}}, out, err) == done);
  CHECK(has(out.str(), "rectifying --> done_claimed: Claim acceptance"));
}
