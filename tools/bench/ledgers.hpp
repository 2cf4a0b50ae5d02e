// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "tools/bench/report.hpp"
#include "tools/bench/served_program.hpp"

namespace bihuan::bench {

// The program over so many cases: the ledger of all of them as CSV and as a workbook, and a ledger of new rows brought
// in, of which one in a hundred is at fault: looked at, and then taken without those.
[[nodiscard]] std::vector<Line> measure_ledgers(ServedProgram const& program, std::size_t cases, std::size_t rows);

}  // namespace bihuan::bench
