// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/support/sample.hpp"

using namespace bihuan;

namespace {

// The sample, changed by a JSON merge patch (RFC 7396).
OrderedJson with(char const* patch) {
  auto document = sample::document();
  document.merge_patch(OrderedJson::parse(patch));
  return document;
}

bool names(Refusals const& faults, Code code, std::string const& pointer) {
  return std::any_of(faults.begin(), faults.end(),
                     [&](Refusal const& fault) { return fault.code == code && fault.pointer == pointer; });
}

struct Fault {
  char const* what;
  char const* patch;
  Code code;
  char const* pointer;
};

}  // namespace

TEST_CASE("the sample is sound") {
  CHECK(sample::definition().states.size() == 6);
}

TEST_CASE("a fault of a definition is named by its pointer") {
  Fault const faults[] = {
      {"unknown key", R"({"colour": 1})", Code::unknown_field, "/colour"},
      {"no version", R"({"version": null})", Code::missing, "/version"},
      {"wrong type", R"({"states": 5})", Code::wrong_type, "/states"},
      {"bad id", R"({"id": "Bad Id"})", Code::bad_identifier, "/id"},
      {"bad prefix", R"({"number_prefix": "lower"})", Code::bad_identifier, "/number_prefix"},
      {"text in one language", R"({"title": {"en": null}})", Code::missing, "/title/en"},
      {"unknown mark", R"({"basis": [{"id": "law", "source": "x", "mark": "hearsay"}]})", Code::not_a_choice,
       "/basis/0/mark"},
      {"field without a type", R"({"fields": {"size": {"type": null}}})", Code::missing, "/fields/size/type"},
      {"unknown field type", R"({"fields": {"size": {"type": "colour"}}})", Code::not_a_choice, "/fields/size/type"},
      {"min above max", R"({"fields": {"size": {"min": 10}}})", Code::out_of_bounds, "/fields/size/max"},
      {"choice without choices", R"({"fields": {"level": {"choices": null}}})", Code::missing, "/fields/level/choices"},
      {"initial state unknown", R"({"initial": "nowhere"})", Code::unknown_reference, "/initial"},
      {"title field unknown", R"({"case_title": "nothing"})", Code::unknown_reference, "/case_title"},
      {"published state unknown", R"({"public": {"states": ["ghost"]}})", Code::unknown_reference, "/public/states/0"},
      {"published field unknown", R"({"public": {"states": ["found"], "fields": ["ghost"]}})", Code::unknown_reference,
       "/public/fields/0"},
      {"published field personal", R"({"public": {"states": ["found"], "fields": ["level", "contact"]}})",
       Code::unknown_reference, "/public/fields/1"},
      {"published party unknown", R"({"public": {"states": ["found"], "parties": ["ghost"]}})", Code::unknown_reference,
       "/public/parties/0"},
      {"owner unknown", R"({"states": {"found": {"owner": "ghost"}}})", Code::unknown_reference, "/states/found/owner"},
      {"paused deadline unknown", R"({"states": {"halted": {"pauses": ["ghost"]}}})", Code::unknown_reference,
       "/states/halted/pauses/0"},
      {"from unknown", R"({"transitions": {"halt": {"from": ["ghost"]}}})", Code::unknown_reference,
       "/transitions/halt/from/0"},
      {"no from", R"({"transitions": {"halt": {"from": []}}})", Code::missing, "/transitions/halt/from"},
      {"to unknown", R"({"transitions": {"halt": {"to": "ghost"}}})", Code::unknown_reference, "/transitions/halt/to"},
      {"party of a grant unknown", R"({"transitions": {"halt": {"by": [{"party": "ghost"}]}}})",
       Code::unknown_reference, "/transitions/halt/by/0/party"},
      {"input unknown", R"({"transitions": {"claim": {"input": {"optional": ["ghost"]}}}})", Code::unknown_reference,
       "/transitions/claim/input/optional/0"},
      {"document unknown", R"({"transitions": {"claim": {"requires_documents": ["ghost"]}}})", Code::unknown_reference,
       "/transitions/claim/requires_documents/0"},
      {"guard unknown", R"({"transitions": {"claim": {"guards": ["ghost"]}}})", Code::unknown_reference,
       "/transitions/claim/guards/0"},
      {"basis unknown", R"({"transitions": {"claim": {"basis": ["ghost"]}}})", Code::unknown_reference,
       "/transitions/claim/basis/0"},
      {"deadline of a trigger unknown", R"({"transitions": {"lapse": {"deadline": "ghost"}}})", Code::unknown_reference,
       "/transitions/lapse/deadline"},
      {"start unknown", R"({"deadlines": {"triage": {"start": {"on": ["ghost"]}}}})", Code::unknown_reference,
       "/deadlines/triage/start/on/0"},
      {"period counts to what is no date",
       R"({"deadlines": {"triage": {"within": {"count": null, "unit": null, "field": "size"}}}})",
       Code::unknown_reference, "/deadlines/triage/within/0/period/field"},
      {"unit of a period unknown", R"({"deadlines": {"triage": {"within": {"unit": "fortnight"}}}})",
       Code::not_a_choice, "/deadlines/triage/within/unit"},
      {"effect on an unknown deadline", R"({"transitions": {"halt": {"effects": [{"stop": "ghost"}]}}})",
       Code::unknown_reference, "/transitions/halt/effects/0"},
      {"effect unknown", R"({"transitions": {"halt": {"effects": [{"explode": "now"}]}}})", Code::unknown_field,
       "/transitions/halt/effects/0/explode"},
      {"field and party of one name", R"({"fields": {"lead": {"type": "text", "title": {"zh": "x", "en": "x"}}}})",
       Code::name_clash, "/parties/lead"},
      {"transition named as a general action",
       R"({"transitions": {"comment": {"title": {"zh": "x", "en": "x"}, "from": ["found"], "by": [{"role": "supervisor"}]}}})",
       Code::name_clash, "/transitions/comment"},
      {"unreachable state", R"({"states": {"island": {"title": {"zh": "岛", "en": "Island"}, "final": true}}})",
       Code::unreachable_state, "/states/island"},
      {"no way to a final state", R"({"transitions": {"close": {"to": "working"}}})", Code::no_way_to_final,
       "/states/working"},
      {"no final state", R"({"states": {"closed": {"final": false}, "lapsed": {"final": false}}})",
       Code::no_final_state, "/states"},
      {"state without owner", R"({"states": {"working": {"owner": null}}})", Code::state_without_owner,
       "/states/working"},
      {"dead end", R"({"transitions": {"go-on": {"by": []}}})", Code::state_without_way_out, "/states/halted"},
      {"trigger by a link in a state that awaits none", R"({"transitions": {"halt": {"trigger": "link", "by": null}}})",
       Code::missing, "/states/working"},
      {"competing triggers",
       R"({"transitions": {"lapse-too": {"from": ["found"], "to": "lapsed", "trigger": "deadline", "deadline": "triage"}}})",
       Code::competing_triggers, "/transitions/lapse"},
      {"a deadline that never starts", R"({"deadlines": {"triage": {"start": {"on": []}}}})",
       Code::deadline_never_starts, "/deadlines/triage"},
      {"a deadline that never stops", R"({"deadlines": {"rectify": {"stop": {"on": []}}}})", Code::deadline_never_stops,
       "/deadlines/rectify"},
      {"a period without default",
       R"({"deadlines": {"triage": {"within": [{"when": true, "period": {"count": 1, "unit": "day"}}]}}})",
       Code::period_without_default, "/deadlines/triage/within"},
      {"a party distinct from itself", R"({"parties": {"verifier": {"distinct_from": ["verifier"]}}})",
       Code::duties_not_separable, "/parties/verifier/distinct_from/0"},
      {"a guard over what does not exist",
       R"({"guards": {"film": {"rule": {"var": "documents.film.count"}, "else": {"zh": "x", "en": "x"}}}})",
       Code::guard_reads_unknown, "/guards/film/rule"},
      {"guard text names what does not exist",
       R"json({"guards": {"short": {"else": {"zh": "{deadlines.ghost.over}", "en": "x"}}}})json",
       Code::guard_reads_unknown, "/guards/short/else"},
      {"guard text names what is no time",
       R"json({"guards": {"short": {"else": {"zh": "x", "en": "{case.fields.contact}"}}}})json",
       Code::guard_reads_unknown, "/guards/short/else"},
      {"a guard over a path that is computed",
       R"({"guards": {"film": {"rule": {"var": {"var": "case.state"}}, "else": {"zh": "x", "en": "x"}}}})",
       Code::bad_rule, "/guards/film/rule"},
      {"an operator that does not exist",
       R"({"guards": {"film": {"rule": {"roll": [1, 2]}, "else": {"zh": "x", "en": "x"}}}})", Code::bad_rule,
       "/guards/film/rule/roll"},
      {"two rungs of one name",
       R"({"deadlines": {"triage": {"escalations": [{"id": "a", "at": {"after": {"count": 1, "unit": "day"}}}, {"id": "a", "at": {"after": {"count": 2, "unit": "day"}}}]}}})",
       Code::name_clash, "/deadlines/triage/escalations/1/id"},
  };
  for (auto const& fault : faults) {
    CAPTURE(std::string(fault.what));
    auto const parsed = parse_definition(with(fault.patch));
    REQUIRE_FALSE(parsed.has_value());
    bool const named = names(parsed.error(), fault.code, fault.pointer);
    if (!named) {
      for (auto const& found : parsed.error())
        MESSAGE(code_name(found.code) << " " << found.pointer << ": " << found.text.en);
    }
    CHECK(named);
    for (auto const& found : parsed.error()) {
      CHECK_FALSE(found.text.zh.empty());
      CHECK_FALSE(found.text.en.empty());
    }
  }
}

