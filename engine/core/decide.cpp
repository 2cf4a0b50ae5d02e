// SPDX-License-Identifier: Apache-2.0
#include "engine/core/decide.hpp"

#include <algorithm>

#include "engine/core/access.hpp"
#include "engine/core/checks.hpp"
#include "engine/core/contains.hpp"
#include "engine/core/decision_builder.hpp"
#include "engine/core/guard.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reckoning.hpp"
#include "engine/core/rule_data.hpp"

namespace bihuan {
namespace {

Text titles_of(Definition const& definition, std::vector<std::string> const& states) {
  Text all;
  for (auto const& id : states) {
    auto const* const state = definition.find_state(id);
    auto const title = state ? state->title : Text{id, id};
    all.zh += (all.zh.empty() ? "" : "、") + title.zh;
    all.en += (all.en.empty() ? "" : ", ") + title.en;
  }
  return all;
}

bool when_holds(Action const& action, Json const& data) {
  if (!action.when) return true;
  auto const value = evaluate(*action.when, data);
  return value && truthy(*value);
}

Refusals check_state(Definition const& definition, Case const& subject, Transition const& transition) {
  if (transition.trigger != Trigger::none) return {refusal(Code::only_the_system, "", {{"action", transition.title}})};
  if (!contains(transition.from, subject.state)) {
    auto refusal_ = refusal(Code::not_from_this_state, "",
                            {{"action", transition.title},
                             {"state", titles_of(definition, {subject.state})},
                             {"states", titles_of(definition, transition.from)}});
    refusal_.sources = definition.sources(transition.basis);
    return {std::move(refusal_)};
  }
  return {};
}

Result<std::map<std::string, std::vector<Holder>>> opening_parties(Circumstances const& circumstances,
                                                                   Actor const& actor, GivenInput const& given) {
  auto const& definition = circumstances.definition;
  Case probe;
  probe.parties = given.parties;
  Refusals faults;
  for (auto const& party : definition.parties) {
    if (probe.parties.count(party.id)) continue;
    std::string unit;
    if (party.by_default && party.by_default->opener) {
      unit = actor.unit;
    } else if (party.by_default && !party.by_default->unit.empty()) {
      unit = party.by_default->unit;
    } else if (party.by_default) {
      auto const* const only = circumstances.organisation.only_of_kind(party.by_default->unit_kind);
      unit = only ? only->id : "";
    }
    if (unit.empty()) continue;
    auto fault = may_hold(definition, party, unit, probe, circumstances.organisation, pointer_to("/parties", party.id));
    if (!fault)
      probe.parties[party.id] = {{unit, ""}};
    else if (party.required)
      faults.push_back(std::move(*fault));
  }
  for (auto const& party : definition.parties) {
    auto const held = probe.parties.find(party.id);
    bool const nobody = held == probe.parties.end() || held->second.empty();
    if (party.required && nobody && faults.empty())
      faults.push_back(refusal(Code::party_missing, pointer_to("/parties", party.id), {{"party", party.title}}));
  }
  if (!faults.empty()) return refused(std::move(faults));
  return std::move(probe.parties);
}

// A case that another opens, or that opens by itself, is nobody's act: no right is asked, and what it lacks
// is asked for at the first step.
bool by_nobody(Opening const& opening) {
  return !opening.opened_by_case.empty() || !opening.recurrence.empty() || opening.placed;
}

// Fields and parties come apart in a request to open, but are one input to the definition.
Refusals check_opening_input(Circumstances const& circumstances, Opening const& opening, GivenInput& given) {
  auto const& definition = circumstances.definition;
  bool const by_effect = by_nobody(opening);
  Input fields;
  Input parties;
  auto const sort = [&](std::vector<std::string> const& names, bool required) {
    for (auto const& name : names) {
      auto& input = definition.find_field(name) ? fields : parties;
      (required && !by_effect ? input.required : input.optional).push_back(name);
    }
  };
  sort(definition.opening.input.required, true);
  sort(definition.opening.input.optional, false);
  for (auto const& party : definition.parties) {
    if (by_effect || party.required) parties.optional.push_back(party.id);
  }
  if (by_effect) {
    for (auto const& field : definition.fields) fields.optional.push_back(field.id);
  }
  Case const empty;
  auto faults = check_input(circumstances, empty, fields, opening.fields, "/fields", given);
  append(faults, check_input(circumstances, empty, parties, opening.parties, "/parties", given));
  return faults;
}

Refusals check_placed(Circumstances const& circumstances, Placed const& placed) {
  auto const* const state = circumstances.definition.find_state(placed.state);
  if (!state)
    return {refusal(Code::unknown_reference, "/state", {{"name", placed.state}, {"kind", message("kind.state")}})};
  Refusals faults;
  auto const not_in_future = message("expected.not_in_future");
  if (placed.opened > circumstances.now)
    faults.push_back(refusal(Code::out_of_bounds, "/opened", {{"expected", not_in_future}}));
  if (placed.closed && *placed.closed > circumstances.now)
    faults.push_back(refusal(Code::out_of_bounds, "/closed", {{"expected", not_in_future}}));
  if (state->final != placed.closed.has_value() || (placed.closed && *placed.closed < placed.opened))
    faults.push_back(refusal(Code::out_of_bounds, "/closed", {{"expected", message("expected.closed_as_state")}}));
  for (auto const& [name, last_day] : placed.due) {
    if (!circumstances.definition.find_deadline(name))
      faults.push_back(refusal(Code::unknown_reference, pointer_to("/due", name),
                               {{"name", name}, {"kind", message("kind.deadline")}}));
  }
  return faults;
}

Json opened_body(Circumstances const& circumstances, Opening const& opening, GivenInput const& given,
                 std::map<std::string, std::vector<Holder>> const& held) {
  auto const& definition = circumstances.definition;
  auto const* const state = definition.find_state(opening.placed ? opening.placed->state : definition.initial);
  Json parties = Json::object();
  for (auto const& [party, holders] : held) parties[party] = holders_to_json(holders);
  Json fields = Json::object();
  for (auto const& [name, value] : given.fields.items()) {
    if (!value.is_null()) fields[name] = value;
  }
  auto const title = fields.find(definition.title_field);
  Json body{{"workflow", definition.id}, {"version", definition.version},
            {"state", state->id},        {"final", state->final},
            {"outcome", state->outcome}, {"title", title != fields.end() ? *title : Json("")},
            {"fields", fields},          {"parties", parties},
            {"comment", opening.comment}};
  if (!opening.opened_by_case.empty())
    body["opened_by"] = {
        {"case", opening.opened_by_case}, {"workflow", opening.opened_by_workflow}, {"link", opening.link}};
  if (!opening.recurrence.empty()) body["recurrence"] = opening.recurrence;
  if (auto const& placed = opening.placed) {
    body["imported"] = {{"source", placed->source}, {"key", placed->key}};
    body["opened"] = format_utc(placed->opened);
    if (placed->closed) body["closed"] = format_utc(*placed->closed);
  }
  return body;
}

}  // namespace

Result<Decision> decide_opening(Circumstances const& circumstances, Opening const& opening, Actor const& actor) {
  auto const& definition = circumstances.definition;
  bool const by_effect = by_nobody(opening);
  GivenInput given;
  auto faults = check_opening_input(circumstances, opening, given);
  auto const parties = opening_parties(circumstances, actor, given);
  if (opening.placed) append(faults, check_placed(circumstances, *opening.placed));
  Case probe;
  probe.id = opening.case_id;
  if (parties) probe.parties = *parties;
  Right right;
  if (!by_effect) {
    // Rights first: who may not open such a case learns nothing about what one needs.
    if (auto denied = check_right(circumstances, probe, definition.opening, actor, right); !denied.empty())
      return refused(std::move(denied));
  }
  if (!parties) append(faults, parties.error());
  if (!by_effect) {
    Command command{"open", opening.fields, opening.documents, opening.comment, std::nullopt};
    append(faults, check_documents(definition, definition.opening, probe, opening.documents));
    append(faults, check_reason(definition.opening, opening.comment));
    if (faults.empty()) append(faults, check_guards(circumstances, probe, definition.opening, actor, &command, false));
  }
  if (!faults.empty()) return refused(std::move(faults));

  Case fresh;
  fresh.id = opening.case_id;
  DecisionBuilder builder(circumstances, std::move(fresh), actor, right);
  builder.emit(EventType::opened, opened_body(circumstances, opening, given, *parties));
  record_given(builder, {}, opening.documents);
  if (opening.placed) {
    if (definition.find_state(opening.placed->state)->final) return builder.take();
    for (auto const& [name, last_day] : opening.placed->due)
      take_over_deadline(builder, *definition.find_deadline(name), opening.placed->opened, last_day);
    require_owner(builder);
    return builder.take();
  }
  carry_out_assignments(builder, definition.opening.effects, nullptr, nullptr);
  (void)carry_out_messages(builder, definition.opening.effects, "transition", "open");
  run_clocks(builder, "open", "", definition.initial);
  carry_out_clocks(builder, definition.opening.effects);
  require_owner(builder);
  return builder.take();
}

Result<Decision> decide_at_once(Circumstances const& circumstances, Case const& subject, Command const& command,
                                Actor const& actor, Confirmation const* confirmation) {
  auto const& definition = circumstances.definition;
  auto const* const transition = definition.find_transition(command.action);
  if (!transition) return decide_general(circumstances, subject, command, actor, confirmation);
  if (auto faults = check_state(definition, subject, *transition); !faults.empty()) return refused(std::move(faults));
  Right right;
  if (auto faults = check_right(circumstances, subject, *transition, actor, right); !faults.empty())
    return refused(std::move(faults));
  // Rights first: a condition may speak of fields and linked cases that are not everybody's to know of.
  if (transition->when && !when_holds(*transition, rule_data(circumstances, subject, actor)))
    return refused(refusal(Code::not_offered, "", {{"action", transition->title}}));
  GivenInput given;
  auto faults = check_input(circumstances, subject, transition->input, command.input, "/input", given);
  append(faults, check_documents(definition, *transition, subject, command.documents));
  append(faults, check_reason(*transition, command.comment));
  append(faults, check_guards(circumstances, subject, *transition, actor, &command, false));
  if (!faults.empty()) return refused(std::move(faults));

  DecisionBuilder builder(circumstances, subject, actor, right);
  if (confirmation) builder.confirm(*confirmation);
  record_given(builder, given, new_documents(command, confirmation));
  carry_out(builder, *transition, &command, nullptr);
  return builder.take();
}

Result<Decision> decide(Circumstances const& circumstances, Case const& subject, Command const& command,
                        Actor const& actor) {
  auto const& definition = circumstances.definition;
  auto const named = [&](auto const& names) {
    return std::find(std::begin(names), std::end(names), command.action) != std::end(names);
  };
  bool const transition = definition.find_transition(command.action) != nullptr;
  if (!transition && !named(general_actions) && !named(four_eyes_answers))
    return refused(refusal(Code::unknown_action, "", {{"name", command.action}}));
  if (command.expected_revision && *command.expected_revision != subject.revision)
    return refused(stale_version("", *command.expected_revision, subject.revision));
  if (!transition && named(four_eyes_answers)) return decide_request(circumstances, subject, command, actor);
  auto decision = decide_at_once(circumstances, subject, command, actor, nullptr);
  auto const* const action = decision ? action_of(definition, command) : nullptr;
  if (!action || !action->four_eyes) return decision;
  return ask_for_second(circumstances, subject, *action, command, actor);
}

Result<Decision> decide_link_changed(Circumstances const& circumstances, Case const& subject, Link const& changed) {
  auto const& definition = circumstances.definition;
  auto const system = Actor::the_system();
  DecisionBuilder builder(circumstances, subject, system, {});
  builder.emit(EventType::link_changed, link_to_json(changed));
  auto const* const state = definition.find_state(subject.state);
  if (!state || !state->awaits || state->awaits->link != changed.name) return builder.take();
  auto const data = rule_data(circumstances, builder.subject(), system, nullptr, &changed);
  auto const until = evaluate(state->awaits->until, data);
  if (!until || !truthy(*until)) return builder.take();
  for (auto const& transition : definition.transitions) {
    if (transition.trigger != Trigger::link || !contains(transition.from, subject.state)) continue;
    if (!when_holds(transition, data)) continue;
    carry_out(builder, transition, nullptr, &changed);
    break;
  }
  return builder.take();
}

namespace {

// The rung by which a cycle remembers that a transition by trigger was tried in it.
std::string attempt_of(Transition const& transition) {
  return "trigger:" + transition.id;
}

// So that it is tried once in a cycle, and neither sweep nor case goes round for ever.
void record_attempt(DecisionBuilder& builder, Transition const& transition, Deadline const& deadline) {
  builder.emit(EventType::rung_fired, {{"deadline", deadline.name},
                                       {"cycle", deadline.cycle},
                                       {"rung", attempt_of(transition)},
                                       {"notify", Json::array()}});
}

void fire_rungs(DecisionBuilder& builder) {
  auto const& circumstances = builder.circumstances();
  for (auto const& rule : builder.definition().deadlines) {
    for (auto const& rung : rule.escalations) {
      auto const* const deadline = builder.subject().deadline(rule.id);
      auto const at = deadline ? rung_instant(circumstances.calendar, rung, *deadline) : std::nullopt;
      if (!at || *at > circumstances.now) continue;
      Json body{{"deadline", rule.id}, {"cycle", deadline->cycle}, {"rung", rung.id}};
      body["notify"] = carry_out_messages(builder, rung.effects, "rung", rule.id + "/" + rung.id);
      builder.emit(EventType::rung_fired, std::move(body));
    }
  }
}

Transition const* missed_trigger(Circumstances const& circumstances, Case const& subject) {
  for (auto const& transition : circumstances.definition.transitions) {
    if (transition.trigger != Trigger::deadline || !contains(transition.from, subject.state)) continue;
    auto const* const deadline = subject.deadline(transition.deadline);
    if (!deadline || light_of(*deadline, circumstances.now) != Light::red) continue;
    if (deadline->rungs.count(attempt_of(transition))) continue;
    if (when_holds(transition, rule_data(circumstances, subject, Actor::the_system()))) return &transition;
  }
  return nullptr;
}

}  // namespace

Decision decide_due(Circumstances const& circumstances, Case const& subject) {
  auto const system = Actor::the_system();
  DecisionBuilder builder(circumstances, subject, system, {});
  fire_rungs(builder);
  auto const* const missed = missed_trigger(circumstances, builder.subject());
  if (missed) {
    auto const cycle = builder.subject().deadline(missed->deadline)->cycle;
    carry_out(builder, *missed, nullptr, nullptr);
    auto const* const left = builder.subject().deadline(missed->deadline);
    bool const again = left && left->state == Deadline::State::running && left->cycle == cycle;
    if (again && contains(missed->from, builder.subject().state)) record_attempt(builder, *missed, *left);
  }
  if (auto decision = builder.take()) return std::move(*decision);
  // What the definition cannot carry out by itself (nobody holds the next part, say) is left to people: the
  // deadline stays red.
  DecisionBuilder without(circumstances, subject, system, {});
  fire_rungs(without);
  record_attempt(without, *missed, *subject.deadline(missed->deadline));
  return *without.take();
}

std::optional<Instant> next_wakeup(Circumstances const& circumstances, Case const& subject) {
  std::optional<Instant> next;
  auto const sooner = [&](Instant at) {
    if (!next || at < *next) next = at;
  };
  for (auto const& rule : circumstances.definition.deadlines) {
    auto const* const deadline = subject.deadline(rule.id);
    if (!deadline || deadline->state != Deadline::State::running) continue;
    for (auto const& rung : rule.escalations) {
      if (auto const at = rung_instant(circumstances.calendar, rung, *deadline)) sooner(*at);
    }
    for (auto const& transition : circumstances.definition.transitions) {
      if (transition.trigger == Trigger::deadline && transition.deadline == rule.id &&
          contains(transition.from, subject.state) && !deadline->rungs.count(attempt_of(transition)))
        sooner(deadline->due + std::chrono::seconds{1});
    }
  }
  return next;
}

}  // namespace bihuan
