// SPDX-License-Identifier: Apache-2.0
#include "engine/core/decide.hpp"

#include <algorithm>

#include "engine/core/access.hpp"
#include "engine/core/apply.hpp"
#include "engine/core/case_text.hpp"
#include "engine/core/definition_parse.hpp"
#include "engine/core/fields.hpp"
#include "tests/support/sample.hpp"

using namespace bihuan;
using sample::at;

namespace {

// A case of the sample, and the clock it lives by.
struct Story {
  Definition definition = sample::definition();
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
  }

  Refusals open(Json fields, Actor const& actor = sample::inspector(), Json parties = Json::object()) {
    Opening opening;
    opening.case_id = "c1";
    opening.workflow = "sample";
    opening.fields = std::move(fields);
    opening.parties = std::move(parties);
    auto decision = decide_opening(circumstances(), opening, actor);
    if (!decision) return decision.error();
    take(std::move(*decision));
    return {};
  }

  Refusals act(Command const& command, Actor const& actor) {
    auto decision = decide(circumstances(), subject, command, actor);
    if (!decision) return decision.error();
    take(std::move(*decision));
    return {};
  }

  Refusals act(std::string action, Actor const& actor, Json input = Json::object(),
               std::map<std::string, std::vector<Document>> documents = {}, std::string comment = "") {
    return act(Command{std::move(action), std::move(input), std::move(documents), std::move(comment), std::nullopt},
               actor);
  }

  void sweep() { take(decide_due(circumstances(), subject)); }
};

Document photo() {
  return {std::string(64, 'a'), "photo.jpg", "image/jpeg", 3, 0};
}
Document plan() {
  return {std::string(64, 'b'), "plan.pdf", "application/pdf", 3, 0};
}

Code code_of(Refusals const& refusals) {
  REQUIRE_FALSE(refusals.empty());
  return refusals.front().code;
}

// Opened and assigned to the water bureau until 2026-09-30.
Story assigned(Json more = Json::object()) {
  Story story;
  REQUIRE(story.open({{"problem", "污水外溢"}}).empty());
  Json input{{"lead", "water"}, {"rectify_by", "2026-09-30"}};
  input.update(more);
  REQUIRE(story.act("assign-lead", sample::supervisor(), input, {{"photo", {photo()}}}).empty());
  return story;
}

Story claimed() {
  auto story = assigned();
  REQUIRE(story.act("claim", sample::handler(), {{"fine", 100}}, {{"plan", {plan()}}}).empty());
  return story;
}

}  // namespace

TEST_CASE("a case opens with its parties, its deadline and its title") {
  Story story;
  REQUIRE(story.open({{"problem", "污水外溢"}, {"level", "plain"}}).empty());
  CHECK(story.subject.state == "found");
  CHECK(story.subject.revision == 1);
  CHECK(story.subject.title == "污水外溢");
  CHECK(story.subject.holds_part("reporter", "town"));
  CHECK(story.subject.holds_part("office", "office"));
  // Tuesday 1 September 2026 and five working days: Tuesday the 8th.
  CHECK(story.subject.deadline("triage")->due == at("2026-09-08T23:59:59+08:00"));
  CHECK(story.subject.deadline("triage")->owner == "office");
}

TEST_CASE("an opening that lacks something names each place") {
  Story story;
  CHECK(code_of(story.open({{"problem", "x"}}, sample::handler())) == Code::not_your_part);
  auto const refusals = story.open({{"level", "huge"},
                                    {"colour", 1},
                                    {"size", 12},
                                    {"fine", 1.005},
                                    {"urgent", "yes"},
                                    {"found_at", "yesterday"},
                                    {"place", Json::object()},
                                    {"where_to", "ghost"},
                                    {"tags", "one"}});
  auto const has = [&](Code code, std::string_view pointer) {
    return std::any_of(refusals.begin(), refusals.end(),
                       [&](auto& r) { return r.code == code && r.pointer == pointer; });
  };
  CHECK(has(Code::missing, "/fields/problem"));
  CHECK(has(Code::not_a_choice, "/fields/level"));
  CHECK(has(Code::unknown_field, "/fields/colour"));
  CHECK(has(Code::out_of_bounds, "/fields/size"));
  CHECK(has(Code::out_of_bounds, "/fields/fine"));
  CHECK(has(Code::wrong_type, "/fields/urgent"));
  CHECK(has(Code::bad_format, "/fields/found_at"));
  CHECK(has(Code::bad_format, "/fields/place"));
  CHECK(has(Code::unknown_unit, "/fields/where_to"));
  CHECK(has(Code::wrong_type, "/fields/tags"));
  CHECK(story.subject.revision == 0);
}

