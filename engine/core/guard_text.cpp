// SPDX-License-Identifier: Apache-2.0
#include "engine/core/guard_text.hpp"

#include <algorithm>

#include "engine/core/guard.hpp"
#include "engine/core/rule_data.hpp"

namespace bihuan {
namespace {

// Calls `plain` for what stands between placeholders and `path` for what stands in one.
void walk(std::string_view text, std::function<void(std::string_view)> const& plain,
          std::function<void(std::string_view)> const& path) {
  while (true) {
    auto const open = text.find('{');
    auto const close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) return plain(text);
    plain(text.substr(0, open));
    path(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
}

std::string replaced(std::string_view text, std::function<std::string(std::string const&)> const& say) {
  std::string result;
  walk(
      text, [&](std::string_view words) { result += words; },
      [&](std::string_view path) { result += say(std::string(path)); });
  return result;
}

std::string time_in_words(Json const& value, Zone const& zone) {
  constexpr std::string_view midnight = "00:00:00";
  if (!value.is_string()) return "—";
  auto const text = value.get<std::string>();
  auto const at = parse_instant(text);
  if (!at) return text;
  auto const local = zone.format(*at);  // 2026-11-25T23:59:59+08:00
  auto const date = local.substr(0, 10);
  auto const time = local.substr(11, midnight.size());
  return time == midnight ? date : date + " " + time;
}

}  // namespace

std::vector<std::string> placeholders_of(Text const& text) {
  std::vector<std::string> paths;
  for (auto const& words : {text.zh, text.en})
    walk(
        words, [](std::string_view) {}, [&](std::string_view path) { paths.emplace_back(path); });
  std::ranges::sort(paths);
  // Not that of std::ranges: clang 14, which the fuzz preset builds with, cannot read its result in this library.
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

bool is_time_path(Definition const& definition, std::string_view path) {
  if (path == "now" || path == "today") return true;
  if (!known_path(definition, path)) return false;
  bool const of_deadline = path.starts_with("deadlines.") && (path.ends_with(".due") || path.ends_with(".over"));
  bool const of_act = path.starts_with("case.last.") && (path.ends_with(".at") || path.ends_with(".on"));
  return of_deadline || of_act;
}

Text with_placeholders(Text const& text, std::function<Text(std::string const& path)> const& say) {
  return {replaced(text.zh, [&](std::string const& path) { return say(path).zh; }),
          replaced(text.en, [&](std::string const& path) { return say(path).en; })};
}

Text with_times(Text const& text, Json const& data, Zone const& zone) {
  return with_placeholders(text, [&](std::string const& path) {
    auto const value = evaluate({{"var", path}}, data);
    auto const words = time_in_words(value ? *value : Json(), zone);
    return Text{words, words};
  });
}

}  // namespace bihuan
