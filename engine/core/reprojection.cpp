// SPDX-License-Identifier: Apache-2.0
#include "engine/core/reprojection.hpp"

#include "engine/core/decision_builder.hpp"
#include "engine/core/reckoning.hpp"

namespace bihuan {
namespace {

bool same(Reckoning const& reckoning, Deadline const& deadline, bool provisional) {
  bool const same_limit = reckoning.hard ? deadline.hard_due == reckoning.hard->due : !deadline.hard_due;
  return reckoning.due.due == deadline.due && same_limit && reckoning.warn == deadline.warn &&
         provisional == deadline.provisional;
}

void reproject(DecisionBuilder& builder, DeadlineRule const& rule, Deadline const& deadline) {
  auto const& calendar = builder.circumstances().calendar;
  auto const reckoning = reckon(calendar, rule, deadline);
  // Past what any calendar can say: the instant that was promised stands.
  if (!reckoning) return;
  bool const provisional = reckoning->due.provisional || (reckoning->hard && reckoning->hard->provisional);
  if (same(*reckoning, deadline, provisional)) return;
  builder.emit(EventType::deadline_reprojected,
               {{"deadline", deadline.name},
                {"cycle", deadline.cycle},
                {"calendar", calendar.id()},
                {"announced_until", calendar.announced_until()},
                {"fixed", deadline.fixed ? Json(format_date(*deadline.fixed)) : Json()},
                {"before", format_utc(deadline.due)},
                {"due", format_utc(reckoning->due.due)},
                {"warn", format_utc(reckoning->warn)},
                {"hard_due", reckoning->hard ? Json(format_utc(reckoning->hard->due)) : Json()},
                {"provisional", provisional}});
}

}  // namespace

Decision decide_calendar_changed(Circumstances const& circumstances, Case const& subject) {
  auto const system = Actor::the_system();
  DecisionBuilder builder(circumstances, subject, system, {});
  auto const deadlines = builder.subject().deadlines;
  for (auto const& deadline : deadlines) {
    auto const* const rule = builder.definition().find_deadline(deadline.name);
    if (rule && deadline.state == Deadline::State::running) reproject(builder, *rule, deadline);
  }
  return std::move(builder.decision());
}

}  // namespace bihuan