TEST_CASE("the step is refused with the reason that stands in its way") {
  Story story;
  REQUIRE(story.open({{"problem", "x"}}).empty());
  Json const good{{"lead", "water"}, {"rectify_by", "2026-09-30"}};
  CHECK(code_of(story.act("fly", sample::supervisor())) == Code::unknown_action);
  CHECK(code_of(story.act("claim", sample::handler())) == Code::not_from_this_state);
  CHECK(code_of(story.act("lapse", sample::supervisor())) == Code::only_the_system);
  CHECK(code_of(story.act("assign-lead", sample::inspector(), good)) == Code::not_your_part);
  CHECK(code_of(story.act("assign-lead", sample::supervisor(), good)) == Code::guard_failed);
  CHECK(code_of(story.act("assign-lead", sample::supervisor(), {{"lead", "police"}, {"rectify_by", "2026-09-30"}},
                          {{"photo", {photo()}}})) == Code::party_not_eligible);
  CHECK(code_of(story.act("assign-lead", sample::supervisor(), good, {{"photo", {plan()}}})) ==
        Code::document_type_refused);
  CHECK(code_of(story.act("assign-lead", sample::supervisor(), good, {{"film", {plan()}}})) == Code::unknown_field);
  Command stale{"assign-lead", good, {{"photo", {photo()}}}, "", 7};
  CHECK(code_of(story.act(stale, sample::supervisor())) == Code::stale_version);
  CHECK(story.subject.revision == 1);
  auto const refusals = story.act("assign-lead", sample::inspector(), good);
  CHECK(refusals.front().sources.at(0).id == "law");
  CHECK_FALSE(refusals.front().remedy.zh.empty());
}

TEST_CASE("a guard over data that is missing fails and names it") {
  auto story = assigned();
  auto const refusals = story.act("claim", sample::handler(), Json::object(), {{"plan", {plan()}}});
  REQUIRE(code_of(refusals) == Code::guard_failed);
  CHECK(refusals.front().remedy.en.find("case.fields.fine") != std::string::npos);
  CHECK(code_of(story.act("claim", sample::handler(), {{"fine", 1}})) == Code::document_missing);
}

TEST_CASE("a guard that waits until a deadline is over names the day, holds a second before it and not after") {
  auto document = sample::document();
  document.merge_patch(OrderedJson::parse(R"json({
    "guards": {"over": {"rule": {">=": [{"var": "now"}, {"var": "deadlines.rectify.over"}]}, "else": {
      "zh": "自 {deadlines.rectify.over} 起方可销号。",
      "en": "From {deadlines.rectify.over}: claimed on {case.last.claim.on}, {case.last.claim.at}; {case.last.halt.at}."}}},
    "transitions": {"close": {"guards": ["over"]}}})json"));
  auto definition = parse_definition(document);
  REQUIRE(definition.has_value());
  auto story = claimed();
  story.definition = std::move(*definition);
  story.now = at("2026-09-30T23:59:59+08:00");
  auto const refusals = story.act("close", sample::supervisor());
  REQUIRE(code_of(refusals) == Code::guard_failed);
  CHECK(refusals.front().text.zh == "自 2026-10-01 起方可销号。");
  CHECK(refusals.front().text.en == "From 2026-10-01: claimed on 2026-09-01, 2026-09-01 09:00:00; —.");
  story.now += std::chrono::seconds(1);
  CHECK(story.act("close", sample::supervisor()).empty());
}

