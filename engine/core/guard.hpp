// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/core/json.hpp"
#include "engine/core/result.hpp"

namespace bihuan {

// JSON Logic, the classic language with the truthiness and coercions of its JavaScript original, so that the
// browser and the engine agree. Read only, and bounded: a rule that works too long or grows too large is
// refused.
struct GuardLimits {
  std::size_t steps = 100'000;
  std::size_t bytes = 1024 * 1024;
  std::size_t depth = 64;
};

// The value of `rule` over `data`. Refused with bad_rule (an operator that does not exist, a limit passed).
[[nodiscard]] Result<Json> evaluate(Json const& rule, Json const& data, GuardLimits limits = {});

// JSON Logic's own truth: an empty array is false, "0" is true.
[[nodiscard]] bool truthy(Json const& value);

// What a rule reads: each literal path of var, missing and missing_some outside of
// map/filter/reduce/all/none/some bodies (these read their element). Reading the data as a whole (`{"var":
// ""}`) names no path. `dynamic` when a path is itself computed. Refused with bad_rule, with the JSON pointer
// inside the rule, when an operator does not exist.
struct Reads {
  std::set<std::string> paths;
  bool dynamic = false;
};
[[nodiscard]] Result<Reads> reads_of(Json const& rule);

// Our rule around JSON Logic: a guard over data that is missing does not hold, and names what is missing.
// Only paths that the evaluation came by count. Missing is what is absent or null; a path with a default
// (`{"var": ["a", null]}`), or asked by missing / missing_some, may be either.
struct Verdict {
  bool holds = false;
  std::vector<std::string> missing;
};
[[nodiscard]] Result<Verdict> check_guard(Json const& rule, Json const& data);

}  // namespace bihuan
