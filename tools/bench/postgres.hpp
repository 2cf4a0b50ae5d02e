// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "tools/bench/report.hpp"

namespace bihuan::bench {

// One step of a case and the reading of one, through one node and three on a PostgreSQL of this bench's own, against
// pgbench with the least rows that a step can be, and against the reading from SQLite.
[[nodiscard]] std::vector<Line> measure_postgres(std::filesystem::path const& directory, Pace const& pace,
                                                 std::size_t cases);

}  // namespace bihuan::bench