TEST_CASE("every fault is named, not the first one only") {
  auto const parsed = parse_definition(with(R"({"initial": "nowhere", "colour": 1, "case_title": "nothing"})"));
  REQUIRE_FALSE(parsed.has_value());
  CHECK(names(parsed.error(), Code::unknown_reference, "/initial"));
  CHECK(names(parsed.error(), Code::unknown_field, "/colour"));
  CHECK(names(parsed.error(), Code::unknown_reference, "/case_title"));
}

TEST_CASE("what is no object at all is a fault, not a crash") {
  for (auto const* const text :
       {"null", "5", "[]", "\"x\"", "{}", "{\"states\": [1]}", "{\"transitions\": {\"a\": 5}}"})
    CHECK_FALSE(parse_definition(OrderedJson::parse(text)).has_value());
}

TEST_CASE("triggers whose conditions exclude each other do not compete") {
  auto const parsed = parse_definition(with(R"({"transitions": {
    "lapse": {"when": {"==": [{"var": "case.fields.urgent"}, true]}},
    "lapse-too": {"from": ["found"], "to": "lapsed", "trigger": "deadline", "deadline": "triage",
                  "when": {"!=": [{"var": "case.fields.urgent"}, true]}}}})"));
  CHECK(parsed.has_value());
}

