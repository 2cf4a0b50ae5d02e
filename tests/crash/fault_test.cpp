// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "tools/crash/fault_run.hpp"

namespace bihuan::crash {

TEST_CASE("On a disk that fails, fills up, tears and loses power, what was acknowledged is kept and the rest refused") {
  std::ostringstream told;
  auto const outcome = run_faults({.seeds = 120, .first = 1, .processes = 1}, told);
  CAPTURE(told.str());
  CHECK(outcome.faults == 0);
  CHECK(outcome.seeds == 120);
  CHECK(std::ranges::all_of(outcome.of_trouble, [](std::size_t count) { return count > 10; }));
  CHECK(outcome.acknowledged > 1000);
  CHECK(outcome.refused > 100);
  CHECK(outcome.recovered > 10);
  CHECK(outcome.disk.torn > 100);
}

TEST_CASE("A store that does not wait for the disk is found out") {
  std::ostringstream told;
  CHECK(run_faults({.seeds = 20, .first = 1, .processes = 1, .durable = false}, told).faults > 0);
}

}  // namespace bihuan::crash
