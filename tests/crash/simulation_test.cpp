// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/simulation.hpp"

#include <doctest/doctest.h>

#include <sstream>

namespace bihuan::crash {

TEST_CASE("Whatever strangers do on a faulty disk and a jumping clock, the invariants hold and nobody sees too much") {
  std::ostringstream told;
  auto const outcome = run_simulation({.seeds = 2, .first = 1, .processes = 1, .steps = 80}, told);
  CAPTURE(told.str());
  CHECK(outcome.faults == 0);
  CHECK(outcome.taken > 30);
  CHECK(outcome.refused > 0);
  CHECK(outcome.views >= 4);
}

}  // namespace bihuan::crash
