// SPDX-License-Identifier: Apache-2.0
// Two persons for one step, and persons who stand in for others.
#include <algorithm>

#include "engine/core/apply.hpp"
#include "engine/core/case_text.hpp"
#include "engine/core/decide.hpp"
#include "tests/support/sample.hpp"

using namespace bihuan;
using sample::at;

namespace {

OrderedJson document_with_four_eyes() {
  auto document = sample::document();
  document["transitions"]["halt"]["four_eyes"] = true;
  document["transitions"]["assign-lead"]["four_eyes"] =
      OrderedJson::parse(R"({"by": [{"party": "office", "role": "dept_head"}]})");
  document["actions"]["correct"]["four_eyes"] = true;
  // Whoever assigned the lead may not let it go on.
  document["guards"]["other-person"] = OrderedJson::parse(
      R"({"rule": {"!=": [{"var": "case.last.assign-lead.person"}, {"var": "actor.person"}]},
          "else": {"zh": "须由另一人办理。", "en": "Another person must do this."}})");
  document["transitions"]["press-fine"]["guards"] = {"other-person"};
  return document;
}

Definition parsed(OrderedJson const& document) {
  auto definition = parse_definition(document);
  if (!definition) {
    for (auto const& fault : definition.error()) MESSAGE(fault.pointer << " " << fault.text.en);
  }
  REQUIRE(definition.has_value());
  return std::move(*definition);
}

struct Story {
  Definition definition = parsed(document_with_four_eyes());
  Calendar calendar = sample::calendar();
  Organisation organisation = sample::organisation();
  Instant now = at("2026-09-01T09:00:00+08:00");
  Case subject;
  std::vector<Event> events;

  Circumstances circumstances() const { return {definition, calendar, organisation, now}; }

  void take(Decision decision) {
    events.insert(events.end(), decision.events.begin(), decision.events.end());
    subject = std::move(decision.after);
    CHECK(replay(events) == subject);
    CHECK(case_from_text(case_text(subject)) == subject);
  }

  // Empty when it was done.
  Refusals act(std::string action, Actor const& actor, Json input = Json::object(), std::string comment = "",
               std::map<std::string, std::vector<Document>> documents = {}) {
    auto decision = decide(circumstances(), subject,
                           {std::move(action), std::move(input), std::move(documents), std::move(comment), {}}, actor);
    if (!decision) return decision.error();
    take(std::move(*decision));
    return {};
  }

  Json request() const { return {{"request", subject.pending.at(0).id}}; }
};

Actor head() {
  return sample::person("he", "office", {"dept_head"});
}
Actor second_supervisor() {
  return sample::person("s2", "office", {"supervisor"});
}
Document photo() {
  return {std::string(64, 'a'), "photo.jpg", "image/jpeg", 3, 0};
}

Code code_of(Refusals const& refusals) {
  REQUIRE_FALSE(refusals.empty());
  return refusals.front().code;
}

Refusals ask_to_assign(Story& story) {
  return story.act("assign-lead", sample::supervisor(), {{"lead", "water"}, {"rectify_by", "2026-09-30"}}, "请领导审定",
                   {{"photo", {photo()}}});
}

Story opened() {
  Story story;
  Opening opening;
  opening.case_id = "c1";
  opening.workflow = "sample";
  opening.fields = {{"problem", "污水外溢"}, {"fine", 1}};
  auto decision = decide_opening(story.circumstances(), opening, sample::inspector());
  REQUIRE(decision.has_value());
  story.take(std::move(*decision));
  return story;
}

Story assigned() {
  auto story = opened();
  REQUIRE(ask_to_assign(story).empty());
  REQUIRE(story.act("confirm", head(), story.request()).empty());
  return story;
}

std::optional<OfferedAction> offered(Story const& story, Actor const& actor, std::string_view name) {
  for (auto const& one : allowed_actions(story.circumstances(), story.subject, actor))
    if (one.name == name) return one;
  return std::nullopt;
}

Actor standing_in(Actor actor, Actor const& absent) {
  actor.standing_in_for.push_back({absent.person, absent.roles});
  return actor;
}

}  // namespace

TEST_CASE("a step for four eyes is asked by one person and done when another confirms it") {
  auto story = opened();
  REQUIRE(ask_to_assign(story).empty());
  CHECK(story.subject.state == "found");
  CHECK_FALSE(story.subject.holds_part("lead", "water"));
  REQUIRE(story.subject.pending.size() == 1);
  CHECK(story.subject.pending[0].person == "su");
  // The paper is with the case already: who confirms must be able to read it.
  CHECK(story.subject.documents.at("photo").size() == 1);
  CHECK(offered(story, head(), "confirm")->possible);
  CHECK(offered(story, sample::supervisor(), "assign-lead")->refusals.front().code == Code::already_asked);

  REQUIRE(story.act("confirm", head(), story.request()).empty());
  CHECK(story.subject.state == "working");
  CHECK(story.subject.holds_part("lead", "water"));
  CHECK(story.subject.pending.empty());
  CHECK(story.subject.documents.at("photo").size() == 1);
  auto const confirmed = std::find_if(story.events.begin(), story.events.end(),
                                      [](Event const& event) { return event.type == EventType::confirmed; });
  REQUIRE(confirmed != story.events.end());
  CHECK(confirmed->body.at("asked_by") == "su");
  CHECK(confirmed->actor.at("person") == "he");
  CHECK(story.subject.last.at("assign-lead").person == "he");
}

