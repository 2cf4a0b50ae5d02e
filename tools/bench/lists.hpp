// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "tools/bench/report.hpp"

namespace bihuan::bench {

// What people ask for all day, through CaseService, among few and among many cases: a unit's 50 most overdue and the
// page after it, a worklist, a search. Then the program itself over the many (ledgers.hpp), with so many new rows.
[[nodiscard]] std::vector<Line> measure_lists(std::filesystem::path const& directory, Pace const& pace, std::size_t few,
                                              std::size_t many, std::size_t rows);

}  // namespace bihuan::bench
