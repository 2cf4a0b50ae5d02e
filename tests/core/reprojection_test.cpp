// SPDX-License-Identifier: Apache-2.0
#include "engine/core/reprojection.hpp"

#include "engine/core/apply.hpp"
#include "tests/support/sample.hpp"

using namespace bihuan;
using sample::at;

namespace {

OrderedJson const new_year_off =
    OrderedJson::parse(R"json([{"date": "2027-01-01", "title": {"zh": "元旦", "en": "New Year's Day"}}])json");

// The sample's calendar with a notice for 2027.
Calendar with_2027(OrderedJson const& days_off, OrderedJson const& working_days = OrderedJson::array()) {
  auto const text = OrderedJson{
      {"id", "cn"},
      {"title", {{"zh", "日历"}, {"en", "Calendar"}}},
      {"years",
       {{"2026",
         {{"notice", {{"title", {{"zh", "通知"}, {"en", "Notice"}}}}},
          {"days_off",
           OrderedJson::parse(R"json([{"date": "2026-10-01", "title": {"zh": "国庆节", "en": "National Day"}}])json")},
          {"working_days", OrderedJson::array()}}},
        {"2027",
         {{"notice", {{"title", {{"zh", "通知"}, {"en", "Notice"}}}}},
          {"days_off", days_off},
          {"working_days", working_days}}}}}};
  auto parsed = Calendar::parse(text);
  REQUIRE(parsed.has_value());
  return std::move(*parsed);
}

// A case of the sample, opened on Tuesday 29 December 2026 while 2027 is not announced: five working days end on
// Tuesday 5 January, New Year's Day being taken for a Friday like others.
struct Story {
  Definition definition = sample::definition();
  Organisation organisation = sample::organisation();
  Calendar old = sample::calendar();
  Case subject;

  Story() {
    Opening opening;
    opening.case_id = "c1";
    opening.workflow = "sample";
    opening.fields = {{"problem", "污水外溢"}};
    auto decision = decide_opening(circumstances(old, "2026-12-29T09:00:00+08:00"), opening, sample::inspector());
    REQUIRE(decision.has_value());
    subject = std::move(decision->after);
    REQUIRE(deadline().due == at("2027-01-05T23:59:59+08:00"));
    REQUIRE(deadline().provisional);
  }

  Circumstances circumstances(Calendar const& calendar, char const* now) const {
    return {definition, calendar, organisation, at(now)};
  }
  Deadline const& deadline() const { return *subject.deadline("triage"); }
  Decision load(Calendar const& calendar) {
    auto decision = decide_calendar_changed(circumstances(calendar, "2026-12-30T09:00:00+08:00"), subject);
    subject = decision.after;
    return decision;
  }
};

}  // namespace

TEST_CASE("a new calendar moves a running deadline by an event that says from when to when") {
  Story story;
  auto const revision = story.subject.revision;
  auto const decision = story.load(with_2027(new_year_off));
  REQUIRE(decision.events.size() == 1);
  auto const& event = decision.events.front();
  CHECK(event.type == EventType::deadline_reprojected);
  CHECK(event.body.at("before") == "2027-01-05T15:59:59Z");
  CHECK(event.body.at("due") == "2027-01-06T15:59:59Z");
  CHECK(event.body.at("announced_until") == 2027);
  CHECK(event.actor.at("person") == Actor::the_system().person);
  CHECK(story.deadline().due == at("2027-01-06T23:59:59+08:00"));
  CHECK(story.deadline().cycle == 1);
  CHECK_FALSE(story.deadline().provisional);
  CHECK(story.subject.revision == revision + 1);
}

TEST_CASE("a deadline that stays where it was is no longer provisional, and the same calendar again changes nothing") {
  Story story;
  auto const calendar =
      with_2027(new_year_off,
                OrderedJson::parse(R"json([{"date": "2027-01-03", "title": {"zh": "元旦", "en": "Make-up"}}])json"));
  CHECK(story.load(calendar).events.size() == 1);
  CHECK(story.deadline().due == at("2027-01-05T23:59:59+08:00"));
  CHECK_FALSE(story.deadline().provisional);
  CHECK(story.load(calendar).events.empty());
}

TEST_CASE("a rung that has fired does not fire again when the new calendar moves its deadline on") {
  Story story;
  auto const calendar = with_2027(new_year_off);
  story.subject = decide_due(story.circumstances(story.old, "2027-01-04T00:00:00+08:00"), story.subject).after;
  REQUIRE(story.deadline().rungs == std::set<std::string>{"remind"});
  CHECK(story.load(calendar).events.size() == 1);
  CHECK(story.deadline().rungs == std::set<std::string>{"remind"});
  CHECK(decide_due(story.circumstances(calendar, "2027-01-05T00:00:00+08:00"), story.subject).events.empty());
}

TEST_CASE("a deadline that has stopped stays as it was") {
  Story story;
  auto command = Command{};
  command.action = "assign-lead";
  command.input = {{"lead", "water"}, {"rectify_by", "2026-12-31"}};
  command.documents["photo"] = {{std::string(64, 'a'), "photo.jpg", "image/jpeg", 3, 0}};
  auto decision =
      decide(story.circumstances(story.old, "2026-12-29T10:00:00+08:00"), story.subject, command, sample::supervisor());
  REQUIRE(decision.has_value());
  story.subject = std::move(decision->after);
  auto const stopped = story.deadline();
  story.load(with_2027(new_year_off));
  CHECK(story.deadline() == stopped);
}
