// SPDX-License-Identifier: Apache-2.0
#include "engine/service/insight.hpp"

#include <algorithm>

#include "engine/core/apply.hpp"
#include "engine/service/case_histories.hpp"

namespace bihuan {
namespace {

using std::chrono::seconds;

constexpr std::int64_t most_cases = 10'000;

// By nearest rank, so that it is one that happened.
std::optional<seconds> quantile(std::vector<seconds> values, std::size_t percent) {
  if (values.empty()) return std::nullopt;
  auto const rank = (values.size() * percent + 99) / 100 - 1;
  auto const place = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

// The soonest end of what runs for the owner of the state, if anything does.
std::optional<Instant> limit_of(Case const& subject, std::string const& owner) {
  std::optional<Instant> soonest;
  for (auto const& deadline : subject.deadlines) {
    if (deadline.state != Deadline::State::running || deadline.owner_party != owner) continue;
    if (!soonest || deadline.due < *soonest) soonest = deadline.due;
  }
  return soonest;
}

}  // namespace

void InsightBuilder::record(Case const& subject, Instant entered, Instant left, bool over) {
  auto const* const state = definition_.find_state(subject.state);
  if (state == nullptr || state->final) return;
  auto const holders = subject.parties.find(state->owner);
  auto const unit =
      holders == subject.parties.end() || holders->second.empty() ? std::string() : holders->second.front().unit;
  auto const limit = limit_of(subject, state->owner);
  auto const note = [&](std::string const& of) {
    auto& times = times_[{subject.state, of}];
    if (over) {
      times.ended.push_back(left - entered);
    } else {
      ++times.waiting;
    }
    // What was over before the case came here is the lateness of who had it then.
    if (!limit) return;
    times.limits.push_back(std::max(*limit - entered, seconds(0)));
    if (left > *limit) ++times.late;
  };
  note({});
  if (!unit.empty()) note(unit);
}

void InsightBuilder::add(std::vector<Event> const& history) {
  if (history.empty()) return;
  ++cases_;
  Case subject;
  Instant entered{};
  for (auto const& event : history) {
    bool const moves = event.type == EventType::opened || event.type == EventType::transitioned;
    if (!moves) {
      apply(subject, event);
      continue;
    }
    auto const to = event.body.at("state").get<std::string>();
    auto const from = subject.state;
    auto const transition = event.type == EventType::opened ? "open" : event.body.at("transition").get<std::string>();
    if (to != from && !from.empty()) record(subject, entered, event.at, true);
    apply(subject, event);
    if (to != from) entered = event.at;
    ++ways_[{from, transition, to}];
  }
  record(subject, entered, now_, false);
}

Stay InsightBuilder::stay_of(std::string state, std::string unit, Times const& times) {
  return {.state = std::move(state),
          .unit = std::move(unit),
          .ended = static_cast<std::int64_t>(times.ended.size()),
          .waiting = times.waiting,
          .limited = static_cast<std::int64_t>(times.limits.size()),
          .late = times.late,
          .median = quantile(times.ended, 50),
          .ninetieth = quantile(times.ended, 90),
          .limit = quantile(times.limits, 50)};
}

Insight InsightBuilder::finish() const {
  Insight insight{.cases = cases_};
  for (auto const& state : definition_.states) {
    std::vector<Stay> units;
    for (auto const& [key, times] : times_) {
      if (key.first != state.id) continue;
      (key.second.empty() ? insight.states : units).push_back(stay_of(key.first, key.second, times));
    }
    std::ranges::stable_sort(units, std::ranges::greater{}, [](Stay const& stay) { return stay.ended + stay.waiting; });
    insight.units.insert(insight.units.end(), units.begin(), units.end());
  }
  for (auto const& [way, count] : ways_) {
    auto const& [from, transition, to] = way;
    insight.ways.push_back({.from = from, .transition = transition, .to = to, .count = count});
  }
  std::ranges::stable_sort(insight.ways, std::ranges::greater{}, &Way::count);
  return insight;
}

Insight look_into(CaseService& cases, Actor const& actor, CaseQuery query) {
  auto const& definition = *cases.library().current(*query.workflow);
  query.sort = CaseQuery::Sort::opened_newest;
  InsightBuilder builder(definition, cases.now());
  CaseHistories walk(cases, actor, std::move(query));
  std::int64_t looked_at = 0;
  bool whole = true;
  for (auto page = walk.next_page(); !page.empty() && whole; page = walk.next_page()) {
    for (auto const& history : page) {
      if (looked_at++ == most_cases) {
        whole = false;
        break;
      }
      builder.add(history.events);
    }
  }
  auto insight = builder.finish();
  insight.whole = whole;
  return insight;
}

}  // namespace bihuan