TEST_CASE("who asks may neither confirm nor decline, and the refusal says who may") {
  auto story = assigned();
  REQUIRE(story.act("halt", sample::supervisor(), Json::object(), "汛期").empty());
  for (auto const* const answer : {"confirm", "decline"}) {
    auto const refusals = story.act(answer, sample::supervisor(), story.request(), "x");
    CHECK(code_of(refusals) == Code::same_person_may_not_confirm);
    CHECK(refusals.front().remedy.en.find("supervis") != std::string::npos);
  }
  CHECK_FALSE(offered(story, sample::supervisor(), "confirm")->possible);
  CHECK(code_of(story.act("confirm", sample::handler(), story.request())) == Code::not_your_part);
  CHECK_FALSE(offered(story, sample::handler(), "confirm"));
  CHECK(story.subject.state == "working");
  REQUIRE(story.act("confirm", second_supervisor(), story.request()).empty());
  CHECK(story.subject.state == "halted");
}

TEST_CASE("a request is declined with a reason, and can then be made again") {
  auto story = assigned();
  REQUIRE(story.act("halt", sample::supervisor(), Json::object(), "汛期").empty());
  CHECK(code_of(story.act("halt", second_supervisor(), Json::object(), "汛期")) == Code::already_asked);
  CHECK(code_of(story.act("decline", second_supervisor(), story.request())) == Code::reason_missing);
  REQUIRE(story.act("decline", second_supervisor(), story.request(), "理由不足").empty());
  CHECK(story.subject.pending.empty());
  CHECK(story.subject.state == "working");
  REQUIRE(story.act("halt", second_supervisor(), Json::object(), "汛期").empty());
}

TEST_CASE("what is asked is checked at once, and all of it again when it is confirmed") {
  auto story = opened();
  // Nothing that would be refused is ever pending.
  CHECK(code_of(story.act("assign-lead", sample::supervisor(), {{"lead", "water"}, {"rectify_by", "2026-09-30"}})) ==
        Code::guard_failed);
  CHECK(story.subject.pending.empty());
  REQUIRE(ask_to_assign(story).empty());
  // The part that gave the asker the right goes to another unit meanwhile.
  auto moved = story;
  moved.subject.parties["office"] = {{"agri", ""}};
  auto const agri_head = sample::person("ah", "agri", {"dept_head"});
  auto const late = decide(moved.circumstances(), moved.subject, {"confirm", moved.request(), {}, "", {}}, agri_head);
  REQUIRE_FALSE(late.has_value());
  CHECK(late.error().front().code == Code::not_your_part);
}

TEST_CASE("a pending request lapses when the case moves on, and an unknown one is refused by name") {
  auto story = assigned();
  REQUIRE(story.act("halt", sample::supervisor(), Json::object(), "汛期").empty());
  auto const request = story.request();
  CHECK(code_of(story.act("confirm", second_supervisor(), {{"request", "no such"}})) == Code::request_lapsed);
  CHECK(code_of(story.act("confirm", second_supervisor())) == Code::missing);
  CHECK(code_of(story.act("confirm", second_supervisor(), {{"request", 7}})) == Code::missing);
  CHECK(code_of(story.act("confirm", second_supervisor(), {{"who", "x"}})) == Code::unknown_field);
  REQUIRE(story.act("claim", sample::handler(), Json::object(), "", {{"plan", {photo()}}}).empty());
  CHECK(story.subject.pending.empty());
  CHECK(code_of(story.act("confirm", second_supervisor(), request)) == Code::request_lapsed);
}

TEST_CASE("whoever may not know of a request is told that there is none") {
  auto document = document_with_four_eyes();
  document["transitions"]["halt"]["shown_to"] = OrderedJson::parse(R"([{"party": "office"}])");
  auto story = assigned();
  story.definition = parsed(document);
  auto const nothing = story.act("confirm", sample::handler(), {{"request", "9"}});
  REQUIRE(story.act("halt", sample::supervisor(), Json::object(), "汛期").empty());
  auto const request = story.request().at("request").get<std::string>();
  auto const refusals = story.act("confirm", sample::handler(), {{"request", request}});
  CHECK(code_of(refusals) == Code::request_lapsed);
  CHECK(code_of(nothing) == Code::request_lapsed);
  CHECK(refusals.size() == nothing.size());
  CHECK(story.act("confirm", second_supervisor(), story.request()).empty());
}

