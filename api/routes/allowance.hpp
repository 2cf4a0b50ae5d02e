// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "engine/core/time.hpp"

namespace bihuan::routes {

// How many calls that ask nobody to sign in one address may make. Bounded, and safe to use from any thread.
class Allowance {
 public:
  struct Limits {
    std::size_t calls = 60;
    std::chrono::seconds span{60};
    std::size_t addresses = 10'000;  // remembered at once; with more, all begin anew
  };
  Allowance() = default;
  explicit Allowance(Limits limits) : limits_(limits) {}

  // Nothing when the call may go on, otherwise how long to wait.
  [[nodiscard]] std::optional<std::chrono::seconds> take(std::string const& address, Instant now);

 private:
  struct Used {
    Instant since{};
    std::size_t calls = 0;
  };
  Limits limits_{};
  std::mutex mutex_;
  std::unordered_map<std::string, Used> used_;
};

}  // namespace bihuan::routes
