// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>

#include "engine/service/case_service.hpp"

namespace bihuan {

// Notices that somebody set the wall clock, by a clock beside it that nobody can set and that goes on while the
// machine sleeps. For one thread, `steps` for any.
class ClockWatch {
 public:
  using Steady = std::function<std::chrono::seconds()>;

  ClockWatch(Clock wall, Steady steady, std::chrono::seconds tolerance = std::chrono::seconds(60));

  // How far the wall clock was set since the last look, back being negative; nothing when it went as it should,
  // within the tolerance.
  [[nodiscard]] std::optional<std::chrono::seconds> look();
  // Whether one of these steps is no longer ago than this, by the clock that nobody sets: what cannot be taken back
  // should not be done by such a clock.
  [[nodiscard]] bool set_within(std::chrono::seconds time) const;
  // How often it was.
  [[nodiscard]] std::size_t steps() const { return steps_; }

 private:
  [[nodiscard]] std::chrono::seconds apart() const;

  Clock wall_;
  Steady steady_;
  std::chrono::seconds tolerance_;
  std::chrono::seconds apart_;
  std::optional<std::chrono::seconds> last_step_;
  std::atomic<std::size_t> steps_ = 0;
};

// The seconds since this machine was started, sleep included.
[[nodiscard]] std::chrono::seconds seconds_since_boot();

}  // namespace bihuan
