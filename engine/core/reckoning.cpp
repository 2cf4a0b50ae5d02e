// SPDX-License-Identifier: Apache-2.0
#include "engine/core/reckoning.hpp"

#include <algorithm>

#include "engine/core/message.hpp"

namespace bihuan {
namespace {

Period const three_working_days{.count = 3, .unit = Unit::working_day};

std::vector<Pause> pauses_since(Deadline const& deadline, Instant since) {
  std::vector<Pause> later;
  std::copy_if(deadline.pauses.begin(), deadline.pauses.end(), std::back_inserter(later),
               [&](Pause const& pause) { return pause.from >= since; });
  return later;
}

Instant warning_instant(Calendar const& calendar, DeadlineRule const& rule, Period const& period,
                        Deadline const& deadline, Instant due) {
  Instant warn = due;
  if (!rule.warning && period.form == Period::Form::count && period.unit == Unit::hour)
    warn = due - std::chrono::seconds{period.count * 900};
  else
    warn = instant_before(calendar, due, rule.warning.value_or(three_working_days));
  return std::max(warn, deadline.started);
}

}  // namespace

Result<Reckoning> reckon(Calendar const& calendar, DeadlineRule const& rule, Deadline const& deadline) {
  auto const period = parse_period(OrderedJson(deadline.period), "");
  auto const counting = parse_counting(OrderedJson(deadline.counting), "");
  if (!period) return refused(period.error());
  if (!counting) return refused(counting.error());
  Reckoning reckoning;
  if (deadline.extensions.empty()) {
    auto due = due_after(calendar, deadline.started, *period, *counting, deadline.pauses, deadline.fixed);
    if (!due) return refused(due.error());
    reckoning.due = std::move(*due);
  } else {
    // An extension replaces the count by a date; what was paused before it is in that date already.
    auto const& last = deadline.extensions.back();
    Period const to_date{.form = Period::Form::field};
    auto due = due_after(calendar, last.at, to_date, *counting, pauses_since(deadline, last.at), last.until);
    if (!due) return refused(due.error());
    reckoning.due = std::move(*due);
    reckoning.due.notes.insert(
        reckoning.due.notes.begin(),
        message("explain.extended_from", {{"at", calendar.zone().format(last.at)}, {"date", format_date(last.until)}}));
  }
  if (rule.hard_limit) {
    auto hard = due_after(calendar, deadline.started, rule.hard_limit->period, rule.hard_limit->counting,
                          deadline.pauses, deadline.fixed);
    if (!hard) return refused(hard.error());
    reckoning.hard = std::move(*hard);
  }
  reckoning.warn = warning_instant(calendar, rule, *period, deadline, reckoning.due.due);
  return reckoning;
}

std::optional<Instant> rung_instant(Calendar const& calendar, Rung const& rung, Deadline const& deadline) {
  if (deadline.state != Deadline::State::running || deadline.rungs.count(rung.id)) return std::nullopt;
  auto const at = rung.at == Rung::At::before ? instant_before(calendar, deadline.due, rung.period)
                                              : instant_after(calendar, deadline.due, rung.period);
  if (at < deadline.started) return std::nullopt;
  return at;
}

Result<Json> explain(Circumstances const& circumstances, Deadline const& deadline) {
  auto const& definition = circumstances.definition;
  auto const& calendar = circumstances.calendar;
  auto const* const rule = definition.find_deadline(deadline.name);
  if (!rule) return refused(refusal(Code::not_found, ""));
  auto const reckoning = reckon(calendar, *rule, deadline);
  if (!reckoning) return refused(reckoning.error());
  auto const text = [](Text const& t) { return Json{{"zh", t.zh}, {"en", t.en}}; };
  auto const format = [&](Instant instant) { return calendar.zone().format(instant); };
  auto const sources = [&](std::vector<std::string> const& ids) {
    Json list = Json::array();
    for (auto const& source : definition.sources(ids))
      list.push_back(
          {{"id", source.id}, {"source", source.source}, {"article", source.article}, {"verified", source.verified}});
    return list;
  };
  Json result = to_json(reckoning->due, calendar);
  result["deadline"] = deadline.name;
  result["title"] = text(rule->title);
  result["cycle"] = deadline.cycle;
  result["owner"] = deadline.owner;
  result["started"] = format(deadline.started);
  result["light"] = light_name(light_of(deadline, circumstances.now));
  result["basis"] = sources(rule->basis);
  result["note"] = text(rule->note);
  result["period"] = deadline.period;
  result["counting"] = deadline.counting;
  result["pauses"] = Json::array();
  for (auto const& pause : deadline.pauses)
    result["pauses"].push_back({{"from", format(pause.from)}, {"to", pause.to ? Json(format(*pause.to)) : Json()}});
  result["extensions"] = Json::array();
  for (auto const& extension : deadline.extensions)
    result["extensions"].push_back({{"at", format(extension.at)}, {"until", format_date(extension.until)}});
  if (reckoning->hard) {
    result["hard_limit"] = to_json(*reckoning->hard, calendar);
    result["hard_limit"]["basis"] = sources(rule->hard_limit->basis);
  }
  return result;
}

}  // namespace bihuan
