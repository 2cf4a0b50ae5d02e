// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/sample.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <thread>

namespace bihuan::bench {
namespace {

double processor_seconds_of_this() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  auto const seconds = [](timeval time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  auto const place = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

double median(std::vector<double> values) {
  return percentile(std::move(values), 0.5);
}

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

Sample summarize(std::vector<Round> const& rounds) {
  Sample sample;
  std::vector<double> rates;
  std::vector<double> p50;
  std::vector<double> p99;
  std::vector<double> processor;
  for (auto const& round : rounds) {
    rates.push_back(static_cast<double>(round.milliseconds.size()) / round.seconds);
    p50.push_back(percentile(round.milliseconds, 0.5));
    p99.push_back(percentile(round.milliseconds, 0.99));
    if (!round.milliseconds.empty())
      processor.push_back(1e6 * round.processor_seconds / static_cast<double>(round.milliseconds.size()));
    sample.failed += round.failed;
    if (sample.first_failure.empty()) sample.first_failure = round.first_failure;
  }
  sample.per_second = median(std::move(rates));
  sample.p50_ms = median(std::move(p50));
  sample.p99_ms = median(std::move(p99));
  sample.processor_us = median(std::move(processor));
  return sample;
}

Round run_threads(std::size_t threads, std::chrono::milliseconds time,
                  std::function<void(std::size_t thread)> const& once) {
  std::vector<Round> parts(threads);
  auto const spent_before = processor_seconds_of_this();
  auto const start = Clock::now();
  {
    std::vector<std::jthread> running;
    for (std::size_t thread = 0; thread < threads; ++thread) {
      running.emplace_back([&, thread] {
        auto& part = parts[thread];
        while (Clock::now() - start < time) {
          auto const began = Clock::now();
          try {
            once(thread);
            part.milliseconds.push_back(milliseconds_since(began));
          } catch (std::exception const& fault) {
            if (part.failed++ == 0) part.first_failure = fault.what();
          }
        }
      });
    }
  }
  Round whole;
  whole.seconds = milliseconds_since(start) / 1000;
  whole.processor_seconds = processor_seconds_of_this() - spent_before;
  for (auto& part : parts) {
    std::ranges::copy(part.milliseconds, std::back_inserter(whole.milliseconds));
    whole.failed += part.failed;
    if (whole.first_failure.empty()) whole.first_failure = std::move(part.first_failure);
  }
  return whole;
}

std::vector<Sample> measure_by_turns(Pace const& pace, std::vector<Side> const& sides) {
  for (auto const& side : sides) (void)side(pace.round / 4);
  std::vector<std::vector<Round>> rounds(sides.size());
  for (int turn = 0; turn < pace.rounds; ++turn) {
    for (std::size_t side = 0; side < sides.size(); ++side) rounds[side].push_back(sides[side](pace.round));
  }
  std::vector<Sample> samples;
  std::ranges::transform(rounds, std::back_inserter(samples), summarize);
  return samples;
}

}  // namespace bihuan::bench