TEST_CASE("a reason in words is asked for where the definition says so") {
  auto story = assigned();
  CHECK(code_of(story.act("halt", sample::supervisor(), Json::object(), {}, "  ")) == Code::reason_missing);
  CHECK(code_of(story.act("comment", sample::handler())) == Code::reason_missing);
}

TEST_CASE("the unit that rectifies may not verify") {
  auto story = assigned();
  CHECK(code_of(story.act("claim", sample::handler(), {{"fine", 1}, {"verifier", "water"}}, {{"plan", {plan()}}})) ==
        Code::same_unit_may_not_verify);
  // A part that came to the unit in another way does not help either.
  auto other = claimed();
  other.subject.parties["lead"].push_back({"office", ""});
  CHECK(code_of(other.act("close", sample::supervisor())) == Code::same_unit_may_not_verify);
}

TEST_CASE("when says whether an action is offered at all") {
  auto story = assigned();
  CHECK(code_of(story.act("press-fine", sample::supervisor())) == Code::not_offered);
  // Whose it is not learns nothing of what the condition reads.
  CHECK(code_of(story.act("press-fine", sample::handler())) == Code::not_your_part);
  REQUIRE(story.act("correct", sample::supervisor(), {{"fields", {{"fine", 5}}}}, {}, "漏填").empty());
  CHECK(story.act("press-fine", sample::supervisor()).empty());
  CHECK(story.subject.fields.at("urgent") == true);
  CHECK(story.subject.state == "working");
}

TEST_CASE("a document serves the step it was attached for, not a later one") {
  auto story = assigned();
  REQUIRE(story.act("attach", sample::handler(), Json::object(), {{"plan", {plan()}}}).empty());
  REQUIRE(story.act("claim", sample::handler(), {{"fine", 1}}).empty());
  REQUIRE(story.act("send-back", sample::supervisor(), Json::object(), {}, "不合格").empty());
  CHECK(code_of(story.act("claim", sample::handler(), {{"fine", 1}})) == Code::document_missing);
}

TEST_CASE("a paused deadline has no light, and its due date moves by the days it stood still") {
  auto story = assigned();
  auto const due = story.subject.deadline("rectify")->due;
  CHECK(due == at("2026-09-30T23:59:59+08:00"));
  story.now = at("2026-09-07T10:00:00+08:00");
  REQUIRE(story.act("halt", sample::supervisor(), Json::object(), {}, "汛期").empty());
  CHECK(story.subject.deadline("rectify")->state == Deadline::State::paused);
  CHECK(light_of(story.subject, at("2027-01-01T00:00:00+08:00")) == Light::grey);
  story.now = at("2026-09-17T10:00:00+08:00");
  REQUIRE(story.act("go-on", sample::supervisor()).empty());
  // Ten days on from the 30th: Saturday 10 October, a make-up working day.
  CHECK(story.subject.deadline("rectify")->due == at("2026-10-10T23:59:59+08:00"));
}

TEST_CASE("a rung waits while its deadline is paused, and fires at the instant that has moved with it") {
  auto story = assigned();
  story.now = at("2026-09-07T10:00:00+08:00");
  REQUIRE(story.act("halt", sample::supervisor(), Json::object(), {}, "汛期").empty());
  // Long after 10 October, when the rung would have fired had nothing been paused.
  story.now = at("2026-10-15T10:00:00+08:00");
  story.sweep();
  CHECK(story.subject.deadline("rectify")->rungs.empty());
  CHECK_FALSE(next_wakeup(story.circumstances(), story.subject));
  REQUIRE(story.act("go-on", sample::supervisor()).empty());
  // 38 days on from 30 September: Saturday 7 November, so Monday the 9th; and a working day after that.
  CHECK(story.subject.deadline("rectify")->due == at("2026-11-09T23:59:59+08:00"));
  auto const moved = at("2026-11-10T00:00:00+08:00");
  CHECK(next_wakeup(story.circumstances(), story.subject) == moved);
  story.now = moved - std::chrono::seconds(1);
  story.sweep();
  CHECK(story.subject.deadline("rectify")->rungs.empty());
  story.now = moved;
  story.sweep();
  CHECK(story.subject.deadline("rectify")->rungs.count("press") == 1);
}

