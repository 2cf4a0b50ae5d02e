// SPDX-License-Identifier: Apache-2.0
#include "engine/core/definition_parse.hpp"
#include "engine/core/message.hpp"

namespace bihuan::parsing {
namespace {

void take_faults(Reader& reader, Refusals const& faults) {
  reader.faults().insert(reader.faults().end(), faults.begin(), faults.end());
}

std::optional<Period> optional_period(Reader& reader, std::string_view name, bool required) {
  auto const* const value = reader.find(name);
  if (!value) {
    if (required && reader.is_object()) reader.fault(Code::missing, name, {{"name", name}});
    return std::nullopt;
  }
  auto const period = parse_period(*value, pointer_to(reader.pointer(), name));
  if (period) return *period;
  take_faults(reader, period.error());
  return std::nullopt;
}

std::optional<Counting> optional_counting(Reader& reader) {
  auto const* const value = reader.find("counting");
  if (!value) return std::nullopt;
  auto const counting = parse_counting(*value, pointer_to(reader.pointer(), "counting"));
  if (counting) return *counting;
  take_faults(reader, counting.error());
  return std::nullopt;
}

std::vector<std::string> parse_on(Reader& reader, std::string_view name) {
  auto const* const value = reader.find(name);
  if (!value || value->is_null()) return {};
  Reader member(*value, pointer_to(reader.pointer(), name), reader.faults());
  auto on = member.texts("on");
  member.finish();
  return on;
}

std::vector<WithinRule> parse_within(Reader& reader) {
  std::vector<WithinRule> rules;
  auto const* const value = reader.find("within");
  if (!value) {
    reader.fault(Code::missing, "within", {{"name", "within"}});
    return rules;
  }
  if (!value->is_array()) {
    if (auto const period = optional_period(reader, "within", true))
      rules.push_back({std::nullopt, *period, std::nullopt});
    return rules;
  }
  reader.elements("within", [&](std::size_t, Reader& member) {
    WithinRule rule;
    rule.when = optional_rule(member, "when");
    rule.period = optional_period(member, "period", true).value_or(Period{});
    rule.counting = optional_counting(member);
    member.finish();
    rules.push_back(std::move(rule));
  });
  return rules;
}

Extension parse_extension(Reader& reader) {
  Extension extension;
  extension.action.id = "extend";
  extension.most = optional_period(reader, "most", false);
  extension.before_due = reader.boolean_or("before_due", true);
  auto const times = reader.integer_or("times", 1);
  if (times < 1 || times > 1000) reader.fault(Code::out_of_bounds, "times", {{"expected", "1 … 1000"}});
  extension.times = static_cast<int>(times);
  parse_action(reader, extension.action, false);
  if (extension.action.title == Text{}) extension.action.title = message("action.extend");
  reader.finish();
  return extension;
}

Rung parse_rung(Reader& reader) {
  Rung rung;
  rung.id = reader.text("id");
  if (auto const* const at = reader.find("at")) {
    Reader member(*at, pointer_to(reader.pointer(), "at"), reader.faults());
    bool const before = at->is_object() && at->contains("before");
    rung.at = before ? Rung::At::before : Rung::At::after;
    rung.period = optional_period(member, before ? "before" : "after", true).value_or(Period{});
    if (rung.period.form != Period::Form::count)
      member.fault(Code::bad_format, before ? "before" : "after",
                   {{"value", "period"}, {"expected", "{\"count\": …, \"unit\": …}"}});
    member.finish();
  } else {
    reader.fault(Code::missing, "at", {{"name", "at"}});
  }
  rung.effects = parse_effects(reader, "effects");
  reader.finish();
  return rung;
}

void parse_start(Reader& reader, DeadlineRule& deadline) {
  auto const* const value = reader.find("start");
  if (!value) return reader.fault(Code::missing, "start", {{"name", "start"}});
  Reader start(*value, pointer_to(reader.pointer(), "start"), reader.faults());
  deadline.start_on = start.texts("on");
  deadline.start_when = optional_rule(start, "when");
  deadline.start_from = start.text_or("from", "");
  start.finish();
}

}  // namespace

DeadlineRule parse_deadline(std::string const& id, Reader& reader) {
  DeadlineRule deadline;
  deadline.id = id;
  deadline.title = reader.bilingual("title");
  deadline.owner = reader.text("owner");
  parse_start(reader, deadline);
  deadline.stop_on = parse_on(reader, "stop");
  deadline.pause_on = parse_on(reader, "pause");
  deadline.resume_on = parse_on(reader, "resume");
  deadline.within = parse_within(reader);
  deadline.counting = optional_counting(reader).value_or(Counting{});
  deadline.warning = optional_period(reader, "warning", false);
  if (auto const* const value = reader.find("hard_limit"); value && !value->is_null()) {
    Reader member(*value, pointer_to(reader.pointer(), "hard_limit"), reader.faults());
    HardLimit limit;
    limit.period = optional_period(member, "period", true).value_or(Period{});
    limit.counting = optional_counting(member).value_or(deadline.counting);
    limit.basis = member.texts("basis");
    member.finish();
    deadline.hard_limit = std::move(limit);
  }
  if (auto const* const value = reader.find("extension"); value && !value->is_null()) {
    Reader member(*value, pointer_to(reader.pointer(), "extension"), reader.faults());
    deadline.extension = parse_extension(member);
  }
  if (auto const* const value = reader.find("by_hand"); value && !value->is_null()) {
    Reader member(*value, pointer_to(reader.pointer(), "by_hand"), reader.faults());
    Action action;
    action.id = "pause";
    parse_action(member, action, false);
    member.finish();
    deadline.by_hand = std::move(action);
  }
  auto const reentry = reader.choice("on_reentry", {"restart", "resume", "keep_running"}, "restart");
  deadline.on_reentry = reentry == "resume"         ? Reentry::resume
                        : reentry == "keep_running" ? Reentry::keep_running
                                                    : Reentry::restart;
  reader.elements("escalations",
                  [&](std::size_t, Reader& member) { deadline.escalations.push_back(parse_rung(member)); });
  deadline.basis = reader.texts("basis");
  deadline.mark = parse_mark(reader);
  deadline.note = reader.bilingual_or("note", {});
  reader.finish();
  return deadline;
}

Recurrence parse_recurrence(std::string const& id, Reader& reader) {
  Recurrence recurrence;
  recurrence.id = id;
  recurrence.title = reader.bilingual("title");
  auto const* const every = reader.find("every");
  if (!every) {
    reader.fault(Code::missing, "every", {{"name", "every"}});
  } else if (every->is_object() && every->contains("yearly")) {
    auto const period = parse_period(*every, pointer_to(reader.pointer(), "every"));
    if (!period) take_faults(reader, period.error());
    recurrence.month = period ? period->month : 1;
    recurrence.day = period ? period->day : 1;
  } else {
    Reader member(*every, pointer_to(reader.pointer(), "every"), reader.faults());
    auto const months = member.integer_or("months", 0);
    if (months < 1 || months > 120) member.fault(Code::out_of_bounds, "months", {{"expected", "1 … 120"}});
    recurrence.months = static_cast<int>(months);
    member.finish();
    if (!reader.find("starting")) reader.fault(Code::missing, "starting", {{"name", "starting"}});
  }
  if (auto const text = reader.text_or("starting", ""); !text.empty()) {
    auto const date = parse_date(text, pointer_to(reader.pointer(), "starting"));
    if (!date) take_faults(reader, date.error());
    if (date) recurrence.starting = *date;
  }
  recurrence.on_working_day = reader.boolean_or("on_working_day", false);
  if (auto const* const each = reader.find("for"); each && !each->is_null()) {
    Reader member(*each, pointer_to(reader.pointer(), "for"), reader.faults());
    recurrence.party = member.text("party");
    recurrence.units = member.texts("units");
    recurrence.unit_kinds = member.texts("unit_kinds");
    member.finish();
    if (recurrence.units.empty() && recurrence.unit_kinds.empty())
      member.fault(Code::missing, "units", {{"name", "units"}});
  }
  reader.members("fields",
                 [&](std::string const& field, Reader& rule) { recurrence.fields[field] = rule_from(rule.value()); });
  recurrence.basis = reader.texts("basis");
  reader.finish();
  return recurrence;
}

}  // namespace bihuan::parsing
