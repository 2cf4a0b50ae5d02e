// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tools/bihuan/demo_walk.hpp"

namespace bihuan {

void DemoWalk::live(Instant from, std::size_t cases_a_month) {
  living_ = true;
  clock_ = from;
  for (auto const* const definition : library_.current_definitions()) {
    if (share_of(*definition) > 0) first_.push_back(definition);
  }
  Zone const zone;
  for (auto midnight = from; midnight <= now_; midnight += std::chrono::days(1)) {
    pass_to(midnight);
    auto const today = zone.date_of(midnight);
    if (today.day() == std::chrono::day(1)) {
      Date const last(today.year() / today.month() / std::chrono::last);
      plan_openings(midnight, std::min(now_, zone.end_of(last)), cases_a_month);
    }
    if (service_.open_recurring() > 0) take_in_new();
    work_off(std::min(now_, zone.end_of(today)));
  }
}

// What falls due on the way happens at its own instant, as it would have with the program running.
void DemoWalk::pass_to(Instant at) {
  while (true) {
    auto const next = store_.cases().next_wakeup();
    if (!next || *next > at) break;
    clock_ = std::max(clock_, *next);
    auto const swept = service_.sweep();
    if (swept == 0 && store_.cases().next_wakeup() == next) break;
    if (swept > 0 && living_) take_in_new();
  }
  clock_ = std::max(clock_, at);
}

// Whatever was opened at this instant and not by people.
void DemoWalk::take_in_new() {
  CaseQuery query;
  query.opened_from = clock_;
  query.limit = 500;
  auto const page = store_.cases().list(query, Visibility::of_everything(), clock_);
  if (!page) return;
  for (auto const& subject : page->items) {
    if (!known_.insert(subject.id).second) continue;
    lives_.push_back({.id = subject.id,
                      .workflow = subject.workflow,
                      .matter = words_.matter(random_, subject.opener_unit, year_of(clock_)),
                      .done = {},
                      .stuck = 0});
    schedule(lives_.size() - 1, subject);
  }
}

}  // namespace bihuan
