// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include "engine/core/recurrence.hpp"
#include "engine/service/case_service.hpp"
#include "engine/service/work.hpp"

namespace bihuan {
namespace {

// The claim is a remembered request of the system: the row that makes a phone's second tap harmless makes a
// second sweeper harmless too.
constexpr char const* system_person = "system";
constexpr std::chrono::days look_back{400};

std::string claim_of(Definition const& definition, Recurrence const& recurrence, std::string const& rest) {
  return "recurring " + definition.id + " " + recurrence.id + " " + rest;
}

}  // namespace

Instant CaseService::known_since(std::string const& key, Instant now) {
  if (auto const known = store_.cases().remembered(system_person, key)) return known->at;
  Append first;
  first.key = IdempotencyKey{system_person, key, ""};
  first.at = now;
  (void)store_.cases().append(std::move(first));
  auto const known = store_.cases().remembered(system_person, key);
  return known ? known->at : now;
}

std::size_t CaseService::open_recurring() {
  auto const now = clock_();
  std::size_t opened = 0;
  std::string failed;
  for (auto const* const definition : library_.current_definitions()) {
    auto const& calendar = library_.calendar_of(*definition);
    for (auto const& recurrence : definition->recurring) {
      auto const since = std::max(known_since(claim_of(*definition, recurrence, "since"), now), now - look_back);
      auto const first = calendar.zone().date_of(since);
      auto const last = calendar.zone().date_of(now);
      for (auto const& occurrence : occurrences(recurrence, calendar, first, last)) {
        for (auto const& unit : units_of(recurrence, library_.organisation()))
          if (open_occurrence(*definition, recurrence, occurrence, unit, now, failed)) ++opened;
      }
    }
  }
  // The others have opened; a definition that cannot open its own case is a fault for whoever keeps it.
  if (!failed.empty()) throw std::runtime_error(failed);
  return opened;
}

bool CaseService::open_occurrence(Definition const& definition, Recurrence const& recurrence,
                                  Occurrence const& occurrence, std::string const& unit, Instant now,
                                  std::string& failed) {
  auto const key = claim_of(definition, recurrence, format_date(occurrence.date) + " " + unit);
  if (store_.cases().remembered(system_person, key)) return false;
  auto const fail = [&](Refusals const& refusals) {
    failed = key + ": " + std::string(code_name(refusals.front().code)) + " " + refusals.front().pointer;
    return false;
  };
  auto opening = recurring_opening(definition, recurrence, occurrence, unit);
  if (!opening) return fail(opening.error());
  opening->case_id = make_id_(now);
  auto const system = Actor::the_system();
  auto decision = decide_opening(circumstances(definition, now), *opening, system);
  if (!decision) return fail(decision.error());
  Work work(store_, library_, system, visibility(system), make_id_, now);
  if (auto const done = work.add(definition, Case{}, std::move(*decision)); !done) return fail(done.error());
  auto append = work.take();
  append.key = IdempotencyKey{system_person, key, ""};
  return store_.cases().append(std::move(append)).has_value();
}

}  // namespace bihuan
