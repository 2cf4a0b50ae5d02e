// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/story.hpp"

#include <utility>
#include <vector>

#include "engine/core/apply.hpp"

namespace bihuan::crash {
namespace {

constexpr std::int64_t first_second = 1793491200;  // 2026-11-01T00:00:00Z
constexpr std::int64_t day = 24 * 60 * 60;

Instant at(std::int64_t seconds) {
  return Instant(std::chrono::seconds(first_second + seconds));
}

std::string state_after(std::int64_t revision) {
  return revision % 2 == 0 ? "rectifying" : "checking";
}

Append append_of(std::string const& token, std::vector<Change> changes) {
  auto const& asked = changes.front().after;
  Append append;
  append.outbox.push_back({"notification", asked.id, {{"kind", "moved"}, {"to", Json::array()}}});
  append.key = IdempotencyKey{teller, token, "request of " + token};
  append.at = asked.changed;
  append.changes = std::move(changes);
  return append;
}

}  // namespace

Event Story::event(EventType type, Json body, int index) const {
  return {.case_id = id_,
          .revision = before_.revision + 1,
          .index = index,
          .type = type,
          .at = at(before_.revision * 60),
          .actor = {{"person", teller}, {"unit", "water"}, {"role", "handler"}},
          .body = std::move(body),
          .previous = {},
          .hash = {}};
}

Event Story::transition(std::string const& token) const {
  return event(EventType::transitioned,
               {{"transition", "go"},
                {"state", state_after(before_.revision + 1)},
                {"final", false},
                {"outcome", ""},
                {"comment", token}},
               0);
}

Event Story::linked(std::string const& other, bool outward, std::string const& state, int index) const {
  return event(EventType::linked,
               {{"link", "referral"},
                {"outward", outward},
                {"case", other},
                {"workflow", "inspection-issue"},
                {"state", state},
                {"outcome", ""},
                {"final", false}},
               index);
}

std::vector<Event> Story::opening(std::string const& token) const {
  return {event(EventType::opened,
                {{"workflow", "inspection-issue"},
                 {"version", "1"},
                 {"title", "雨水口有污水外溢 " + id_},
                 {"state", "found"},
                 {"final", false},
                 {"outcome", ""},
                 {"fields", {{"category", "water"}, {"problem", "雨水口冒黑水，有臭味"}}},
                 {"parties", {{"lead", {{{"unit", "water"}, {"person", ""}}}}}},
                 {"comment", token}},
                0),
          event(EventType::deadline_started,
                {{"deadline", "rectify"},
                 {"cycle", 1},
                 {"owner_party", "lead"},
                 {"owner", "water"},
                 {"started", format_utc(at(0))},
                 {"period", {{"count", 3}, {"unit", "day"}}},
                 {"counting", Json::object()},
                 {"fixed", nullptr},
                 {"due", format_utc(at(3 * day))},
                 {"warn", format_utc(at(2 * day))},
                 {"hard_due", nullptr},
                 {"provisional", false}},
                1)};
}

Change Story::change(std::vector<Event> events) {
  after_ = before_;
  for (auto const& event : events) apply(after_, event);
  Change change;
  change.before = before_;
  change.after = after_;
  change.events = std::move(events);
  change.number_scope = "BN-WT-2026";
  change.owner_party = "lead";
  change.wakeup = at(2 * day + after_.revision);
  change.search_text = after_.title + " " + std::to_string(after_.revision / 3);
  return change;
}

Append Story::open(std::string const& token) {
  return append_of(token, {change(opening(token))});
}

Append Story::go(std::string const& token, std::optional<std::string> const& document) {
  std::vector<Event> events{transition(token)};
  if (document)
    events.push_back(event(
        EventType::document_added,
        {{"kind", "site-photo"}, {"sha256", *document}, {"name", "现场.jpg"}, {"type", "image/jpeg"}, {"size", 3}}, 1));
  return append_of(token, {change(std::move(events))});
}

Append Story::go_and_open(std::string const& token, std::string const& other) {
  Story child(other);
  auto events = child.opening("");
  events.push_back(child.linked(id_, false, state_after(before_.revision + 1), static_cast<int>(events.size())));
  auto opened = child.change(std::move(events));
  auto went = change({transition(token), linked(other, true, "found", 1)});
  std::vector<Change> changes;
  changes.push_back(std::move(went));
  changes.push_back(std::move(opened));
  return append_of(token, std::move(changes));
}

}  // namespace bihuan::crash
