// SPDX-License-Identifier: Apache-2.0
#include "api/http/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace bihuan::http {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

void append_requests(std::string& text, Metrics::Counts const& counts) {
  for (std::size_t index = 0; index < counts.by_class.size(); ++index) {
    if (counts.by_class[index] == 0) continue;
    fmt::format_to(std::back_inserter(text), "http_requests_total{{method=\"{}\",route=\"{}\",status=\"{}xx\"}} {}\n",
                   counts.route.method, counts.route.pattern, index + 1, counts.by_class[index]);
  }
}

void append_durations(std::string& text, Metrics::Counts const& counts) {
  auto const labels = fmt::format("method=\"{}\",route=\"{}\"", counts.route.method, counts.route.pattern);
  std::uint64_t total = 0;
  for (std::size_t index = 0; index < counts.by_duration.size(); ++index) {
    total += counts.by_duration[index];
    auto const bound = index < Metrics::bounds.size() ? fmt::format("{}", Metrics::bounds[index]) : "+Inf";
    fmt::format_to(std::back_inserter(text), "http_request_duration_seconds_bucket{{{},le=\"{}\"}} {}\n", labels, bound,
                   total);
  }
  fmt::format_to(std::back_inserter(text),
                 "http_request_duration_seconds_sum{{{}}} {}\nhttp_request_duration_seconds_count{{{}}} {}\n", labels,
                 counts.seconds, labels, total);
}

void append_head(std::string& text, std::string_view name, std::string_view help, std::string_view type) {
  fmt::format_to(std::back_inserter(text), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

}  // namespace

Metrics::Metrics(std::vector<Route> const& routes) : slots_(routes.size() + 1) {
  for (std::size_t index = 0; index < routes.size(); ++index) slots_[index].route = routes[index];
  slots_.back().route = {.method = "", .pattern = "unmatched"};
}

void Metrics::record(std::size_t route, int status, std::chrono::microseconds duration, std::size_t bytes) noexcept {
  auto& slot = slots_[std::min(route, slots_.size() - 1)];
  auto const status_class = static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1);
  auto const seconds = static_cast<double>(duration.count()) / 1e6;
  auto const bucket = static_cast<std::size_t>(std::ranges::lower_bound(bounds, seconds) - bounds.begin());
  slot.by_class[status_class].fetch_add(1, relaxed);
  slot.by_duration[bucket].fetch_add(1, relaxed);
  slot.microseconds.fetch_add(static_cast<std::uint64_t>(duration.count()), relaxed);
  slot.bytes.fetch_add(bytes, relaxed);
}

void Metrics::add_gauge(Gauge gauge) {
  gauges_.push_back(std::move(gauge));
}

std::vector<Metrics::Counts> Metrics::snapshot() const {
  std::vector<Counts> all;
  for (auto const& slot : slots_) {
    Counts counts{.route = slot.route};
    std::ranges::transform(slot.by_class, counts.by_class.begin(),
                           [](auto const& count) { return count.load(relaxed); });
    std::ranges::transform(slot.by_duration, counts.by_duration.begin(),
                           [](auto const& count) { return count.load(relaxed); });
    counts.seconds = static_cast<double>(slot.microseconds.load(relaxed)) / 1e6;
    counts.bytes = slot.bytes.load(relaxed);
    all.push_back(std::move(counts));
  }
  return all;
}

std::string Metrics::render() const {
  auto all = snapshot();
  std::erase_if(all, [](Counts const& counts) {
    return std::ranges::all_of(counts.by_class, [](auto count) { return count == 0; });
  });
  std::string text;
  append_head(text, "http_requests_total", "Requests that were answered, by the class of the status.", "counter");
  for (auto const& counts : all) append_requests(text, counts);
  append_head(text, "http_response_bytes_total", "Bytes of the bodies of answers.", "counter");
  for (auto const& counts : all) {
    fmt::format_to(std::back_inserter(text), "http_response_bytes_total{{method=\"{}\",route=\"{}\"}} {}\n",
                   counts.route.method, counts.route.pattern, counts.bytes);
  }
  append_head(text, "http_request_duration_seconds", "Time from a request's head to its answer.", "histogram");
  for (auto const& counts : all) append_durations(text, counts);
  std::string_view previous;
  for (auto const& gauge : gauges_) {
    if (gauge.name != previous) append_head(text, gauge.name, gauge.help, "gauge");
    previous = gauge.name;
    auto const labels = gauge.labels.empty() ? std::string() : "{" + gauge.labels + "}";
    fmt::format_to(std::back_inserter(text), "{}{} {}\n", gauge.name, labels, gauge.value());
  }
  return text;
}

}  // namespace bihuan::http
