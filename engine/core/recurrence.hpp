// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/core/calendar.hpp"
#include "engine/core/command.hpp"
#include "engine/core/definition.hpp"
#include "engine/core/organisation.hpp"

namespace bihuan {

// One time at which cases open by themselves.
struct Occurrence {
  Date date;      // as the rule says: what identifies it
  Date opens_on;  // the day it opens: moved off a rest day where the rule says so
};

// The occurrences that open from `first` to `last`, both included, in order.
[[nodiscard]] std::vector<Occurrence> occurrences(Recurrence const& recurrence, Calendar const& calendar, Date first,
                                                  Date last);

// The units that each get a case; one empty id when there is one case for nobody in particular.
[[nodiscard]] std::vector<std::string> units_of(Recurrence const& recurrence, Organisation const& organisation);

// What opens for one unit at one occurrence; the caller gives the case its id. Refused with bad_rule when a
// field's rule cannot be evaluated.
[[nodiscard]] Result<Opening> recurring_opening(Definition const& definition, Recurrence const& recurrence,
                                                Occurrence const& occurrence, std::string const& unit);

}  // namespace bihuan
