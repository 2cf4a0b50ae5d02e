// SPDX-License-Identifier: Apache-2.0
#include "engine/core/remaining.hpp"

#include <algorithm>

namespace bihuan {
namespace {

// After the first day, up to the last.
int working_days(Calendar const& calendar, std::chrono::sys_days first, std::chrono::sys_days last) {
  int count = 0;
  for (auto day = first + std::chrono::days(1); day <= last; day += std::chrono::days(1)) {
    if (calendar.working(Date(day))) ++count;
  }
  return count;
}

}  // namespace

int working_days_left(Calendar const& calendar, Instant now, Instant due) {
  std::chrono::sys_days const today(calendar.zone().date_of(now));
  std::chrono::sys_days const last(calendar.zone().date_of(due));
  if (due >= now) return working_days(calendar, today, last);
  return -std::max(1, working_days(calendar, last, today));
}

}  // namespace bihuan
