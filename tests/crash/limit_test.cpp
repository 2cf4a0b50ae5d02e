// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <sstream>

#include "tools/crash/limit_run.hpp"

namespace bihuan::crash {

TEST_CASE("Out of room or descriptors the program answers, loses nothing, and works on when they are back") {
  std::ostringstream told;
  auto const faults = run_limits({.seed = 5, .steps = 20, .disks = false}, told);
  CAPTURE(told.str());
  CHECK(faults == 0);
}

}  // namespace bihuan::crash
