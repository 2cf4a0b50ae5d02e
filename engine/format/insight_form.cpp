// SPDX-License-Identifier: Apache-2.0
#include "engine/format/insight_form.hpp"

#include <algorithm>

#include "engine/core/diagram.hpp"

namespace bihuan {
namespace {

using std::chrono::seconds;

OrderedJson both(Text const& text) {
  return {{"zh", text.zh}, {"en", text.en}};
}

Text title_of_state(Definition const& definition, std::string const& id) {
  auto const* const state = definition.find_state(id);
  return state == nullptr ? Text{id, id} : state->title;
}

Text title_of_way(Definition const& definition, std::string const& id) {
  auto const* const transition = definition.find_transition(id);
  if (transition != nullptr) return transition->title;
  return id == "open" ? definition.opening.title : Text{id, id};
}

OrderedJson time_of(std::optional<seconds> const& time) {
  return time ? OrderedJson(time->count()) : OrderedJson(nullptr);
}

OrderedJson stay_json(Stay const& stay, Definition const& definition, Organisation const& organisation) {
  OrderedJson json;
  json["state"] = stay.state;
  json["title"] = both(title_of_state(definition, stay.state));
  if (!stay.unit.empty()) {
    json["unit"] = stay.unit;
    json["unit_title"] = both(organisation.title_of(stay.unit));
  }
  json["ended"] = stay.ended;
  json["waiting"] = stay.waiting;
  json["limited"] = stay.limited;
  json["late"] = stay.late;
  json["median"] = time_of(stay.median);
  json["ninetieth"] = time_of(stay.ninetieth);
  json["limit"] = time_of(stay.limit);
  return json;
}

std::string part(std::int64_t count, char const* unit, Language language) {
  return in(language, message(std::string("insight.") + unit, {{"count", std::to_string(count)}}));
}

std::string words(std::optional<seconds> const& time, Language language) {
  return time ? in_words(*time, language) : "-";
}

std::string line_of(Stay const& stay, std::string const& name, Language language) {
  return name + "\t" + std::to_string(stay.ended) + "\t" + std::to_string(stay.waiting) + "\t" +
         words(stay.median, language) + "\t" + words(stay.ninetieth, language) + "\t" + words(stay.limit, language) +
         "\t" + std::to_string(stay.late) + "/" + std::to_string(stay.limited) + "\n";
}

}  // namespace

std::string in_words(seconds time, Language language) {
  auto const count = time.count();
  auto const day_count = count / 86'400;
  auto const hour_count = count / 3'600 % 24;
  auto const minute_count = count / 60 % 60;
  if (day_count > 0) {
    auto const whole = part(day_count, "days", language);
    return hour_count == 0 ? whole : whole + " " + part(hour_count, "hours", language);
  }
  if (hour_count > 0) {
    auto const whole = part(hour_count, "hours", language);
    return minute_count == 0 ? whole : whole + " " + part(minute_count, "minutes", language);
  }
  return part(minute_count, "minutes", language);
}

OrderedJson insight_json(Insight const& insight, Definition const& definition, Organisation const& organisation) {
  OrderedJson json;
  json["workflow"] = definition.id;
  json["title"] = both(definition.title);
  json["cases"] = insight.cases;
  json["whole"] = insight.whole;
  json["states"] = OrderedJson::array();
  for (auto const& stay : insight.states) json["states"].push_back(stay_json(stay, definition, organisation));
  json["units"] = OrderedJson::array();
  for (auto const& stay : insight.units) json["units"].push_back(stay_json(stay, definition, organisation));
  json["ways"] = OrderedJson::array();
  for (auto const& way : insight.ways) {
    json["ways"].push_back({{"from", way.from.empty() ? OrderedJson(nullptr) : OrderedJson(way.from)},
                            {"transition", way.transition},
                            {"title", both(title_of_way(definition, way.transition))},
                            {"to", way.to},
                            {"count", way.count}});
  }
  return json;
}

std::string insight_text(Insight const& insight, Definition const& definition, Organisation const& organisation,
                         Language language) {
  auto const head = message("insight.head", {{"workflow", definition.title}, {"cases", std::to_string(insight.cases)}});
  auto const columns = in(language, message("insight.columns"));
  std::string text = in(language, head) + "\n";
  if (!insight.whole) text += in(language, message("insight.not_whole")) + "\n";
  text += "\n" + in(language, message("insight.by_state")) + "\t" + columns + "\n";
  for (auto const& stay : insight.states)
    text += line_of(stay, in(language, title_of_state(definition, stay.state)), language);
  text += "\n" + in(language, message("insight.by_unit")) + "\t" + columns + "\n";
  for (auto const& stay : insight.units)
    text += line_of(
        stay,
        in(language, title_of_state(definition, stay.state)) + " · " + in(language, organisation.title_of(stay.unit)),
        language);
  text += "\n" + in(language, message("insight.ways")) + "\n";
  for (auto const& way : insight.ways) {
    auto const from = way.from.empty() ? std::string("•") : in(language, title_of_state(definition, way.from));
    text += std::to_string(way.count) + "\t" + from + " → " + in(language, title_of_state(definition, way.to)) + "\t" +
            in(language, title_of_way(definition, way.transition)) + "\n";
  }
  return text;
}

std::string insight_svg(Insight const& insight, Definition const& definition, Language language) {
  DiagramOptions options;
  options.language = language;
  for (auto const& stay : insight.states) {
    std::string more;
    if (stay.median)
      more = in(language, message("insight.on_state", {{"median", in_words(*stay.median, language)},
                                                       {"ninetieth", in_words(*stay.ninetieth, language)}}));
    if (stay.limit)
      more += (more.empty() ? "" : " ") +
              in(language, message("insight.on_state_limit", {{"limit", in_words(*stay.limit, language)}}));
    if (stay.waiting > 0)
      more += (more.empty() ? "" : " ") +
              in(language, message("insight.on_state_waiting", {{"count", std::to_string(stay.waiting)}}));
    if (!more.empty()) options.of_states[stay.state] = std::move(more);
  }
  std::map<std::string, std::int64_t> counts;
  for (auto const& way : insight.ways) counts[way.transition] += way.count;
  for (auto const& [transition, count] : counts) options.of_transitions[transition] = "×" + std::to_string(count);
  return diagram_svg(definition, options);
}

}  // namespace bihuan
