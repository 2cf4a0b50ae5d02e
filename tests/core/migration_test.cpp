// SPDX-License-Identifier: Apache-2.0
#include "engine/core/migration.hpp"

#include <algorithm>

#include "engine/core/apply.hpp"
#include "engine/core/case_text.hpp"
#include "engine/core/sight.hpp"
#include "tests/support/sample.hpp"

using namespace bihuan;
using sample::at;

namespace {

// Every key and every value that is this name, wherever it stands.
void rename_all(OrderedJson& value, std::string const& from, std::string const& to) {
  if (value.is_string() && value == from) value = to;
  if (value.is_array()) {
    for (auto& part : value) rename_all(part, from, to);
  }
  if (!value.is_object()) return;
  auto after = OrderedJson::object();
  for (auto& [key, part] : value.items()) {
    rename_all(part, from, to);
    after[key == from ? to : key] = part;
  }
  value = std::move(after);
}

OrderedJson second_version() {
  auto document = sample::document();
  document["version"] = "2";
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

// A case of the sample that is worked on, with its clock running, and the way to another version.
struct Story {
  Definition definition = sample::definition();
  Calendar calendar = sample::calendar();
  Organisation organisation = sample::organisation();
  Instant now = at("2026-09-01T09:00:00+08:00");
  Case subject;
  std::vector<Event> events;

  Story() {
    Opening opening;
    opening.case_id = "c1";
    opening.workflow = "sample";
    opening.fields = {{"problem", "污水外溢"}};
    take(decide_opening({definition, calendar, organisation, now}, opening, sample::inspector()).value());
    act("assign-lead", sample::supervisor(), {{"lead", "water"}, {"rectify_by", "2026-09-20"}},
        {{"photo", {{std::string(64, 'a'), "photo.jpg", "image/jpeg", 3, 0}}}});
  }

  void take(Decision decision) {
    events.insert(events.end(), decision.events.begin(), decision.events.end());
    subject = std::move(decision.after);
    CHECK(replay(events) == subject);
    CHECK(case_from_text(case_text(subject))->deadlines == subject.deadlines);
  }

  void act(std::string action, Actor const& actor, Json input = Json::object(),
           std::map<std::string, std::vector<Document>> documents = {}, std::string comment = "weil") {
    auto decision =
        decide({definition, calendar, organisation, now}, subject,
               Command{std::move(action), std::move(input), std::move(documents), std::move(comment), {}}, actor);
    if (!decision) MESSAGE(decision.error().front().text.en);
    REQUIRE(decision.has_value());
    take(std::move(*decision));
  }

  Refusals move(Definition const& target, std::string const& map = "{}") {
    auto const read = parse_migration_map(OrderedJson::parse(map), "");
    REQUIRE(read.has_value());
    REQUIRE(check_migration_map(*read, target, "").empty());
    auto decision = decide_migration({target, calendar, organisation, now}, definition, *read, subject,
                                     sample::person("admin", "office", {"admin"}), "换版");
    if (!decision) return decision.error();
    take(std::move(*decision));
    return {};
  }

  Event const& last(EventType type) const {
    auto const found = std::find_if(events.rbegin(), events.rend(), [&](Event const& e) { return e.type == type; });
    REQUIRE(found != events.rend());
    return *found;
  }
};

}  // namespace

TEST_CASE("a case moves to a version that has all it needs, and its clocks keep what was promised") {
  Story story;
  auto const before = story.subject;
  auto const target = [] {
    auto document = second_version();
    document["deadlines"]["rectify"]["within"][0]["period"]["count"] = 10;
    return parsed(document);
  }();
  story.now = at("2026-09-03T09:00:00+08:00");
  CHECK(story.move(target).empty());
  CHECK(story.subject.version == "2");
  CHECK(story.subject.state == "working");
  CHECK(story.subject.revision == before.revision + 1);
  CHECK(story.subject.deadlines == before.deadlines);
  CHECK(story.subject.fields == before.fields);
  CHECK(story.subject.visits == before.visits);
  auto const& event = story.last(EventType::migrated);
  CHECK(event.body.at("from_version") == "1");
  CHECK(event.body.at("version") == "2");
  CHECK(event.body.at("reason") == "换版");
  CHECK(event.actor.at("role") == "admin");
  CHECK(event.index == 0);
}

TEST_CASE("what is called otherwise goes on under its new name: state, part, value, document, clock and who acted") {
  Story story;
  auto document = second_version();
  for (auto const& [from, to] : std::map<std::string, std::string>{{"working", "in-hand"},
                                                                   {"lead", "leader"},
                                                                   {"problem", "matter"},
                                                                   {"photo", "picture"},
                                                                   {"rectify", "put-right"},
                                                                   {"assign-lead", "dispatch"}})
    rename_all(document, from, to);
  auto text = document.dump();
  for (auto const& [from, to] : std::map<std::string, std::string>{{"case.fields.problem", "case.fields.matter"},
                                                                   {"documents.photo.", "documents.picture."}}) {
    for (auto place = text.find(from); place != std::string::npos; place = text.find(from))
      text.replace(place, from.size(), to);
  }
  auto const target = parsed(OrderedJson::parse(text));
  auto const due = story.subject.deadline("rectify")->due;
  auto const acted = story.subject.last.at("assign-lead");
  CHECK(story
            .move(target, R"json({"states": {"working": "in-hand"}, "parties": {"lead": "leader"},
    "fields": {"problem": "matter"}, "documents": {"photo": "picture"}, "deadlines": {"rectify": "put-right"},
    "transitions": {"assign-lead": "dispatch"}})json")
            .empty());
  CHECK(story.subject.state == "in-hand");
  CHECK(story.subject.visits.at("in-hand") == 1);
  CHECK(story.subject.parties.at("leader").front().unit == "water");
  CHECK_FALSE(story.subject.parties.contains("lead"));
  CHECK(story.subject.fields.at("matter") == "污水外溢");
  CHECK_FALSE(story.subject.fields.contains("problem"));
  CHECK(story.subject.title == "污水外溢");
  CHECK(story.subject.documents.at("picture").size() == 1);
  CHECK_FALSE(story.subject.documents.contains("photo"));
  CHECK(story.subject.last.at("dispatch") == acted);
  CHECK(story.subject.deadline("rectify") == nullptr);
  REQUIRE(story.subject.deadline("put-right") != nullptr);
  CHECK(story.subject.deadline("put-right")->due == due);
  CHECK(story.subject.deadline("put-right")->owner_party == "leader");
}

