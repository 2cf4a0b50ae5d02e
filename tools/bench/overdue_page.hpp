// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "tools/bench/report.hpp"

namespace bihuan::bench {

// A unit's overdue page of 50 through CaseService among few and among many cases: the first page and a later
// one.
[[nodiscard]] std::vector<Line> measure_overdue_page(std::filesystem::path const& directory, Pace const& pace,
                                                     std::size_t few, std::size_t many);

}  // namespace bihuan::bench
