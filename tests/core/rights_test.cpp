// SPDX-License-Identifier: Apache-2.0
// Rights read off a definition, and what a person may read of a case.
#include "engine/core/rights.hpp"

#include <algorithm>

#include "engine/core/sight.hpp"
#include "tests/support/sample.hpp"

using namespace bihuan;

namespace {

Definition definition_with(std::function<void(OrderedJson&)> const& change) {
  auto document = sample::document();
  change(document);
  auto definition = parse_definition(document);
  if (!definition) {
    for (auto const& fault : definition.error()) MESSAGE(fault.pointer << " " << fault.text.en);
  }
  REQUIRE(definition.has_value());
  return std::move(*definition);
}

OrderedJson grants(char const* text) {
  return OrderedJson::parse(text);
}

Case some_case() {
  Case subject;
  subject.id = "c1";
  subject.workflow = "sample";
  subject.title = "污水外溢";
  subject.parties = {{"reporter", {{"town", ""}}}, {"office", {{"office", ""}}}, {"lead", {{"water", ""}}}};
  subject.fields = {{"problem", "污水外溢"}, {"contact", "13800000000"}, {"tags", {"a"}}, {"fine", 3}};
  return subject;
}

Json seen(Definition const& definition, Actor const& actor, Showing showing = Showing::whole) {
  return as_seen(definition, some_case(), actor, sample::organisation(), showing).fields;
}

RightsRow row(Definition const& definition, std::string const& state, std::string const& action) {
  for (auto const& shown : rights_of(definition)) {
    if (shown.id != state) continue;
    for (auto const& one : shown.rows) {
      if (one.action == action) return one;
    }
  }
  FAIL("no such row: ", state, " ", action);
  return {};
}

}  // namespace

TEST_CASE("a personal field is masked in lists, shown to the parties, and masked for other readers") {
  auto const definition = sample::definition();
  auto const reader = sample::person("x", "police", {"supervisor"});
  CHECK(seen(definition, sample::inspector()).at("contact") == "13800000000");
  CHECK(seen(definition, reader).at("contact") == "***");
  CHECK(seen(definition, reader).at("fine") == 3);
  CHECK(seen(definition, sample::inspector(), Showing::list).at("contact") == "***");
}

TEST_CASE("the definition names who reads a personal field, also in lists") {
  auto const definition = definition_with([](OrderedJson& document) {
    document["fields"]["contact"]["shown_to"] = grants(R"([{"party": "office", "role": "supervisor"}])");
    document["fields"]["contact"]["listed_to"] = grants(R"([{"party": "office", "role": "dept_head"}])");
  });
  CHECK(seen(definition, sample::inspector()).at("contact") == "***");
  CHECK(seen(definition, sample::supervisor()).at("contact") == "13800000000");
  CHECK(seen(definition, sample::supervisor(), Showing::list).at("contact") == "***");
  auto const head = sample::person("he", "office", {"dept_head"});
  CHECK(seen(definition, head, Showing::list).at("contact") == "13800000000");
}

TEST_CASE("a field that is kept to some is absent for all others, its copy in the title as well") {
  auto const definition = definition_with([](OrderedJson& document) {
    document["fields"]["problem"]["shown_to"] = grants(R"([{"party": "office"}])");
    document["fields"]["tags"]["shown_to"] = grants(R"([{"party": "office"}])");
  });
  for (auto const showing : {Showing::whole, Showing::list}) {
    auto const to_lead = as_seen(definition, some_case(), sample::handler(), sample::organisation(), showing);
    CHECK_FALSE(to_lead.fields.contains("problem"));
    CHECK_FALSE(to_lead.fields.contains("tags"));
    CHECK(to_lead.title.empty());
    auto const to_office = as_seen(definition, some_case(), sample::supervisor(), sample::organisation(), showing);
    CHECK(to_office.fields.at("problem") == "污水外溢");
    CHECK(to_office.title == "污水外溢");
  }
}

TEST_CASE("a history is masked like the case, and a step kept to some leaves no trace for others") {
  auto const definition = definition_with(
      [](OrderedJson& document) { document["transitions"]["halt"]["shown_to"] = grants(R"([{"party": "office"}])"); });
  std::vector<Event> events(4);
  events[0] = {.case_id = "c1",
               .revision = 1,
               .type = EventType::opened,
               .actor = {},
               .body = {{"fields", {{"contact", "13800000000"}}}, {"title", "x"}},
               .previous = "",
               .hash = ""};
  events[1] = {.case_id = "c1",
               .revision = 2,
               .type = EventType::corrected,
               .actor = {},
               .body = {{"fields", {{"contact", "139"}}}, {"before", {{"contact", "138"}}}, {"title", "x"}},
               .previous = "",
               .hash = ""};
  events[2] = {.case_id = "c1",
               .revision = 3,
               .type = EventType::fields_changed,
               .actor = {},
               .body = {{"fields", {{"fine", 1}}}, {"before", {{"fine", 2}}}, {"title", "x"}},
               .previous = "",
               .hash = ""};
  events[3] = {.case_id = "c1",
               .revision = 3,
               .index = 1,
               .type = EventType::transitioned,
               .actor = {},
               .body = {{"transition", "halt"}},
               .previous = "",
               .hash = ""};
  auto const reader = sample::person("x", "police", {"supervisor"});
  auto const read = as_seen(definition, some_case(), events, reader, sample::organisation());
  REQUIRE(read.size() == 2);
  CHECK(read[0].body.at("fields").at("contact") == "***");
  CHECK(read[1].body.at("before").at("contact") == "***");
  auto const whole = as_seen(definition, some_case(), events, sample::supervisor(), sample::organisation());
  REQUIRE(whole.size() == 4);
  CHECK(whole[1].body.at("before").at("contact") == "138");
}

TEST_CASE("rights name for each state what can be done and by whom") {
  auto const definition = definition_with([](OrderedJson& document) {
    document["transitions"]["halt"]["four_eyes"] = grants(R"({"by": [{"party": "office", "role": "dept_head"}]})");
  });
  auto const close = row(definition, "claimed", "close");
  Standing verifier{{"verifier"}, "supervision", "supervisor"};
  CHECK(meets(definition, close.by, verifier));
  verifier.role = "handler";
  CHECK_FALSE(meets(definition, close.by, verifier));
  // A unit that leads as well may not verify, whatever its roles.
  CHECK_FALSE(meets(definition, close.by, {{"verifier", "lead"}, "supervision", "supervisor"}));
  CHECK(row(definition, "working", "halt").confirm.size() == 1);
  CHECK(row(definition, "", "extend").deadline == "rectify");
  CHECK(row(definition, "open", "open").by.size() == 1);
}

TEST_CASE("the matrix is printed with every action of every state") {
  auto const definition = sample::definition();
  for (auto const language : {Language::zh, Language::en}) {
    auto const text = rights_text(definition, language);
    auto const html = rights_html(definition, language);
    for (auto const& transition : definition.transitions) {
      bool const by_a_person = transition.trigger == Trigger::none;
      CHECK((text.find(" " + transition.id + " ") != std::string::npos) == by_a_person);
      CHECK((html.find("<code>" + transition.id + "</code>") != std::string::npos) == by_a_person);
    }
    CHECK(text.find("●") != std::string::npos);
    CHECK(html.find("●") != std::string::npos);
  }
  auto const hostile = definition_with([](OrderedJson& document) { document["title"]["zh"] = "<script>"; });
  CHECK(rights_html(hostile, Language::zh).find("<script>") == std::string::npos);
}