TEST_CASE("moved and moved back by a further version, a case is what it was but for its version") {
  Story story;
  auto const before = story.subject;
  auto document = second_version();
  rename_all(document, "working", "in-hand");
  auto const there = parsed(document);
  CHECK(story.move(there, R"json({"states": {"working": "in-hand"}})json").empty());
  story.definition = there;
  document = sample::document();
  document["version"] = "3";
  CHECK(story.move(parsed(document), R"json({"states": {"in-hand": "working"}})json").empty());
  CHECK(story.subject.version == "3");
  CHECK(story.subject.state == before.state);
  CHECK(story.subject.visits.at("working") == before.visits.at("working"));
  CHECK(story.subject.deadlines == before.deadlines);
  CHECK(story.subject.parties == before.parties);
  CHECK(story.subject.fields == before.fields);
}

TEST_CASE("a case that does not fit says every reason, by place") {
  struct Row {
    std::string what;
    std::function<void(OrderedJson&)> change;
    char const* map;
    Code code;
    char const* pointer;
  };
  auto const field = [](OrderedJson& d, char const* name, char const* member, OrderedJson value) {
    d["fields"][name][member] = std::move(value);
  };
  std::vector<Row> const rows{
      {"its state is gone", [](OrderedJson& d) { rename_all(d, "working", "in-hand"); }, "{}", Code::not_mapped,
       "/states/working"},
      {"its state would be final", [](OrderedJson&) {}, R"json({"states": {"working": "closed"}})json",
       Code::migration_closes, "/states/working"},
      {"a part is gone", [](OrderedJson& d) { rename_all(d, "lead", "leader"); }, "{}", Code::not_mapped,
       "/parties/lead"},
      {"who holds a part may not hold it here",
       [](OrderedJson& d) { d["parties"]["lead"]["unit_kinds"] = {"township"}; }, "{}", Code::party_not_eligible,
       "/parties/lead"},
      {"the owner of its state is given up", [](OrderedJson&) {}, R"json({"parties": {"lead": null}})json",
       Code::party_missing, "/input/lead"},
      {"a value is no longer one", [&](OrderedJson& d) { field(d, "problem", "max_length", 2); }, "{}", Code::too_large,
       "/fields/problem"},
      {"a running clock is gone", [](OrderedJson& d) { rename_all(d, "rectify", "put-right"); }, "{}", Code::not_mapped,
       "/deadlines/rectify"},
      {"a kind of document is gone",
       [](OrderedJson& d) {
         auto text = d.dump();
         for (auto place = text.find("photo"); place != std::string::npos; place = text.find("photo"))
           text.replace(place, 5, "image");
         text.replace(text.find("image/*"), 0, "");
         d = OrderedJson::parse(text);
       },
       "{}", Code::not_mapped, "/documents/photo"},
      {"a value that opening demands is not there",
       [](OrderedJson& d) { d["opening"]["input"]["required"].push_back("level"); }, "{}", Code::missing, "/set/level"},
      {"what is set is no value", [](OrderedJson& d) { d["opening"]["input"]["required"].push_back("level"); },
       R"json({"set": {"level": "unheard-of"}})json", Code::not_a_choice, "/fields/level"},
  };
  for (auto const& row : rows) {
    CAPTURE(row.what);
    Story story;
    auto document = second_version();
    row.change(document);
    auto const before = story.subject;
    auto const faults = story.move(parsed(document), row.map);
    std::string found;
    for (auto const& fault : faults) found += fault.pointer + " " + fault.text.en + "\n";
    CAPTURE(found);
    CHECK(std::any_of(faults.begin(), faults.end(),
                      [&](Refusal const& f) { return f.code == row.code && f.pointer == row.pointer; }));
    CHECK(story.subject == before);
  }
}