TEST_CASE("definitions are checked together") {
  auto const organisation = sample::organisation();
  auto const together = [&](char const* patch) {
    auto const parsed = parse_definition(with(patch));
    REQUIRE(parsed.has_value());
    return check_together({&*parsed}, organisation);
  };
  CHECK(together("{}").empty());
  CHECK(names(together(R"({"transitions": {"halt": {"effects": [{"open": {"workflow": "ghost", "link": "l"}}]}}})"),
              Code::unknown_workflow, "sample#/transitions/halt/effects/0/open/workflow"));
  CHECK(names(together(R"({"opening": {"effects": [{"open": {"workflow": "sample", "link": "l"}}]}})"),
              Code::opens_for_ever, "sample#"));
  CHECK(names(together(R"({"parties": {"lead": {"unit_kinds": ["martian"]}}})"), Code::unknown_reference,
              "sample#/parties/lead/unit_kinds"));
  CHECK(names(together(R"({"parties": {"lead": {"units": ["ghost"]}}})"), Code::unknown_unit,
              "sample#/parties/lead/units"));
  CHECK(names(together(R"({"parties": {"office": {"default": {"unit": "ghost", "unit_kind": null}}}})"),
              Code::unknown_unit, "sample#/parties/office/default"));
  CHECK(names(together(R"({"parties": {"office": {"default": {"unit_kind": "administrative"}}}})"), Code::unknown_unit,
              "sample#/parties/office/default"));
  CHECK(names(together(R"({"parties": {"office": {"unit_kinds": ["police"]}}})"), Code::party_not_eligible,
              "sample#/parties/office/default"));
  CHECK(names(together(R"({"parties": {"lead": {"unit_kinds": ["police"]}, "verifier": {"unit_kinds": ["police"]}}})"),
              Code::duties_not_separable, "sample#/parties/verifier/distinct_from"));
  for (auto const* const list : {"requires_documents", "optional_documents"}) {
    auto const patch =
        std::string(R"({"transitions": {"halt": {"shown_to": [{"party": "office"}], ")") + list + R"(": ["plan"]}}})";
    CHECK(
        names(together(patch.c_str()), Code::hidden_takes_documents, std::string("sample#/transitions/halt/") + list));
  }
  CHECK(together(R"({"transitions": {"halt": {"shown_to": [{"party": "office"}]}}})").empty());
}

TEST_CASE("a wheel of two workflows that open each other is found from either side") {
  auto const organisation = sample::organisation();
  auto const one =
      parse_definition(with(R"({"opening": {"effects": [{"open": {"workflow": "other", "link": "l"}}]}})"));
  auto const escalating = R"({"id": "other", "deadlines": {"rectify": {"escalations": [
      {"id": "late", "at": {"after": {"count": 1, "unit": "day"}},
       "effects": [{"open": {"workflow": "sample", "link": "back"}}]}]}}})";
  auto const other = parse_definition(with(escalating));
  REQUIRE(one.has_value());
  REQUIRE(other.has_value());
  auto const faults = check_together({&*one, &*other}, organisation);
  CHECK(names(faults, Code::opens_for_ever, "sample#"));
  CHECK(names(faults, Code::opens_for_ever, "other#"));
  // What a link or a missed deadline triggers needs no person either.
  auto const waiting = parse_definition(with(R"({"id": "other",
      "states": {"found": {"awaits": {"link": "back", "until": {"var": "link.final"}}}},
      "transitions": {"joined": {"from": ["found"], "to": "lapsed", "trigger": "link",
                                 "effects": [{"open": {"workflow": "sample", "link": "back"}}]}}})"));
  auto const missing = parse_definition(with(
      R"({"id": "other", "transitions": {"lapse": {"effects": [{"open": {"workflow": "sample", "link": "back"}}]}}})"));
  for (auto const* const turning : {&waiting, &missing}) {
    REQUIRE(turning->has_value());
    auto const found = check_together({&*one, &**turning}, organisation);
    CHECK(names(found, Code::opens_for_ever, "sample#"));
    CHECK(names(found, Code::opens_for_ever, "other#"));
  }
  // A person who has to act in between stops the wheel.
  auto const by_hand = parse_definition(with(
      R"({"id": "other", "transitions": {"halt": {"effects": [{"open": {"workflow": "sample", "link": "back"}}]}}})"));
  REQUIRE(by_hand.has_value());
  CHECK(check_together({&*one, &*by_hand}, organisation).empty());
}

