// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace bihuan::bench {

using Clock = std::chrono::steady_clock;

// What one round of one side did.
struct Round {
  double seconds = 0;
  std::vector<double> milliseconds;          // each operation's; as many as there were operations
  std::vector<double> refused_milliseconds;  // of answers that the server is too busy
  double processor_seconds = 0;              // spent by what is measured, on all cores; 0 where nobody looked
  std::size_t failed = 0;                    // not among these
  std::string first_failure;
};

// Medians over the rounds of a side: one round beside a neighbour's compiler says nothing.
struct Sample {
  double per_second = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double processor_us = 0;  // for one operation: what a busy neighbour changes least
  std::size_t failed = 0;
  std::string first_failure;
};

[[nodiscard]] double median(std::vector<double> values);
[[nodiscard]] double percentile(std::vector<double> values, double share);
[[nodiscard]] double milliseconds_since(Clock::time_point start);
[[nodiscard]] Sample summarize(std::vector<Round> const& rounds);

struct Pace {
  std::chrono::milliseconds round{3000};
  int rounds = 5;
};

// Calls `once` on so many threads until the time is over. What it throws counts as a failure.
[[nodiscard]] Round run_threads(std::size_t threads, std::chrono::milliseconds time,
                                std::function<void(std::size_t thread)> const& once);

// One side: called once to warm up, then once each round.
using Side = std::function<Round(std::chrono::milliseconds time)>;
// All sides by turns, so that whatever else the machine does falls on each of them alike.
[[nodiscard]] std::vector<Sample> measure_by_turns(Pace const& pace, std::vector<Side> const& sides);

}  // namespace bihuan::bench