TEST_CASE("what is given up by name stays in the history alone, and what is demanded can be given to all") {
  Story story;
  auto document = second_version();
  document["fields"].erase("rectify_by");
  document["transitions"]["assign-lead"]["input"]["required"] = {"lead"};
  document["deadlines"]["rectify"]["within"] = {{"count", 5}, {"unit", "working_day"}};
  document["opening"]["input"]["required"].push_back("level");
  CHECK(story.move(parsed(document), R"json({"fields": {"rectify_by": null}, "set": {"level": "grave"}})json").empty());
  CHECK_FALSE(story.subject.fields.contains("rectify_by"));
  CHECK(story.subject.fields.at("level") == "grave");
}

TEST_CASE("a clock is counted anew, begun anew, stopped or begun when the mapping says so") {
  auto const with = [](char const* map) {
    Story story;
    auto document = second_version();
    document["deadlines"]["rectify"]["within"] = {{"count", 10}, {"unit", "working_day"}};
    story.now = at("2026-09-08T09:00:00+08:00");
    CHECK(story.move(parsed(document), map).empty());
    return story;
  };
  auto const kept = with(R"json({"deadlines": "keep_elapsed"})json").subject;
  CHECK(kept.deadline("rectify")->due == at("2026-09-21T23:59:59+08:00"));

  auto const anew = with(R"json({"deadlines": {"rectify": {"to": "rectify", "clock": "recompute"}}})json");
  CHECK(anew.subject.deadline("rectify")->due == at("2026-09-15T23:59:59+08:00"));
  CHECK(anew.subject.deadline("rectify")->cycle == 1);
  CHECK(anew.subject.deadline("rectify")->period.at("count") == 10);
  CHECK_FALSE(anew.subject.deadline("rectify")->fixed.has_value());
  CHECK(anew.last(EventType::deadline_reprojected).body.at("before") == "2026-09-21T15:59:59Z");

  auto const again = with(R"json({"deadlines": "restart"})json").subject;
  CHECK(again.deadline("rectify")->cycle == 2);
  CHECK(again.deadline("rectify")->due == at("2026-09-22T23:59:59+08:00"));

  auto const none = with(R"json({"deadlines": {"rectify": null}})json").subject;
  CHECK(none.deadline("rectify")->state == Deadline::State::stopped);

  auto const begun = with(R"json({"start": ["triage"]})json").subject;
  CHECK(begun.deadline("triage")->cycle == 2);
  CHECK(begun.deadline("triage")->state == Deadline::State::running);
}