TEST_CASE("a link tells who holds a part that is there, of a workflow that not only its parties see") {
  auto const organisation = sample::organisation();
  auto const faults_of = [&](std::string const& part, char const* other_patch) {
    auto const one = parse_definition(with((R"({"guards": {"short": {"rule": {"var": "links.l.cases"}}},
        "transitions": {"halt": {"effects": [{"open": {"workflow": "other", "link": "l", "tells": ")" +
                                            part + R"("}}]}}})")
                                               .c_str()));
    auto const other = parse_definition(with(other_patch));
    REQUIRE(one.has_value());
    REQUIRE(other.has_value());
    return check_together({&*one, &*other}, organisation);
  };
  auto const here = "sample#/transitions/halt/effects/0/open/tells";
  CHECK(faults_of("lead", R"({"id": "other"})").empty());
  CHECK(names(faults_of("ghost", R"({"id": "other"})"), Code::unknown_reference, here));
  CHECK(names(faults_of("lead", R"({"id": "other", "readers": []})"), Code::link_tells_hidden, here));
}

TEST_CASE("a report counts what its readers may all read, of a month that the case names") {
  auto const organisation = sample::organisation();
  auto const counting = [](std::string const& report, std::string const& rest = "") {
    return parse_definition(with((R"({"documents": {"plan": {"report": )" + report + "}}" + rest + "}").c_str()));
  };
  auto const faults_of = [&](std::string const& report, std::string const& rest = "") {
    auto const parsed = counting(report, rest);
    REQUIRE(parsed.has_value());
    return check_together({&*parsed}, organisation);
  };
  std::string const sound = R"({"month": "rectify_by", "workflows": {"sample": "lead"}})";
  CHECK(faults_of(sound).empty());
  auto const no_month = counting(R"({"month": "level", "workflows": {"sample": "lead"}})");
  REQUIRE_FALSE(no_month.has_value());
  CHECK(names(no_month.error(), Code::unknown_reference, "/documents/plan/report/month"));
  auto const nothing = counting(R"({"month": "rectify_by", "workflows": {}})");
  REQUIRE_FALSE(nothing.has_value());
  CHECK(names(nothing.error(), Code::missing, "/documents/plan/report/workflows"));
  CHECK(names(faults_of(R"({"month": "rectify_by", "workflows": {"ghost": "lead"}})"), Code::unknown_workflow,
              "sample#/documents/plan/report/workflows/ghost"));
  CHECK(names(faults_of(R"({"month": "rectify_by", "workflows": {"sample": "ghost"}})"), Code::unknown_reference,
              "sample#/documents/plan/report/workflows/sample"));
  auto const hidden = "sample#/documents/plan/report/workflows/sample";
  CHECK(names(faults_of(sound, R"(, "readers": [])"), Code::report_counts_hidden, hidden));
  CHECK(names(faults_of(sound, R"(, "case_title": "contact")"), Code::report_counts_hidden, hidden));
}
