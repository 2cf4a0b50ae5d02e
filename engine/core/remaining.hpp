// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/calendar.hpp"

namespace bihuan {

// The working days that are left, today not counted: 0 on the day itself. Once the instant is past, those that have
// gone by since as a negative number, -1 at least.
[[nodiscard]] int working_days_left(Calendar const& calendar, Instant now, Instant due);

}  // namespace bihuan
