// SPDX-License-Identifier: Apache-2.0
#include "engine/core/recurrence.hpp"

#include <algorithm>

#include "engine/core/contains.hpp"
#include "engine/core/guard.hpp"

namespace bihuan {
namespace {

using namespace std::chrono;

// Day 0 is the month's last, and a day that a month does not have is its last too (CIV 202).
Date day_of_month(year_month month, unsigned day) {
  Date const last{month / std::chrono::last};
  if (day == 0 || day > static_cast<unsigned>(last.day())) return last;
  return month / std::chrono::day{day};
}

Date moved(Recurrence const& recurrence, Calendar const& calendar, Date date) {
  if (!recurrence.on_working_day) return date;
  auto at = sys_days{date};
  while (!calendar.working(at)) at += days{1};
  return at;
}

// The nominal dates up to `last`, beginning early enough that one moved into the window is among them.
std::vector<Date> nominal_dates(Recurrence const& recurrence, Date first, Date last) {
  std::vector<Date> dates;
  if (recurrence.month != 0) {
    for (auto year = first.year() - years{1}; year <= last.year(); ++year)
      dates.push_back(
          day_of_month(year / month{static_cast<unsigned>(recurrence.month)}, static_cast<unsigned>(recurrence.day)));
  } else if (recurrence.months > 0 && recurrence.starting) {
    auto const& start = *recurrence.starting;
    for (year_month at = start.year() / start.month(); at <= last.year() / last.month();
         at += months{recurrence.months})
      dates.push_back(day_of_month(at, static_cast<unsigned>(start.day())));
  }
  return dates;
}

}  // namespace

std::vector<Occurrence> occurrences(Recurrence const& recurrence, Calendar const& calendar, Date first, Date last) {
  std::vector<Occurrence> found;
  for (auto const date : nominal_dates(recurrence, first, last)) {
    if (recurrence.starting && date < *recurrence.starting) continue;
    auto const opens_on = moved(recurrence, calendar, date);
    if (opens_on >= first && opens_on <= last) found.push_back({date, opens_on});
  }
  return found;
}

std::vector<std::string> units_of(Recurrence const& recurrence, Organisation const& organisation) {
  if (recurrence.party.empty()) return {""};
  std::vector<std::string> units = recurrence.units;
  for (auto const& unit : organisation.units()) {
    if (contains(recurrence.unit_kinds, unit.kind)) units.push_back(unit.id);
  }
  std::sort(units.begin(), units.end());
  units.erase(std::unique(units.begin(), units.end()), units.end());
  std::erase_if(units, [&](std::string const& unit) {
    auto const* const known = organisation.find(unit);
    return known && known->dissolved;
  });
  return units;
}

Result<Opening> recurring_opening(Definition const& definition, Recurrence const& recurrence,
                                  Occurrence const& occurrence, std::string const& unit) {
  Opening opening;
  opening.workflow = definition.id;
  opening.recurrence = recurrence.id + " " + format_date(occurrence.date);
  Json const data{{"occurrence",
                   {{"date", format_date(occurrence.date)},
                    {"year", static_cast<int>(occurrence.date.year())},
                    {"month", static_cast<unsigned>(occurrence.date.month())}}},
                  {"unit", unit}};
  for (auto const& [field, rule] : recurrence.fields) {
    auto value = evaluate(rule, data);
    if (!value) return refused(value.error());
    opening.fields[field] = std::move(*value);
  }
  if (!unit.empty()) opening.parties[recurrence.party] = unit;
  return opening;
}

}  // namespace bihuan
