// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "tools/bench/report.hpp"

namespace bihuan::bench {

// One step of a case, through the engine and through HTTP, against raw SQLite; and a case read through HTTP
// against a bare server that answers the same bytes.
[[nodiscard]] std::vector<Line> measure_advance_and_read(std::filesystem::path const& directory, Pace const& pace,
                                                         std::size_t cases);

}  // namespace bihuan::bench