TEST_CASE("a clock stands still where the state here pauses it and the one there did not, and the other way round") {
  auto document = second_version();
  document["states"]["working"]["pauses"] = {"rectify"};
  document["states"]["halted"].erase("pauses");
  auto const target = parsed(document);
  Story working;
  CHECK(working.move(target).empty());
  CHECK(working.subject.deadline("rectify")->state == Deadline::State::paused);

  Story halted;
  halted.act("halt", sample::supervisor());
  REQUIRE(halted.subject.deadline("rectify")->state == Deadline::State::paused);
  halted.now = at("2026-09-05T09:00:00+08:00");
  CHECK(halted.move(target).empty());
  CHECK(halted.subject.deadline("rectify")->state == Deadline::State::running);
}

TEST_CASE("a closed case stays with its version") {
  Story story;
  story.subject.final = true;
  auto const faults = story.move(parsed(second_version()));
  REQUIRE(faults.size() == 1);
  CHECK(faults.front().code == Code::case_is_final);
}

TEST_CASE("a mapping is read whole, names its faults, and is the same written out again") {
  auto const text = R"json({"states": {"a": "working"}, "fields": {"x": null}, "deadlines": {"r": {"to": "rectify",
    "clock": "restart"}, "gone": null}, "start": ["triage"], "set": {"level": "grave"}})json";
  auto const map = parse_migration_map(OrderedJson::parse(text), "/map");
  REQUIRE(map.has_value());
  auto const written = to_json(*map);
  auto const again = parse_migration_map(OrderedJson(written), "");
  REQUIRE(again.has_value());
  CHECK(to_json(*again) == written);
  CHECK(check_migration_map(*map, sample::definition(), "/map").empty());

  auto const names = [](Refusals const& faults, Code code, std::string const& pointer) {
    return std::any_of(faults.begin(), faults.end(),
                       [&](Refusal const& fault) { return fault.code == code && fault.pointer == pointer; });
  };
  auto const wrong = parse_migration_map(
      OrderedJson::parse(
          R"json({"states": {"a": null}, "deadlines": {"r": {"to": "x", "clock": "never"}}, "more": 1})json"),
      "/map");
  REQUIRE_FALSE(wrong.has_value());
  CHECK(names(wrong.error(), Code::wrong_type, "/map/states/a"));
  CHECK(names(wrong.error(), Code::not_a_choice, "/map/deadlines/r/clock"));
  CHECK(names(wrong.error(), Code::unknown_field, "/map/more"));

  auto const astray = parse_migration_map(
      OrderedJson::parse(R"json({"states": {"a": "nowhere"}, "fields": {"x": "level", "y": "level"}})json"), "");
  REQUIRE(astray.has_value());
  auto const faults = check_migration_map(*astray, sample::definition(), "/map");
  CHECK(names(faults, Code::unknown_reference, "/map/states/a"));
  CHECK(names(faults, Code::name_clash, "/map/fields/y"));
}

TEST_CASE("a definition says itself how cases of an older version move to it") {
  auto document = second_version();
  rename_all(document, "working", "in-hand");
  document["migrations"] = OrderedJson::parse(R"json([{"from_version": "1", "states": {"working": "in-hand"}}])json");
  auto const target = parsed(document);
  CHECK(own_migration_map(target, "1").states.at("working") == "in-hand");
  CHECK(own_migration_map(target, "0").states.empty());
  document["migrations"][0]["states"]["working"] = "nowhere";
  auto const faulty = parse_definition(document);
  REQUIRE_FALSE(faulty.has_value());
  CHECK(faulty.error().front().pointer == "/migrations/0/states/working");
}
