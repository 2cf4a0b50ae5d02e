// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/json.hpp"
#include "tools/bench/sample.hpp"

namespace bihuan::bench {

struct Line {
  std::string what;
  double value = 0;
  std::string unit;  // "/s", "ms", "MB"
  std::optional<double> p50_ms{};
  std::optional<double> p99_ms{};
  std::optional<double> processor_us{};
  std::optional<double> ratio{};
  std::string against{};  // what the ratio is to
  std::string note{};
};

[[nodiscard]] Line line_of(std::string what, Sample const& sample);
[[nodiscard]] Line line_of(std::string what, Sample const& sample, Sample const& base, std::string against);

// What the machine is and how busy it was: ratios of a busy one say little.
struct Conditions {
  std::string started;
  bool quick = false;
  double sync_ms = 0;  // that each sync was made to take longer
  unsigned cores = 0;
  std::string load_before;
  std::string load_after;
};
// The load averages of the last 1, 5 and 15 minutes.
[[nodiscard]] std::string load_average();

// A Markdown table, so that a run can be pasted where it is to be read.
[[nodiscard]] std::string table(Conditions const& conditions, std::vector<Line> const& lines);
[[nodiscard]] OrderedJson to_json(Conditions const& conditions, std::vector<Line> const& lines);

}  // namespace bihuan::bench