TEST_CASE("sent back, the rectification keeps its date; the period follows the level") {
  auto story = claimed();
  CHECK(story.subject.deadline("rectify")->state == Deadline::State::stopped);
  story.now = at("2026-09-20T10:00:00+08:00");
  REQUIRE(story.act("send-back", sample::supervisor(), Json::object(), {}, "不合格").empty());
  CHECK(story.subject.deadline("rectify")->cycle == 1);
  CHECK(story.subject.deadline("rectify")->due == at("2026-09-30T23:59:59+08:00"));
  auto const grave = assigned({{"level", "grave"}});
  CHECK(grave.subject.deadline("rectify")->due == at("2026-09-04T23:59:59+08:00"));
  CHECK(grave.subject.deadline("rectify")->hard_due == at("2026-11-02T23:59:59+08:00"));
}

TEST_CASE("an extension is bounded in number, length and time, and in who may grant it") {
  auto story = assigned();
  auto const extend = [&](char const* until, Actor const& actor, std::string reason = "汛期") {
    return story.act("extend", actor, {{"deadline", "rectify"}, {"until", until}}, {}, std::move(reason));
  };
  auto const leader = sample::person("le", "district", {"district_leader"});
  CHECK(code_of(extend("2026-10-08", sample::handler())) == Code::not_your_part);
  CHECK(code_of(extend("2026-10-08", sample::supervisor(), "")) == Code::reason_missing);
  CHECK(code_of(extend("2026-09-30", sample::supervisor())) == Code::extension_not_later);
  CHECK(code_of(extend("2026-10-30", sample::supervisor())) == Code::guard_failed);
  CHECK(code_of(extend("2026-12-30", leader)) == Code::extension_too_long);
  REQUIRE(extend("2026-10-08", sample::supervisor()).empty());
  CHECK(story.subject.deadline("rectify")->due == at("2026-10-08T23:59:59+08:00"));
  REQUIRE(extend("2026-10-30", leader).empty());
  CHECK(code_of(extend("2026-11-05", leader)) == Code::extension_exhausted);
  auto late = assigned();
  late.now = at("2026-10-01T00:00:00+08:00");
  CHECK(code_of(late.act("extend", sample::supervisor(), {{"deadline", "rectify"}, {"until", "2026-10-08"}}, {},
                         "迟")) == Code::extension_too_late);
  CHECK(code_of(late.act("extend", sample::supervisor(), {{"deadline", "triage"}, {"until", "2026-10-08"}}, {},
                         "迟")) == Code::unknown_action);
}

TEST_CASE("a deadline is paused and resumed by hand only in the state that allows it") {
  auto story = assigned();
  Json const rectify{{"deadline", "rectify"}};
  CHECK(code_of(story.act("resume", sample::supervisor(), rectify, {}, "x")) == Code::deadline_not_paused);
  REQUIRE(story.act("pause", sample::supervisor(), rectify, {}, "鉴定").empty());
  CHECK(code_of(story.act("pause", sample::supervisor(), rectify, {}, "x")) == Code::deadline_not_running);
  CHECK(code_of(story.act("pause", sample::supervisor(), {{"deadline", "ghost"}}, {}, "x")) == Code::unknown_reference);
  REQUIRE(story.act("resume", sample::supervisor(), rectify, {}, "完毕").empty());
}

TEST_CASE("a step that would leave the case with nobody is refused") {
  Story story;
  REQUIRE(story.open({{"problem", "x"}}).empty());
  story.definition.transitions[0].input = {{"rectify_by"}, {}};
  CHECK(code_of(story.act("assign-lead", sample::supervisor(), {{"rectify_by", "2026-09-30"}},
                          {{"photo", {photo()}}})) == Code::party_missing);
}

