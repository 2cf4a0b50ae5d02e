// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/service/library.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

// One deadline that a new calendar moved.
struct MovedDeadline {
  std::string case_id;
  std::string number;
  std::string workflow;
  std::string deadline;
  Text title;
  int cycle = 1;
  Instant from{};
  Instant to{};
  bool provisional = false;
};

struct Reprojection {
  std::size_t running = 0;           // deadlines that were looked at
  std::vector<MovedDeadline> moved;  // in the order in which their cases were opened
  std::size_t settled = 0;           // due when they were, and no longer provisional, or with another warning
};

enum class Trial { dry_run, for_good };

// Reckons the running deadlines of this calendar anew, as the library has it, and appends what changed, as events of
// the system; then the sweeper wakes by the new calendar too. What was done already is not done again, so it may be
// repeated after it was cut off. Only while nobody else has the store. Throws StoreFault, and std::runtime_error
// when a case was changed meanwhile.
[[nodiscard]] Reprojection reproject(Store& store, Library const& library, std::string const& calendar, Instant now,
                                     Trial trial);

}  // namespace bihuan
