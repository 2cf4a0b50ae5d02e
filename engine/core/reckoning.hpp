// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "engine/core/decide.hpp"

namespace bihuan {

// A deadline's due instant with its explanation, from its ledger: start, period, pauses and extensions.
struct Reckoning {
  Due due;
  std::optional<Due> hard;
  Instant warn{};
};

// Refused with out_of_bounds when the count leaves the calendar's range.
[[nodiscard]] Result<Reckoning> reckon(Calendar const& calendar, DeadlineRule const& rule, Deadline const& deadline);

// When a rung of a running cycle is to fire; nothing when that would be before the cycle began, or it has
// fired.
[[nodiscard]] std::optional<Instant> rung_instant(Calendar const& calendar, Rung const& rung, Deadline const& deadline);

// The whole explanation of one cycle as the API gives it: the rule and its sources, the day-by-day count,
// pauses, extensions, the hard limit beside it.
[[nodiscard]] Result<Json> explain(Circumstances const& circumstances, Deadline const& deadline);

}  // namespace bihuan