TEST_CASE("rungs fire once, and a missed deadline fires its transition") {
  Story story;
  REQUIRE(story.open({{"problem", "x"}}).empty());
  CHECK(next_wakeup(story.circumstances(), story.subject) == at("2026-09-07T00:00:00+08:00"));
  story.now = at("2026-09-06T23:59:59+08:00");
  story.sweep();
  CHECK(story.subject.revision == 1);
  story.now = at("2026-09-07T00:00:00+08:00");
  story.sweep();
  CHECK(story.subject.deadline("triage")->rungs.count("remind") == 1);
  story.sweep();
  CHECK(story.subject.revision == 2);
  story.now = at("2026-09-08T23:59:59+08:00");
  story.sweep();
  CHECK(story.subject.state == "found");
  story.now = at("2026-09-09T00:00:00+08:00");
  story.sweep();
  CHECK(story.subject.state == "lapsed");
  CHECK(story.subject.final);
  CHECK_FALSE(next_wakeup(story.circumstances(), story.subject));
}

TEST_CASE("what is opened once is not opened by two rungs of one sweep, and not while one of its link is open") {
  auto document = sample::document();
  auto const open = R"json({"open": {"workflow": "sample", "link": "supervision", "once": true}})json";
  document["deadlines"]["rectify"]["escalations"] = OrderedJson::parse(
      R"json([{"id": "press", "at": {"after": {"count": 1, "unit": "day"}}, "effects": [)json" + std::string(open) +
      R"json(]}, {"id": "again", "at": {"after": {"count": 2, "unit": "day"}}, "effects": [)json" + open + "]}]");
  auto definition = parse_definition(document);
  REQUIRE(definition.has_value());
  struct Before {
    char const* what;
    std::vector<Link> links;
    std::size_t opened;
  };
  Before const table[] = {
      {"none", {}, 1},
      {"one is open", {{"supervision", true, "o1", "sample", "working", "", false}}, 0},
      {"one is over", {{"supervision", true, "o1", "sample", "closed", "rectified", true}}, 1},
      {"one over, one open",
       {{"supervision", true, "o1", "sample", "closed", "rectified", true},
        {"supervision", true, "o2", "sample", "working", "", false}},
       0},
      {"one that opened this case", {{"supervision", false, "o1", "sample", "working", "", false}}, 1},
      {"one of another link", {{"referral", true, "o1", "sample", "working", "", false}}, 1},
  };
  for (auto const& before : table) {
    CAPTURE(before.what);
    auto story = assigned();
    story.definition = *definition;
    story.subject.links = before.links;
    story.now = at("2026-12-01T09:00:00+08:00");
    auto const decision = decide_due(story.circumstances(), story.subject);
    CHECK(decision.after.deadline("rectify")->rungs.size() == 2);
    CHECK(decision.opens.size() == before.opened);
  }
}

TEST_CASE("a missed deadline that leaves the case where it is fires its transition once") {
  Story story;
  for (auto& transition : story.definition.transitions) {
    if (transition.trigger == Trigger::deadline) transition.to.clear();
  }
  REQUIRE(story.open({{"problem", "x"}}).empty());
  story.now = at("2026-09-09T00:00:00+08:00");
  story.sweep();
  auto const revision = story.subject.revision;
  CHECK(story.subject.state == "found");
  CHECK(story.events.back().type == EventType::rung_fired);
  CHECK_FALSE(next_wakeup(story.circumstances(), story.subject));
  story.now += std::chrono::days(30);
  story.sweep();
  CHECK(story.subject.revision == revision);
}

