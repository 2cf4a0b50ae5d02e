// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "tools/bench/report.hpp"

namespace bihuan::bench {

// The program over a directory that holds so many cases: its start, the ledger of all of them as CSV and as a workbook,
// and a ledger of new rows brought in, of which one in a hundred is at fault: looked at, and then taken without those.
[[nodiscard]] std::vector<Line> measure_ledgers(std::filesystem::path const& directory, std::size_t cases,
                                                std::size_t rows);

}  // namespace bihuan::bench
