// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "tools/crash/fault_run.hpp"

namespace bihuan::crash {

TEST_CASE("On a disk that fails, fills up, tears and loses power, what was acknowledged is kept and the rest refused") {
  std::ostringstream told;
  auto const outcome = run_faults({.seeds = 60, .first = 1, .processes = 1}, told);
  CAPTURE(told.str());
  CHECK(outcome.faults == 0);
  CHECK(outcome.seeds == 60);
  CHECK(std::ranges::all_of(outcome.of_trouble, [](std::size_t count) { return count > 5; }));
  CHECK(outcome.acknowledged > 500);
  CHECK(outcome.refused > 50);
  CHECK(outcome.recovered > 5);
  CHECK(outcome.disk.torn > 50);
}

TEST_CASE("A store that does not wait for the disk is found out") {
  std::ostringstream told;
  CHECK(run_faults({.seeds = 20, .first = 1, .processes = 1, .durable = false}, told).faults > 0);
}

}  // namespace bihuan::crash
