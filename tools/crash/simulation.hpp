// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>

#include "tools/crash/faulty_disk.hpp"

namespace bihuan::crash {

struct SimulationOptions {
  std::size_t seeds = 200;
  std::uint64_t first = 1;
  std::size_t processes = 0;  // 0: as many as there are cores; 1 stays in this one
  std::size_t steps = 150;    // that people think of between two openings of the store
};

struct SimulationOutcome {
  std::size_t seeds = 0;
  std::size_t thought_of = 0;
  std::size_t taken = 0;     // acknowledged
  std::size_t refused = 0;   // by the rules
  std::size_t faulted = 0;   // by the disk
  std::size_t swept = 0;     // cases that the sweeper moved
  std::size_t recurred = 0;  // cases that opened by themselves
  std::size_t views = 0;     // of people who looked through every door
  std::size_t openings = 0;  // of stores
  std::size_t cases = 0;
  std::size_t events = 0;
  DiskCounts disk;
  std::size_t faults = 0;

  SimulationOutcome& operator+=(SimulationOutcome const& other);
};

// A district on a faulty disk and a clock that jumps: strangers open and move cases of every shipped definition, the
// sweeper does what is due, the disk fails, the process is killed, the power goes. After each opening of the store what
// was acknowledged is there, verify finds nothing, and the invariants hold; on the way people look who they may not be.
// One thread to a seed, which is the same run each time.
[[nodiscard]] SimulationOutcome run_simulation(SimulationOptions const& options, std::ostream& out);

}  // namespace bihuan::crash