TEST_CASE("a correction for four eyes waits like a step does") {
  auto story = assigned();
  REQUIRE(story.act("correct", sample::supervisor(), {{"fields", {{"fine", 5}}}}, "漏填").empty());
  CHECK(story.subject.fields.at("fine") == 1);
  REQUIRE(story.act("confirm", second_supervisor(), story.request()).empty());
  CHECK(story.subject.fields.at("fine") == 5);
}

TEST_CASE("a definition that asks for four eyes where nobody can give them is unsound") {
  auto const refused_with = [](auto change) {
    auto document = sample::document();
    change(document);
    auto const definition = parse_definition(document);
    REQUIRE_FALSE(definition.has_value());
    return std::any_of(definition.error().begin(), definition.error().end(),
                       [](Refusal const& fault) { return fault.code == Code::four_eyes_impossible; });
  };
  CHECK(refused_with([](auto& document) { document["opening"]["four_eyes"] = true; }));
  CHECK(refused_with([](auto& document) {
    document["transitions"]["lapse"]["four_eyes"] = OrderedJson::parse(R"({"by": [{"role": "supervisor"}]})");
  }));
  CHECK(refused_with([](auto& document) { document["actions"]["assign"]["four_eyes"] = true; }));
  // The words of an answer are free where nothing has to be answered.
  auto document = sample::document();
  document["transitions"]["decline"] = document["transitions"]["halt"];
  CHECK(parse_definition(document).has_value());
  document["transitions"]["halt"]["four_eyes"] = true;
  auto const clash = parse_definition(document);
  REQUIRE_FALSE(clash.has_value());
  CHECK(clash.error().front().code == Code::name_clash);

  document = sample::document();
  document["transitions"]["halt"]["four_eyes"] = OrderedJson::parse(R"({"by": [{"party": "ghost"}]})");
  auto const unknown = parse_definition(document);
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().front().pointer == "/transitions/halt/four_eyes/by/0/party");
}

TEST_CASE("a substitute acts with the absent person's role, and the history says for whom") {
  auto story = opened();
  auto const colleague = standing_in(sample::person("co", "office", {"handler"}), sample::supervisor());
  REQUIRE(
      story.act("assign-lead", colleague, {{"lead", "water"}, {"rectify_by", "2026-09-30"}}, "", {{"photo", {photo()}}})
          .empty());
  CHECK(story.events.back().actor == Json{{"person", "co"}, {"unit", "office"}, {"role", "supervisor"}, {"for", "su"}});
  CHECK(story.subject.pending[0].acting_for == "su");
  // The same without the substitution.
  auto other = opened();
  CHECK(code_of(other.act("assign-lead", sample::person("co", "office", {"handler"}),
                          {{"lead", "water"}, {"rectify_by", "2026-09-30"}}, "", {{"photo", {photo()}}})) ==
        Code::not_your_part);
  // One's own right comes first.
  auto const own = standing_in(second_supervisor(), sample::supervisor());
  REQUIRE(other.act("assign-lead", own, {{"lead", "water"}, {"rectify_by", "2026-09-30"}}, "", {{"photo", {photo()}}})
              .empty());
  CHECK_FALSE(other.events.back().actor.contains("for"));
}

TEST_CASE("for four eyes an absent person and who stands in for them are one") {
  auto story = assigned();
  REQUIRE(story.act("halt", sample::supervisor(), Json::object(), "汛期").empty());
  auto const stands_in_for_asker = standing_in(second_supervisor(), sample::supervisor());
  CHECK(code_of(story.act("confirm", stands_in_for_asker, story.request())) == Code::same_person_may_not_confirm);
  // Asked for the absent one: they themself may not confirm either.
  auto by_substitute = assigned();
  auto const colleague = standing_in(sample::person("co", "office", {"handler"}), sample::supervisor());
  REQUIRE(by_substitute.act("halt", colleague, Json::object(), "汛期").empty());
  CHECK(code_of(by_substitute.act("confirm", sample::supervisor(), by_substitute.request())) ==
        Code::same_person_may_not_confirm);
  CHECK(by_substitute.act("confirm", second_supervisor(), by_substitute.request()).empty());
}

TEST_CASE("a guard that keeps two steps apart takes a substitute for both persons") {
  // `he` confirmed the assignment; a supervisor presses for the fine.
  auto story = assigned();
  CHECK(story.act("press-fine", sample::supervisor()).empty());
  auto const for_head = standing_in(second_supervisor(), head());
  CHECK(code_of(story.act("press-fine", for_head)) == Code::guard_failed);
  // And the other way round: confirmed by a substitute, pressed by the one who was absent.
  auto other = opened();
  REQUIRE(ask_to_assign(other).empty());
  auto const both = sample::person("he", "office", {"dept_head", "supervisor"});
  auto const for_both = standing_in(sample::person("co", "office", {"handler"}), both);
  REQUIRE(other.act("confirm", for_both, other.request()).empty());
  CHECK(other.subject.last.at("assign-lead").acting_for == "he");
  CHECK(code_of(other.act("press-fine", both)) == Code::guard_failed);
  CHECK(other.act("press-fine", second_supervisor()).empty());
}
