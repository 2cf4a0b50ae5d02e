// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <sstream>

#include "tools/crash/kill_run.hpp"

namespace bihuan::crash {

TEST_CASE("Killed under load, the program keeps each acknowledged step once and goes on where it was") {
  std::ostringstream told;
  auto const outcome = run_kill({.rounds = 2, .seed = 4}, told);
  CAPTURE(told.str());
  CHECK(outcome.faults == 0);
  CHECK(outcome.rounds == 2);
  CHECK(outcome.acknowledged > 0);
}

}  // namespace bihuan::crash
