// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <sstream>

#include "tools/crash/nodes_run.hpp"

namespace bihuan::crash {

// How soon it is back, and the network that swallows, are for the long run (tools/crash/README.md).
TEST_CASE("Three nodes keep each acknowledged step once through the loss of a node, connections and the database") {
  std::ostringstream told;
  auto const outcome = run_nodes({.rounds = 3,
                                  .seed = 3,
                                  .blows = {Blow::node, Blow::connection, Blow::database},
                                  .most_steps = 100,
                                  .back_within = std::chrono::seconds{60}},
                                 told);
  CAPTURE(told.str());
  CHECK(outcome.faults == 0);
  CHECK(outcome.rounds == 3);
  CHECK(outcome.acknowledged > 0);
  CHECK(outcome.rungs > 0);
}

TEST_CASE("A promoted standby has all that was acknowledged, and the nodes find it") {
  std::ostringstream told;
  auto const outcome = run_nodes(
      {.rounds = 1, .seed = 1, .blows = {Blow::standby}, .most_steps = 100, .back_within = std::chrono::seconds{60}},
      told);
  CAPTURE(told.str());
  CHECK(outcome.faults == 0);
  CHECK(outcome.of_blow.back() == 1);
}

}  // namespace bihuan::crash
