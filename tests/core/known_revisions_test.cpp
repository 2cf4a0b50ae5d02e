// SPDX-License-Identifier: Apache-2.0
#include "engine/core/known_revisions.hpp"

#include <doctest/doctest.h>

#include <set>

#include "engine/core/apply.hpp"
#include "engine/core/case_text.hpp"
#include "engine/core/decide.hpp"
#include "engine/core/sight.hpp"
#include "engine/core/stored_json.hpp"
#include "tests/support/sample.hpp"

using namespace bihuan;
using sample::at;

namespace {

// Each revision an hour after the one before it.
Instant hour(std::int64_t revision) {
  return at("2026-09-01T00:00:00Z") + std::chrono::hours(revision);
}

KnownRevisions without(std::vector<std::int64_t> const& unknown) {
  std::vector<Veiled> veiled;
  for (auto const revision : unknown) veiled.push_back({revision, "step", "", hour(revision - 1)});
  return KnownRevisions(veiled);
}

}  // namespace

TEST_CASE("a reader counts the revisions that they may know of, without a gap") {
  struct Row {
    std::vector<std::int64_t> unknown;
    std::vector<std::int64_t> shown;  // of the real revisions 1, 2, …
    std::int64_t changed;             // the revision at which it last changed
  };
  for (auto const& [unknown, shown, changed] :
       {Row{{}, {1, 2, 3, 4}, 4}, Row{{2}, {1, 1, 2, 3}, 4}, Row{{4}, {1, 2, 3, 3}, 3}, Row{{2, 3}, {1, 1, 1, 2}, 4},
        Row{{3, 4}, {1, 2, 2, 2}, 2}, Row{{2, 4}, {1, 1, 2, 2}, 3}}) {
    auto const known = without(unknown);
    Case subject;
    subject.revision = static_cast<std::int64_t>(shown.size());
    subject.changed = hour(subject.revision);
    CHECK(known.changed(subject) == hour(changed));
    std::set<std::int64_t> const hidden(unknown.begin(), unknown.end());
    for (std::int64_t real = 1; real <= subject.revision; ++real) {
      CAPTURE(real);
      CHECK(known.shown(real) == shown[static_cast<std::size_t>(real - 1)]);
      CHECK(known.knows(real) == (hidden.count(real) == 0));
      if (known.knows(real)) CHECK(known.real(known.shown(real)) == real);
    }
    // What has not come yet is after all that has.
    CHECK(known.real(known.shown(subject.revision) + 1) > subject.revision);
  }
}

TEST_CASE("a step that is kept from some and leaves the case as they see it is no revision of theirs") {
  std::string const field =
      R"("fields": {"clue": {"type": "text", "title": {"zh": "线索", "en": "Clue"}, "shown_to": )";
  std::string const input = R"("input": {"optional": ["clue", "urgent"]}, )";
  auto const step = [&](std::string const& shown_to, std::string const& rest = "") {
    return R"({)" + field +
           R"([{"party": "office"}]}}, "transitions": {"refer": {"title": {"zh": "移送", "en": "Refer"},
      "from": ["found"], "by": [{"role": "supervisor"}], )" +
           input + shown_to + rest + "}}}";
  };
  std::string const office = R"("shown_to": [{"party": "office"}])";
  for (auto const& [what, patch, given, veiled] :
       {std::tuple{"its field is theirs alone", step(office), Json{{"clue", "x"}}, true},
        std::tuple{"a field that all read", step(office), Json{{"urgent", true}}, false},
        std::tuple{"a field that others read too", step(R"("shown_to": [{"party": "lead"}])"), Json{{"clue", "x"}},
                   false},
        std::tuple{"shown to all", step(R"("help": {"zh": "x", "en": "x"})"), Json{{"clue", "x"}}, false},
        std::tuple{"a clock that starts", step(office, R"(, "effects": [{"restart": "triage"}])"), Json::object(),
                   false}}) {
    CAPTURE(std::string(what));
    auto document = sample::document();
    document.merge_patch(OrderedJson::parse(patch));
    auto const definition = parse_definition(document);
    REQUIRE(definition.has_value());
    auto const calendar = sample::calendar();
    auto const organisation = sample::organisation();
    auto const opened_at = at("2026-09-01T09:00:00+08:00");
    Opening opening;
    opening.case_id = "c1";
    opening.workflow = "sample";
    opening.fields = {{"problem", "污水外溢"}};
    auto const opened = decide_opening({*definition, calendar, organisation, opened_at}, opening, sample::inspector());
    REQUIRE(opened.has_value());
    auto const done = decide({*definition, calendar, organisation, opened_at + std::chrono::hours(1)}, opened->after,
                             {"refer", given, {}, "", {}}, sample::supervisor());
    REQUIRE(done.has_value());
    CHECK(done->after.veiled.empty() == !veiled);
    auto events = opened->events;
    events.insert(events.end(), done->events.begin(), done->events.end());
    CHECK(replay(events) == done->after);
    CHECK(case_from_text(case_text(done->after)) == done->after);
    CHECK(read_stored_json(case_text(opened->after))->contains("veiled") == false);

    auto const seen = [&](Actor const& actor) {
      return as_seen(*definition, done->after, actor, organisation, Showing::whole);
    };
    CHECK(seen(sample::supervisor()).revision == 2);
    CHECK(seen(sample::supervisor()).changed == opened_at + std::chrono::hours(1));
    CHECK(seen(sample::inspector()).revision == (veiled ? 1 : 2));
    CHECK(seen(sample::inspector()).changed == opened_at + std::chrono::hours(veiled ? 0 : 1));
    CHECK(changed_for_all(done->after) == seen(sample::inspector()).changed);
    CHECK(seen(sample::inspector()).veiled.empty());
  }
}
