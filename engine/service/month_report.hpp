// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/service/library.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

// carried + opened + reopened = closed + open, in every row.
struct MonthCounts {
  std::int64_t carried = 0;  // open when the month began
  std::int64_t opened = 0;
  std::int64_t reopened = 0;
  std::int64_t closed = 0;
  std::int64_t open = 0;     // when the month ended
  std::int64_t overdue = 0;  // of those
};

struct OverdueMatter {
  std::string number;
  std::string title;
  std::string unit;  // whose deadline it is
  Text deadline;
  Date due;
  int days = 0;  // since then
};

// One month of the ledger, as it stood at `until`: the month's last second, or now when it is not over.
struct MonthReport {
  std::chrono::year_month month{};
  Instant until{};
  std::vector<std::pair<std::string, MonthCounts>> units;  // those with anything to count; "" holds what has none yet
  MonthCounts total;                                       // a case of several units stands in each row, here once
  std::vector<OverdueMatter> overdue;                      // longest overdue first
};

// May somebody who sees this much read all that it counts? A report of a part of the ledger would be a wrong one.
[[nodiscard]] bool may_read(LedgerReport const& asked, Visibility const& visibility);

// The month that the case names; nothing while it names none.
[[nodiscard]] std::optional<std::chrono::year_month> month_of(LedgerReport const& asked, Case const& subject,
                                                              Zone const& zone);

// Counted from the histories of what changed since the month began, so that it says the same whenever it is asked.
[[nodiscard]] MonthReport count_month(LedgerReport const& asked, std::chrono::year_month month, Zone const& zone,
                                      Store& store, Library const& library, Instant now);

}  // namespace bihuan
