// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>

#include "tools/crash/program.hpp"

namespace bihuan::crash {

struct KillOptions {
  std::size_t rounds = 200;
  std::uint64_t seed = 1;
  std::filesystem::path program = built_program();
  std::size_t rounds_of_a_store = 20;  // after so many the next starts on a fresh one
};

struct KillOutcome {
  std::size_t rounds = 0;
  std::size_t before_ready = 0;  // of them: killed while it was starting
  std::size_t acknowledged = 0;
  std::size_t unacknowledged = 0;  // unanswered at a kill, and there all the same
  std::size_t asked_again = 0;
  std::size_t uploads = 0;
  std::size_t faults = 0;
};

// Serves, loads by 64 clients, kills -9 at a seeded instant, holds what is left against what the clients
// heard, and serves it again: what was not answered is asked again with the same key. A fault is told on
// `out` with its round and ends the run; the data directory of it is kept and named.
[[nodiscard]] KillOutcome run_kill(KillOptions const& options, std::ostream& out);

}  // namespace bihuan::crash
