// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>

#include "tools/crash/program.hpp"

namespace bihuan::crash {

struct LimitOptions {
  std::uint64_t seed = 1;
  std::filesystem::path program = built_program();
  std::size_t steps = 400;  // that must be acknowledged before a limit is met, and after it is gone
  bool disks = true;        // also those limits that need a file system of their own, and memory
};

// The program under load meets a limit of the system and is relieved of it: answers meanwhile are what they should
// be or 503, afterwards it works on without being started again, and nothing acknowledged is lost. Each limit is told
// on `out`. The number of faults.
[[nodiscard]] std::size_t run_limits(LimitOptions const& options, std::ostream& out);

}  // namespace bihuan::crash
