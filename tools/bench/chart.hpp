// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tools/bench/report.hpp"

namespace bihuan::bench {

// The ratios of a run as bars in an SVG, those to one base together; 1 is marked.
[[nodiscard]] std::string chart(Conditions const& conditions, std::vector<Line> const& lines);

}  // namespace bihuan::bench
