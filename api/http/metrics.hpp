// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bihuan::http {

// What the service counts about itself, without personal data. Recording is a few relaxed additions from any
// thread; everything else happens when somebody asks.
class Metrics {
 public:
  struct Route {
    std::string method;
    std::string pattern;
  };
  // Upper bounds of the histogram of durations, in seconds.
  static constexpr std::array<double, 10> bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5};

  struct Counts {
    Route route;
    std::array<std::uint64_t, 5> by_class{};  // 1xx to 5xx
    std::array<std::uint64_t, bounds.size() + 1> by_duration{};
    double seconds = 0;
    std::uint64_t bytes = 0;
  };

  explicit Metrics(std::vector<Route> const& routes);

  // `route` indexes the routes given at the start; any other number counts as "unmatched".
  void record(std::size_t route, int status, std::chrono::microseconds duration, std::size_t bytes) noexcept;
  // A value that is asked for when the text is rendered (queue depths, open cases); called from any thread.
  struct Gauge {
    std::string name;
    std::string help;      // one line, without backslashes
    std::string labels{};  // empty or like `pool="handlers"`
    std::function<double()> value;
  };
  // Before serving starts; gauges of one name one after the other.
  void add_gauge(Gauge gauge);

  [[nodiscard]] std::vector<Counts> snapshot() const;
  // The Prometheus text format, version 0.0.4.
  [[nodiscard]] std::string render() const;

 private:
  struct Slot {
    Route route;
    std::array<std::atomic<std::uint64_t>, 5> by_class{};
    std::array<std::atomic<std::uint64_t>, bounds.size() + 1> by_duration{};
    std::atomic<std::uint64_t> microseconds{};
    std::atomic<std::uint64_t> bytes{};
  };
  std::vector<Slot> slots_;
  std::vector<Gauge> gauges_;
};

}  // namespace bihuan::http
