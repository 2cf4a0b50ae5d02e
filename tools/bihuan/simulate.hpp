// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>

namespace bihuan {

struct SimulateOptions {
  std::filesystem::path data;  // kept there; nowhere when empty
  std::filesystem::path workflows;
  int year = 2026;
  std::uint64_t seed = 1;
  std::size_t cases_a_month = 5;  // that people open; those that open by themselves come on top
  bool json = false;
};

// `bihuan simulate`: a made-up district works through one year on a clock of its own, from 1 January on: cases
// open by themselves, are worked on by people's habits, fall due and escalate. Says what came of it; 1 when the
// ledger does not balance or a history does not verify.
int run_simulate(SimulateOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
