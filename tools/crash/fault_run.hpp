// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>

#include "tools/crash/faulty_disk.hpp"

namespace bihuan::crash {

// What befalls the store of a seed.
enum class Trouble {
  errors,     // writes, reads, syncs and openings fail, and then work again
  full,       // there is no more room, and then there is
  kill,       // the process ends in the midst of an operation
  power_cut,  // the power goes in the midst of one, or when all is still
  lying,      // the disk says that it has synced when it has not, and then the power goes
};
inline constexpr std::size_t troubles = 5;

struct FaultOptions {
  std::size_t seeds = 10'000;
  std::uint64_t first = 1;
  std::size_t processes = 0;  // 0: as many as there are cores; 1 stays in this one
  std::optional<Trouble> only{};
  bool durable = true;  // without it the store does not wait for the disk, and the run must notice
};

struct FaultOutcome {
  std::size_t seeds = 0;
  std::array<std::size_t, troubles> of_trouble{};
  std::size_t acknowledged = 0;    // steps
  std::size_t refused = 0;         // steps that a fault stopped, and whoever asked heard so
  std::size_t unacknowledged = 0;  // of these: there all the same, whole
  std::size_t uploads = 0;
  std::size_t not_opened = 0;  // openings that a fault stopped
  std::size_t recovered = 0;   // stores that worked on after their faults without being opened again
  // Under a lying disk alone: stores that were refused or in which verify named a fault, and acknowledged steps of the
  // others that are gone.
  std::size_t lies_named = 0;
  std::size_t lost_to_lies = 0;
  DiskCounts disk;
  std::size_t faults = 0;

  FaultOutcome& operator+=(FaultOutcome const& other);
};

// Each seed opens a store on a disk that fails by chance, works with it, and opens it again: what was acknowledged must
// be there once, verify must find nothing, and every refusal must be a StoreFault or `busy`. Faults are told on `out`
// with the seed that showed them.
[[nodiscard]] FaultOutcome run_faults(FaultOptions const& options, std::ostream& out);

}  // namespace bihuan::crash
