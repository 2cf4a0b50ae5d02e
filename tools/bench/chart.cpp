// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace bihuan::bench {
namespace {

constexpr int width = 860;
constexpr int row = 26;
constexpr int names = 420;    // where the bars begin
constexpr int longest = 330;  // a ratio of `most`
constexpr double most = 10;
constexpr double least = 0.01;

// Ratios of a hundredth and of ten stand in one picture, so lengths go by the logarithm.
int length_of(double ratio) {
  auto const share = std::log10(std::clamp(ratio, least, most) / least) / std::log10(most / least);
  return static_cast<int>(std::lround(share * longest));
}

std::string escaped(std::string const& text) {
  std::string safe;
  for (char const c : text) safe += c == '&' ? "&amp;" : c == '<' ? "&lt;" : std::string(1, c);
  return safe;
}

}  // namespace

std::string chart(Conditions const& conditions, std::vector<Line> const& lines) {
  std::string bars;
  int at = 40;
  for (auto const& line : lines) {
    if (!line.ratio) continue;
    bars += fmt::format(R"(<text x="{}" y="{}" text-anchor="end">{}</text><rect x="{}" y="{}" width="{}" height="16"/>)"
                        R"(<text x="{}" y="{}" class="ratio">{:.3g} × {}</text>)"
                        "\n",
                        names - 8, at + 13, escaped(line.what), names, at, length_of(*line.ratio),
                        names + length_of(*line.ratio) + 6, at + 13, *line.ratio, escaped(line.against));
    at += row;
  }
  auto const one = names + length_of(1);
  return fmt::format(
      R"svg(<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" font-family="system-ui, sans-serif" font-size="12">
<style>text {{ fill: #1f2329 }} rect {{ fill: #1259c3 }} .ratio {{ fill: #5a6472 }} line {{ stroke: #5a6472; stroke-dasharray: 3 3 }}</style>
<rect width="100%" height="100%" style="fill:#fff"/>
<text x="12" y="22">{}{}, {} cores: ratios, on a scale of powers of ten; the line is 1</text>
<line x1="{}" y1="32" x2="{}" y2="{}"/>
{}</svg>
)svg",
      width + 200, at + 12, escaped(conditions.started), conditions.quick ? " (quick)" : "", conditions.cores, one, one,
      at, bars);
}

}  // namespace bihuan::bench
