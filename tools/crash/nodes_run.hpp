// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <vector>

#include "tools/crash/program.hpp"

namespace bihuan::crash {

// What befalls nodes on one database.
enum class Blow {
  node,        // kill -9 of one, which is started again
  connection,  // some of all connections are ended
  database,    // PostgreSQL ends at once and is started again
  partition,   // between one node and the database nothing gets through
  standby,     // PostgreSQL ends for good, and its standby is promoted
};
inline constexpr std::array all_blows{Blow::node, Blow::connection, Blow::database, Blow::partition, Blow::standby};
[[nodiscard]] char const* name_of(Blow blow);

struct NodesOptions {
  std::size_t rounds = 50;
  std::uint64_t seed = 1;
  std::filesystem::path program = built_program();
  std::vector<Blow> blows{all_blows.begin(), all_blows.end()};  // of which each round takes one
  std::size_t most_steps = 200;                                 // that are acknowledged before the blow
  std::size_t rounds_of_a_store = 10;                           // at most; after a standby's promotion it is another
  std::chrono::seconds back_within{5};                          // of the database, or else it is a fault
};

struct NodesOutcome {
  std::size_t rounds = 0;
  std::array<std::size_t, all_blows.size()> of_blow{};
  std::size_t acknowledged = 0;
  std::size_t unacknowledged = 0;  // unanswered and there
  std::size_t asked_again = 0;
  std::size_t put_off = 0;  // answered 503
  std::size_t uploads = 0;
  std::size_t rungs = 0;                        // of deadlines, that fired
  std::chrono::milliseconds longest_back{0};    // from the database's return to that of all nodes
  std::chrono::milliseconds longest_answer{0};  // of a node that was cut off
  std::size_t faults = 0;
};

// Three nodes, 64 clients that go round them, and a blow at a seeded instant in each round; then it is held against
// what the clients heard: each acknowledged step is there once, none is half there, what verify looks at is whole, and
// no rung of a deadline fired twice. A fault is told on `out` with its round and ends the run.
[[nodiscard]] NodesOutcome run_nodes(NodesOptions const& options, std::ostream& out);

}  // namespace bihuan::crash
