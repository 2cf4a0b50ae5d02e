// SPDX-License-Identifier: Apache-2.0
#include "tests/store/builders.hpp"

#include <unistd.h>

#include <atomic>

namespace bihuan::test {

Instant at(std::int64_t seconds) {
  return Instant{std::chrono::seconds{1793491200 + seconds}};
}

Visibility seen_by(std::string unit, std::vector<std::string> workflows) {
  return {.unit = std::move(unit), .workflows = std::move(workflows), .everything = false};
}

TemporaryDirectory::TemporaryDirectory() {
  static std::atomic<int> made{0};
  path_ = std::filesystem::temp_directory_path() /
          ("bihuan-store-" + std::to_string(getpid()) + "-" + std::to_string(++made));
  std::filesystem::create_directories(path_);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Tale::Tale(Story story) : story_(std::move(story)) {}

Event Tale::event(EventType type, Json body, int index) const {
  return {.case_id = story_.id,
          .revision = subject_.revision + 1,
          .index = index,
          .type = type,
          .at = at(story_.opened + subject_.revision),
          .actor = {{"person", story_.opener}, {"unit", "supervision"}, {"role", "inspector"}},
          .body = std::move(body),
          .previous = {},
          .hash = {}};
}

Change Tale::change(std::vector<Event> events) {
  Change made{.before = subject_,
              .after = {},
              .events = events,
              .number_scope = "BN-WT-2026",
              .owner_party = {},
              .wakeup = std::nullopt,
              .search_text = {}};
  for (Event const& event : events) {
    apply(subject_, event);
  }
  made.after = subject_;
  made.owner_party = subject_.final ? "" : "lead";
  made.search_text = subject_.title;
  for (Deadline const& deadline : subject_.deadlines) {
    if (deadline.state != Deadline::State::running) {
      continue;
    }
    made.wakeup = made.wakeup ? std::min(*made.wakeup, deadline.warn) : deadline.warn;
  }
  return made;
}

Event Tale::started(std::string const& deadline, std::int64_t due, std::int64_t warn_before, int index) const {
  return event(EventType::deadline_started,
               {{"deadline", deadline},
                {"cycle", 1},
                {"owner_party", "lead"},
                {"owner", story_.lead},
                {"started", format_utc(at(story_.opened))},
                {"period", {{"count", 3}, {"unit", "day"}}},
                {"counting", Json::object()},
                {"fixed", nullptr},
                {"due", format_utc(at(due))},
                {"warn", format_utc(at(due - warn_before))},
                {"hard_due", nullptr},
                {"provisional", false}},
               index);
}

Change Tale::open(std::optional<std::int64_t> due, std::int64_t warn_before) {
  std::vector<Event> events{event(EventType::opened,
                                  {{"workflow", story_.workflow},
                                   {"version", "1"},
                                   {"title", story_.title},
                                   {"state", "found"},
                                   {"final", false},
                                   {"outcome", ""},
                                   {"fields", story_.fields},
                                   {"parties",
                                    {{"lead", {{{"unit", story_.lead}, {"person", story_.person}}}},
                                     {"coordinator", {{{"unit", "supervision"}, {"person", ""}}}}}}},
                                  0)};
  if (due) {
    events.push_back(started("rectify", *due, warn_before, 1));
  }
  return change(std::move(events));
}

Change Tale::comment(std::string const& text, std::string const& by) {
  auto commented = event(EventType::commented, {{"text", text}}, 0);
  if (!by.empty()) {
    commented.actor["person"] = by;
  }
  return change({std::move(commented)});
}

Change Tale::ask(std::string const& action) {
  return change({event(EventType::asked,
                       {{"request", "1-1"},
                        {"action", action},
                        {"input", Json::object()},
                        {"comment", ""},
                        {"documents", Json::object()}},
                       0)});
}

Change Tale::go(std::string const& state, bool final) {
  return change({event(
      EventType::transitioned,
      {{"transition", "to-" + state}, {"state", state}, {"final", final}, {"outcome", final ? "rectified" : ""}}, 0)});
}

Change Tale::start(std::string const& deadline, std::int64_t due, std::int64_t warn_before) {
  return change({started(deadline, due, warn_before, 0)});
}

Change Tale::stop(std::string const& deadline) {
  return change({event(EventType::deadline_stopped, {{"deadline", deadline}, {"cycle", 1}}, 0)});
}

Change Tale::give_part(std::string const& party, std::vector<Holder> const& holders) {
  Json list = Json::array();
  for (Holder const& holder : holders) {
    list.push_back({{"unit", holder.unit}, {"person", holder.person}});
  }
  return change({event(EventType::party_changed, {{"party", party}, {"holders", list}}, 0)});
}

Change Tale::attach(std::string const& sha256) {
  return change({event(
      EventType::document_added,
      {{"kind", "site-photo"}, {"sha256", sha256}, {"name", "现场.jpg"}, {"type", "image/jpeg"}, {"size", 3}}, 0)});
}

Change Tale::correct(Json const& fields) {
  return change({event(EventType::corrected, {{"fields", fields}, {"title", subject_.title}}, 0)});
}

Change Tale::retitle(std::string const& title) {
  return change({event(EventType::corrected, {{"fields", Json::object()}, {"title", title}}, 0)});
}

Change Tale::link(std::string const& other) {
  return change({event(EventType::linked,
                       {{"link", "referral"},
                        {"outward", true},
                        {"case", other},
                        {"workflow", "criminal-referral"},
                        {"state", "filed"},
                        {"outcome", ""},
                        {"final", false},
                        {veil_marker, {{"case", other}}}},
                       0)});
}

Append of(Change change) {
  Append append{.changes = {}, .outbox = {}, .key = std::nullopt, .at = at(0)};
  append.changes.push_back(std::move(change));
  return append;
}

Appended must_append(Store& store, Append append) {
  auto appended = store.cases().append(std::move(append));
  REQUIRE_MESSAGE(appended.has_value(), code_name(appended ? Code::busy : appended.error().front().code));
  return std::move(*appended);
}

std::vector<std::string> ids(Page<Case> const& page) {
  std::vector<std::string> found;
  for (Case const& subject : page.items) {
    found.push_back(subject.id);
  }
  return found;
}

}  // namespace bihuan::test
