// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/report.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <array>
#include <cmath>
#include <utility>

namespace bihuan::bench {
namespace {

std::string grouped(long number) {
  return number < 1000 ? std::to_string(number) : fmt::format("{},{:03}", grouped(number / 1000), number % 1000);
}

std::string number(double value) {
  if (value >= 100) return grouped(std::lround(value));
  return fmt::format("{:.{}f}", value, value >= 10 ? 1 : value >= 0.1 ? 2 : 4);
}

std::string optional_number(std::optional<double> value) {
  return value ? number(*value) : std::string();
}

}  // namespace

Line line_of(std::string what, Sample const& sample) {
  Line line{.what = std::move(what),
            .value = sample.per_second,
            .unit = "/s",
            .p50_ms = sample.p50_ms,
            .p99_ms = sample.p99_ms};
  if (sample.processor_us > 0) line.processor_us = sample.processor_us;
  if (sample.failed > 0) line.note = fmt::format("{} failed, the first with: {}", sample.failed, sample.first_failure);
  return line;
}

Line line_of(std::string what, Sample const& sample, Sample const& base, std::string against) {
  auto line = line_of(std::move(what), sample);
  line.ratio = sample.per_second / base.per_second;
  line.against = std::move(against);
  return line;
}

std::string load_average() {
  std::array<double, 3> loads{};
  if (getloadavg(loads.data(), 3) != 3) return "unknown";
  return fmt::format("{:.2f} {:.2f} {:.2f}", loads[0], loads[1], loads[2]);
}

std::string table(Conditions const& conditions, std::vector<Line> const& lines) {
  auto text = fmt::format(
      "{}{}, {} cores, {}load average {} before and {} after (1, 5, 15 minutes; the bench's own included)\n\n",
      conditions.started, conditions.quick ? " (quick)" : "", conditions.cores,
      conditions.sync_ms > 0 ? fmt::format("each sync {} ms longer, ", conditions.sync_ms) : "", conditions.load_before,
      conditions.load_after);
  text += "| measured | value | p50 ms | p99 ms | CPU µs | ratio | to | note |\n|---|---|---|---|---|---|---|---|\n";
  for (auto const& line : lines) {
    text += fmt::format("| {} | {}{}{} | {} | {} | {} | {} | {} | {} |\n", line.what, number(line.value),
                        line.unit.starts_with('/') ? "" : " ", line.unit, optional_number(line.p50_ms),
                        optional_number(line.p99_ms), optional_number(line.processor_us),
                        line.ratio ? fmt::format("{:.3f}", *line.ratio) : "", line.against, line.note);
  }
  return text;
}

OrderedJson to_json(Conditions const& conditions, std::vector<Line> const& lines) {
  auto const maybe = [](std::optional<double> value) { return value ? OrderedJson(*value) : OrderedJson(nullptr); };
  auto items = OrderedJson::array();
  for (auto const& line : lines) {
    OrderedJson item;
    item["measured"] = line.what;
    item["value"] = line.value;
    item["unit"] = line.unit;
    item["p50_ms"] = maybe(line.p50_ms);
    item["p99_ms"] = maybe(line.p99_ms);
    item["processor_us"] = maybe(line.processor_us);
    item["ratio"] = maybe(line.ratio);
    item["against"] = line.against;
    item["note"] = line.note;
    items.push_back(std::move(item));
  }
  OrderedJson body;
  body["started"] = conditions.started;
  body["quick"] = conditions.quick;
  body["sync_ms"] = conditions.sync_ms;
  body["cores"] = conditions.cores;
  body["load_before"] = conditions.load_before;
  body["load_after"] = conditions.load_after;
  body["lines"] = std::move(items);
  return body;
}

}  // namespace bihuan::bench
