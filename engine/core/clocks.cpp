// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/core/contains.hpp"
#include "engine/core/decision_builder.hpp"
#include "engine/core/guard.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reckoning.hpp"
#include "engine/core/rule_data.hpp"

namespace bihuan {
namespace {

bool holds(Json const& rule, Json const& data) {
  auto const value = evaluate(rule, data);
  return value && truthy(*value);
}

// What every event that moves a due instant carries, so that apply() needs no calendar.
bool add_due(DecisionBuilder& builder, DeadlineRule const& rule, Deadline const& deadline, Json& body) {
  auto const reckoning = reckon(builder.circumstances().calendar, rule, deadline);
  if (!reckoning) {
    builder.fail(reckoning.error());
    return false;
  }
  body["due"] = format_utc(reckoning->due.due);
  body["warn"] = format_utc(reckoning->warn);
  body["hard_due"] = reckoning->hard ? Json(format_utc(reckoning->hard->due)) : Json();
  body["provisional"] = reckoning->due.provisional || (reckoning->hard && reckoning->hard->provisional);
  return true;
}

Json names_of(Deadline const& deadline) {
  return {{"deadline", deadline.name}, {"cycle", deadline.cycle}};
}

std::optional<Date> date_of_field(DecisionBuilder& builder, std::string const& field) {
  auto const found = builder.subject().fields.find(field);
  auto const* const kind = builder.definition().find_field(field);
  if (found == builder.subject().fields.end() || !found->is_string() || !kind) {
    builder.fail(
        refusal(Code::missing, pointer_to("/input", field), {{"name", kind ? kind->title : Text{field, field}}}));
    return std::nullopt;
  }
  auto const& text = found->get_ref<std::string const&>();
  if (kind->type == FieldType::date) return *parse_date(text);
  return builder.circumstances().calendar.zone().date_of(*parse_instant(text));
}

// The moment from which the deadline counts: the transition's, or what a field says.
std::optional<Instant> beginning(DecisionBuilder& builder, DeadlineRule const& rule) {
  if (rule.start_from.empty()) return builder.now();
  auto const found = builder.subject().fields.find(rule.start_from);
  auto const* const kind = builder.definition().find_field(rule.start_from);
  Instant start{};
  if (kind && kind->type == FieldType::instant && found != builder.subject().fields.end() && found->is_string()) {
    start = *parse_instant(found->get_ref<std::string const&>());
  } else {
    auto const date = date_of_field(builder, rule.start_from);
    if (!date) return std::nullopt;
    start = builder.circumstances().calendar.zone().start_of(*date);
  }
  if (start > builder.now()) {
    builder.fail(refusal(Code::out_of_bounds, pointer_to("/input", rule.start_from),
                         {{"expected", message("expected.not_in_future")}}));
    return std::nullopt;
  }
  return start;
}

// The period that this case has now, or nullptr.
WithinRule const* period_of(DecisionBuilder& builder, DeadlineRule const& rule) {
  Json data;  // asked for by few periods
  auto const within = std::find_if(rule.within.begin(), rule.within.end(), [&](WithinRule const& w) {
    if (!w.when) return true;
    if (data.is_null()) data = rule_data(builder.circumstances(), builder.subject(), builder.actor());
    return holds(*w.when, data);
  });
  return within == rule.within.end() ? nullptr : &*within;
}

// The unit that a deadline runs for; nothing, and the decision fails, when nobody holds that part.
std::optional<std::string> owner_of(DecisionBuilder& builder, DeadlineRule const& rule) {
  auto const& subject = builder.subject();
  auto const owner = subject.parties.find(rule.owner);
  if (owner != subject.parties.end() && !owner->second.empty()) return owner->second.front().unit;
  auto const* const party = builder.definition().find_party(rule.owner);
  builder.fail(refusal(Code::party_missing, pointer_to("/input", rule.owner),
                       {{"party", party ? party->title : Text{rule.owner, rule.owner}}}));
  return std::nullopt;
}

void emit_cycle(DecisionBuilder& builder, DeadlineRule const& rule, Deadline const& cycle, std::string const& owner) {
  Json body{{"deadline", cycle.name},
            {"cycle", cycle.cycle},
            {"owner_party", rule.owner},
            {"owner", owner},
            {"started", format_utc(cycle.started)},
            {"period", cycle.period},
            {"counting", cycle.counting},
            {"fixed", cycle.fixed ? Json(format_date(*cycle.fixed)) : Json()}};
  if (add_due(builder, rule, cycle, body)) builder.emit(EventType::deadline_started, std::move(body));
}

void begin_cycle(DecisionBuilder& builder, DeadlineRule const& rule) {
  auto const& subject = builder.subject();
  auto const owner = owner_of(builder, rule);
  if (!owner) return;
  auto const* const within = period_of(builder, rule);
  auto const start = beginning(builder, rule);
  if (!within || !start) return;
  Deadline cycle;
  cycle.name = rule.id;
  auto const* const before = subject.deadline(rule.id);
  cycle.cycle = before ? before->cycle + 1 : 1;
  cycle.started = *start;
  cycle.period = to_json(within->period);
  cycle.counting = to_json(within->counting.value_or(rule.counting));
  if (within->period.form == Period::Form::field) {
    cycle.fixed = date_of_field(builder, within->period.field);
    if (!cycle.fixed) return;
  }
  emit_cycle(builder, rule, cycle, *owner);
}

// A stopped cycle goes on, with or without the time in between.
void reopen_cycle(DecisionBuilder& builder, DeadlineRule const& rule, Deadline cycle, bool excluded) {
  Json body = names_of(cycle);
  body["excluded"] = excluded;
  if (excluded) cycle.pauses.push_back({*cycle.stopped, builder.now()});
  cycle.state = Deadline::State::running;
  if (add_due(builder, rule, cycle, body)) builder.emit(EventType::deadline_resumed, std::move(body));
}

}  // namespace

void start_deadline(DecisionBuilder& builder, DeadlineRule const& rule) {
  auto const* const current = builder.subject().deadline(rule.id);
  bool const going = current && current->state != Deadline::State::stopped;
  if (rule.on_reentry == Reentry::restart || !current) {
    if (going) stop_deadline(builder, rule.id);
    return begin_cycle(builder, rule);
  }
  if (!going) reopen_cycle(builder, rule, *current, rule.on_reentry == Reentry::resume);
}

void take_over_deadline(DecisionBuilder& builder, DeadlineRule const& rule, Instant started, Date last_day) {
  auto const owner = owner_of(builder, rule);
  if (!owner) return;
  Deadline cycle;
  cycle.name = rule.id;
  cycle.cycle = 1;
  cycle.started = started;
  cycle.period = to_json(Period{.form = Period::Form::field});
  cycle.counting = to_json(rule.counting);
  cycle.fixed = last_day;
  emit_cycle(builder, rule, cycle, *owner);
}

void restart_deadline(DecisionBuilder& builder, DeadlineRule const& rule) {
  stop_deadline(builder, rule.id);
  begin_cycle(builder, rule);
}

void stop_deadline(DecisionBuilder& builder, std::string const& name) {
  auto const* const current = builder.subject().deadline(name);
  if (!current || current->state == Deadline::State::stopped) return;
  auto body = names_of(*current);
  // Lateness stays in the history, also after the clock has stopped.
  body["late"] = current->state == Deadline::State::running && current->due < builder.now();
  builder.emit(EventType::deadline_stopped, std::move(body));
}

void pause_deadline(DecisionBuilder& builder, std::string const& name) {
  auto const* const current = builder.subject().deadline(name);
  if (current && current->state == Deadline::State::running)
    builder.emit(EventType::deadline_paused, names_of(*current));
}

void resume_deadline(DecisionBuilder& builder, std::string const& name) {
  auto const* const current = builder.subject().deadline(name);
  auto const* const rule = builder.definition().find_deadline(name);
  if (!current || !rule || current->state != Deadline::State::paused) return;
  auto cycle = *current;
  cycle.pauses.back().to = builder.now();
  Json body = names_of(cycle);
  body["excluded"] = true;
  if (add_due(builder, *rule, cycle, body)) builder.emit(EventType::deadline_resumed, std::move(body));
}

void recompute_deadline(DecisionBuilder& builder, DeadlineRule const& rule) {
  auto const* const current = builder.subject().deadline(rule.id);
  auto const* const within = period_of(builder, rule);
  if (!current || !within || current->state == Deadline::State::stopped) return;
  auto cycle = *current;
  cycle.period = to_json(within->period);
  cycle.counting = to_json(within->counting.value_or(rule.counting));
  cycle.fixed.reset();
  if (within->period.form == Period::Form::field) {
    cycle.fixed = date_of_field(builder, within->period.field);
    if (!cycle.fixed) return;
  }
  Json body = names_of(cycle);
  body["period"] = cycle.period;
  body["counting"] = cycle.counting;
  body["fixed"] = cycle.fixed ? Json(format_date(*cycle.fixed)) : Json();
  body["before"] = format_utc(current->due);
  if (cycle.state == Deadline::State::paused) {
    // What stands still is reckoned when it goes on.
    body["due"] = format_utc(cycle.due);
    body["warn"] = format_utc(cycle.warn);
    body["hard_due"] = cycle.hard_due ? Json(format_utc(*cycle.hard_due)) : Json();
    body["provisional"] = cycle.provisional;
  } else if (!add_due(builder, rule, cycle, body)) {
    return;
  }
  builder.emit(EventType::deadline_reprojected, std::move(body));
}

void extend_deadline(DecisionBuilder& builder, DeadlineRule const& rule, Date until) {
  auto const* const current = builder.subject().deadline(rule.id);
  if (!current) return;
  auto cycle = *current;
  cycle.extensions.push_back({builder.now(), until});
  Json body = names_of(cycle);
  body["until"] = format_date(until);
  body["before"] = format_utc(current->due);
  if (add_due(builder, rule, cycle, body)) builder.emit(EventType::deadline_extended, std::move(body));
}

void run_clocks(DecisionBuilder& builder, std::string const& action, std::string const& from, std::string const& to) {
  auto const& definition = builder.definition();
  auto const* const left = definition.find_state(from);
  auto const* const entered = definition.find_state(to);
  bool const moved = from != to;
  bool const ends = moved && entered && entered->final;
  for (auto const& rule : definition.deadlines) {
    bool const starts = contains(rule.start_on, action);
    if (contains(rule.stop_on, action) || (ends && !starts)) stop_deadline(builder, rule.id);
    if (contains(rule.resume_on, action)) resume_deadline(builder, rule.id);
    if (moved && left && contains(left->pauses, rule.id) && !(entered && contains(entered->pauses, rule.id)))
      resume_deadline(builder, rule.id);
    if (starts && (!rule.start_when ||
                   holds(*rule.start_when, rule_data(builder.circumstances(), builder.subject(), builder.actor()))))
      start_deadline(builder, rule);
    if (contains(rule.pause_on, action) || (moved && entered && contains(entered->pauses, rule.id)))
      pause_deadline(builder, rule.id);
  }
}

void reproject_dates(DecisionBuilder& builder) {
  auto const deadlines = builder.subject().deadlines;
  for (auto const& deadline : deadlines) {
    auto const* const rule = builder.definition().find_deadline(deadline.name);
    if (!rule || deadline.state == Deadline::State::stopped || !deadline.fixed || !deadline.extensions.empty())
      continue;
    auto const field = deadline.period.at("field").get<std::string>();
    if (field.empty()) continue;  // set elsewhere (take_over_deadline)
    auto const date = date_of_field(builder, field);
    if (!date || *date == *deadline.fixed) continue;
    auto cycle = deadline;
    cycle.fixed = date;
    Json body = names_of(cycle);
    body["fixed"] = format_date(*date);
    body["before"] = format_utc(deadline.due);
    if (add_due(builder, *rule, cycle, body)) builder.emit(EventType::deadline_reprojected, std::move(body));
  }
}

}  // namespace bihuan
