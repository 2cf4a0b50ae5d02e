// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "engine/core/period.hpp"
#include "tests/support/calendar.hpp"

namespace {

using namespace bihuan;

void print_due(Date from, Unit unit, std::int64_t count) {
  auto const& calendar = cn_calendar();
  auto const due = due_after(calendar, calendar.zone().start_of(from), {.count = count, .unit = unit}, {}).value();
  std::cout << format_date(from) << " " << unit_name(unit) << " " << count << " "
            << format_date(calendar.zone().date_of(due.due)) << (due.provisional ? " provisional\n" : " certain\n");
}

}  // namespace

// Prints when each period ends by the product's own counting, for every day of the announced years since 2024 and 1
// to 60 working days on, and some days on: "2026-02-13 working_day 3 2026-02-25 certain".
int main() {
  std::chrono::sys_days const first = std::chrono::year(2024) / 1 / 1;
  std::chrono::sys_days const last = std::chrono::year(2026) / 12 / 31;
  for (auto day = first; day <= last; day += std::chrono::days(1)) {
    for (std::int64_t count = 1; count <= 60; ++count) print_due(Date(day), Unit::working_day, count);
    for (std::int64_t const count : {1, 7, 10, 15, 30}) print_due(Date(day), Unit::day, count);
  }
}