TEST_CASE("allowed actions are what decide would do") {
  auto story = assigned();
  auto const find = [&](Actor const& actor, std::string_view name) -> std::optional<OfferedAction> {
    for (auto const& offered : allowed_actions(story.circumstances(), story.subject, actor))
      if (offered.name == name) return offered;
    return std::nullopt;
  };
  auto const claim = find(sample::handler(), "claim");
  REQUIRE(claim);
  CHECK_FALSE(claim->possible);
  CHECK(claim->refusals.front().code == Code::document_missing);
  CHECK(claim->refusals.front().pointer == "/documents/plan");
  CHECK(claim->refusals.size() == 1);  // the fine can still come with the input
  CHECK(Json::parse(*claim->input_schema).at("properties").contains("fine"));
  CHECK_FALSE(find(sample::supervisor(), "claim"));
  CHECK_FALSE(find(sample::supervisor(), "press-fine"));
  CHECK(find(sample::supervisor(), "halt")->possible);
  CHECK(Json::parse(*find(sample::supervisor(), "extend")->input_schema).at("properties").at("deadline").at("enum") ==
        Json{"rectify"});
  CHECK(find(sample::handler(), "assign"));
  CHECK_FALSE(find(sample::inspector(), "correct"));
}

TEST_CASE("schemas that were made before are offered as they are") {
  auto const story = assigned();
  auto circumstances = story.circumstances();
  auto const anew = allowed_actions(circumstances, story.subject, sample::handler());
  circumstances.schemas = std::make_shared<InputSchemas const>(circumstances.definition, circumstances.organisation);
  auto const kept = allowed_actions(circumstances, story.subject, sample::handler());
  REQUIRE(kept.size() == anew.size());
  REQUIRE_FALSE(kept.empty());
  for (std::size_t place = 0; place < kept.size(); ++place)
    CHECK(*kept[place].input_schema == *anew[place].input_schema);
  auto const* const claim = circumstances.definition.find_transition("claim");
  CHECK(Json::parse(*circumstances.schemas->of_transition("claim")) ==
        input_schema(circumstances.definition, claim->input, circumstances.organisation));
}

TEST_CASE("a unit names its own person for its own part; others need a grant") {
  auto story = assigned();
  REQUIRE(story.act("assign", sample::handler(), {{"party", "lead"}, {"person", "li"}}).empty());
  CHECK(story.subject.parties.at("lead") == std::vector<Holder>{{"water", "li"}});
  CHECK(code_of(story.act("assign", sample::handler(), {{"party", "lead"}, {"unit", "agri"}})) == Code::not_your_part);
  REQUIRE(story.act("assign", sample::supervisor(), {{"party", "lead"}, {"unit", "agri"}}).empty());
  CHECK(story.subject.deadline("rectify")->owner == "agri");
  REQUIRE(story.act("assign", sample::supervisor(), {{"party", "helpers"}, {"unit", "water"}}).empty());
  REQUIRE(story.act("assign", sample::supervisor(), {{"party", "helpers"}, {"unit", "town"}}).empty());
  CHECK(story.subject.parties.at("helpers").size() == 2);
}

TEST_CASE("a corrected date moves the deadline that counts to it, and says so") {
  auto story = assigned();
  REQUIRE(story.act("correct", sample::supervisor(), {{"fields", {{"rectify_by", "2026-09-25"}}}}, {}, "笔误").empty());
  CHECK(story.subject.deadline("rectify")->due == at("2026-09-25T23:59:59+08:00"));
  CHECK(story.events.back().type == EventType::deadline_reprojected);
}

TEST_CASE("a case is seen by its parties and its readers, and by nobody else") {
  auto const story = assigned();
  std::vector<Definition const*> const definitions{&story.definition};
  auto const sees = [&](Actor const& actor) {
    return may_see(visibility_of(actor, definitions, story.organisation), story.subject);
  };
  CHECK(sees(sample::inspector()));
  CHECK(sees(sample::handler()));
  CHECK(sees(sample::person("x", "police", {"supervisor"})));
  CHECK_FALSE(sees(sample::person("x", "police", {"police_liaison"})));
  CHECK_FALSE(sees(sample::person("x", "agri", {"handler", "admin"})));
}

TEST_CASE("the stored row is the case") {
  auto story = claimed();
  auto back = *case_from_text(case_text(story.subject));
  back.number = story.subject.number;
  CHECK(back == story.subject);
  for (auto const& event : story.events) {
    auto const again = event_from_json(Json::parse(event_to_json(event).dump()));
    CHECK(event_to_json(again) == event_to_json(event));
  }
}
