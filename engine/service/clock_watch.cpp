// SPDX-License-Identifier: Apache-2.0
#include "engine/service/clock_watch.hpp"

#include <ctime>
#include <utility>

namespace bihuan {

ClockWatch::ClockWatch(Clock wall, Steady steady, std::chrono::seconds tolerance)
    : wall_(std::move(wall)), steady_(std::move(steady)), tolerance_(tolerance), apart_(apart()) {}

std::chrono::seconds ClockWatch::apart() const {
  return wall_().time_since_epoch() - steady_();
}

std::optional<std::chrono::seconds> ClockWatch::look() {
  auto const now = apart();
  auto const step = now - apart_;
  if (std::chrono::abs(step) < tolerance_) return std::nullopt;
  apart_ = now;
  last_step_ = steady_();
  ++steps_;
  return step;
}

bool ClockWatch::set_within(std::chrono::seconds time) const {
  return last_step_ && steady_() - *last_step_ <= time;
}

std::chrono::seconds seconds_since_boot() {
  timespec since{};
  clock_gettime(CLOCK_BOOTTIME, &since);
  return std::chrono::seconds(since.tv_sec);
}

}  // namespace bihuan
