// SPDX-License-Identifier: Apache-2.0
#include "engine/service/migration_outlook.hpp"

#include <algorithm>
#include <set>

#include "engine/core/message.hpp"

namespace bihuan {
namespace {

constexpr bool is_live(Deadline const& deadline) {
  return deadline.state != Deadline::State::stopped;
}

bool is_overdue(Deadline const& deadline, Instant now) {
  return light_of(deadline, now) == Light::red;
}

// Under which name the clock goes on.
std::string name_here(Event const& migrated, std::string const& deadline) {
  for (auto const& place : migrated.body.at("deadlines")) {
    if (place.at("deadline") == deadline) return place.at("to");
  }
  return {};
}

}  // namespace

MovingState& OutlookCounter::state_of(Definition const& from, Case const& subject) {
  auto& line = states_[{subject.version, subject.state}];
  if (line.version.empty()) {
    auto const* const state = from.find_state(subject.state);
    line.version = subject.version;
    line.state = subject.state;
    line.title = state ? state->title : Text{subject.state, subject.state};
  }
  ++line.cases;
  ++outlook_.cases;
  return line;
}

MovingDeadline& OutlookCounter::line(std::string const& version, std::string const& deadline,
                                     std::string const& clock) {
  auto& line = deadlines_[{version, deadline, clock}];
  line.version = version;
  line.deadline = deadline;
  line.clock = clock;
  line.why = message("migration.clock." + clock);
  ++line.cases;
  return line;
}

void OutlookCounter::clock(Definition const& from, Case const& before, Deadline const& deadline,
                           Decision const& decision) {
  auto const here = name_here(decision.events.front(), deadline.name);
  auto const* const after = here.empty() ? nullptr : decision.after.deadline(here);
  std::string what = "kept";
  if (!after || !is_live(*after))
    what = "stopped";
  else if (after->cycle != deadline.cycle)
    what = "restarted";
  else if (after->state != deadline.state)
    what = after->state == Deadline::State::paused ? "paused" : "resumed";
  else if (after->period != deadline.period || after->counting != deadline.counting || after->due != deadline.due)
    what = "recomputed";
  auto& counted = line(before.version, deadline.name, what);
  auto const* const rule = from.find_deadline(deadline.name);
  counted.title = rule ? rule->title : Text{deadline.name, deadline.name};
  counted.to = what == "stopped" ? std::string() : here;
  if (!after || !is_live(*after)) return;
  counted.earlier += after->due < deadline.due ? 1 : 0;
  counted.later += after->due > deadline.due ? 1 : 0;
  counted.overdue += is_overdue(*after, now_) && !is_overdue(deadline, now_) ? 1 : 0;
}

void OutlookCounter::fits(Definition const& from, Case const& before, Decision const& decision) {
  auto& line = state_of(from, before);
  auto const* const to = target_.find_state(decision.after.state);
  line.to = decision.after.state;
  line.to_title = to ? to->title : Text{line.to, line.to};
  outlook_.lapsing += static_cast<std::int64_t>(before.pending.size());
  std::set<std::string> followed;
  for (auto const& deadline : before.deadlines) {
    if (!is_live(deadline)) continue;
    clock(from, before, deadline, decision);
    followed.insert(name_here(decision.events.front(), deadline.name));
  }
  for (auto const& deadline : decision.after.deadlines) {
    if (!is_live(deadline) || followed.contains(deadline.name)) continue;
    auto& begun = this->line(before.version, deadline.name, "started");
    auto const* const rule = target_.find_deadline(deadline.name);
    begun.title = rule ? rule->title : Text{deadline.name, deadline.name};
    begun.to = deadline.name;
  }
}

void OutlookCounter::does_not_fit(Definition const& from, Case const& before, Refusals const& reasons,
                                  bool may_be_shown) {
  ++state_of(from, before).unfit;
  ++outlook_.unfit;
  std::set<std::pair<std::string, std::string>> once;
  for (auto const& reason : reasons) once.emplace(code_name(reason.code), reason.pointer);
  for (auto const& reason : once) ++reasons_[reason];
  if (may_be_shown && outlook_.unfit_cases.size() < most_unfit_shown)
    outlook_.unfit_cases.push_back({before.id, before.number, before.version, before.state, reasons});
}

MigrationOutlook OutlookCounter::take() {
  for (auto& [key, line] : states_) outlook_.states.push_back(std::move(line));
  for (auto& [key, line] : deadlines_) outlook_.deadlines.push_back(std::move(line));
  for (auto const& [reason, cases] : reasons_) outlook_.reasons.push_back({reason.first, reason.second, cases});
  return std::move(outlook_);
}

}  // namespace bihuan
