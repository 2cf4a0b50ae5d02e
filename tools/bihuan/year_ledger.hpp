// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/store/store.hpp"

namespace bihuan {

// What happened to the cases of one workflow in one month.
struct LedgerMonth {
  std::int64_t opened = 0;
  std::int64_t closed = 0;
  std::int64_t reopened = 0;
  std::int64_t open_at_end = 0;  // counted case by case, not from the others
};

struct LedgerLine {
  std::array<LedgerMonth, 12> months{};
  std::int64_t by_itself = 0;  // opened by a recurrence, or by an escalation
  std::int64_t in_time = 0;    // deadlines that stopped before they were due
  std::int64_t late = 0;       // and after
  std::int64_t overdue = 0;    // that run and are past due at the end
  std::int64_t rungs = 0;      // escalations that fired
};

// A year's ledger, read from the events alone.
struct YearLedger {
  std::map<std::string, LedgerLine> lines;  // by workflow
  std::vector<std::string> faults;          // what no history may say, such as one rung that fired twice
};

// Of a store whose first case opened in this year; `end` is the instant up to which it has come.
[[nodiscard]] YearLedger read_year_ledger(CaseStore& cases, Zone const& zone, int year, Instant end);

// Where the ledger does not balance in itself (open before + opened - closed + reopened = open after), or says
// something else than the rows that are listed and counted.
[[nodiscard]] std::vector<std::string> imbalances(YearLedger const& ledger, CaseStore& cases, Zone const& zone,
                                                  int year, Instant end);

}  // namespace bihuan
