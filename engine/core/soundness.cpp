// SPDX-License-Identifier: Apache-2.0
#include "engine/core/soundness.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "engine/core/contains.hpp"
#include "engine/core/message.hpp"

namespace bihuan {
namespace soundness {
namespace {

using Names = std::set<std::string>;

// The states that can be reached from `start`, itself included.
Names reachable_from(Definition const& definition, std::string const& start) {
  Names reached{start};
  std::vector<std::string> open{start};
  while (!open.empty()) {
    auto const state = std::move(open.back());
    open.pop_back();
    for (auto const& transition : definition.transitions) {
      if (transition.to.empty() || !contains(transition.from, state)) continue;
      if (reached.insert(transition.to).second) open.push_back(transition.to);
    }
  }
  return reached;
}

bool starts_somewhere(Definition const& definition, std::string_view deadline) {
  auto const* const rule = definition.find_deadline(deadline);
  return rule && !rule->start_on.empty();
}

bool somebody_can_take(Definition const& definition, State const& state, Transition const& transition) {
  if (!contains(transition.from, state.id) || transition.to.empty() || transition.to == state.id) return false;
  switch (transition.trigger) {
    case Trigger::none: return !transition.by.empty();
    case Trigger::link: return state.awaits.has_value();
    case Trigger::deadline: return starts_somewhere(definition, transition.deadline);
  }
  return false;
}

bool has_effect(Definition const& definition, DeadlineEffect::Kind kind, std::string const& deadline) {
  auto const in = [&](std::vector<Effect> const& effects) {
    return std::any_of(effects.begin(), effects.end(), [&](Effect const& effect) {
      auto const* const clock = std::get_if<DeadlineEffect>(&effect);
      return clock && clock->deadline == deadline &&
             (clock->kind == kind ||
              (clock->kind == DeadlineEffect::Kind::restart && kind == DeadlineEffect::Kind::start));
    });
  };
  return std::any_of(definition.transitions.begin(), definition.transitions.end(),
                     [&](Transition const& t) { return in(t.effects); });
}

// The states in which a deadline can have just started.
Names started_in(Definition const& definition, DeadlineRule const& rule) {
  Names states;
  if (contains(rule.start_on, "open")) states.insert(definition.initial);
  for (auto const& transition : definition.transitions) {
    bool const by_effect = std::any_of(transition.effects.begin(), transition.effects.end(), [&](Effect const& effect) {
      auto const* const clock = std::get_if<DeadlineEffect>(&effect);
      return clock && clock->deadline == rule.id && clock->kind != DeadlineEffect::Kind::stop;
    });
    if (!contains(rule.start_on, transition.id) && !by_effect) continue;
    if (transition.to.empty())
      states.insert(transition.from.begin(), transition.from.end());
    else
      states.insert(transition.to);
  }
  return states;
}

bool can_stop_from(Definition const& definition, DeadlineRule const& rule, std::string const& start) {
  auto const reached = reachable_from(definition, start);
  return std::any_of(definition.transitions.begin(), definition.transitions.end(), [&](Transition const& t) {
    bool const stops =
        contains(rule.stop_on, t.id) || std::any_of(t.effects.begin(), t.effects.end(), [&](Effect const& effect) {
          auto const* const clock = std::get_if<DeadlineEffect>(&effect);
          return clock && clock->deadline == rule.id && clock->kind == DeadlineEffect::Kind::stop;
        });
    return stops &&
           std::any_of(t.from.begin(), t.from.end(), [&](auto const& from) { return reached.count(from) > 0; });
  });
}

}  // namespace

void check_graph(Definition const& definition, Refusals& faults) {
  auto const reached = reachable_from(definition, definition.initial);
  bool const any_final =
      std::any_of(definition.states.begin(), definition.states.end(), [](auto& s) { return s.final; });
  if (!any_final) faults.push_back(refusal(Code::no_final_state, "/states"));
  for (auto const& state : definition.states) {
    auto const pointer = pointer_to("/states", state.id);
    if (!reached.count(state.id)) faults.push_back(refusal(Code::unreachable_state, pointer, {{"state", state.id}}));
    if (state.final) continue;
    if (state.owner.empty()) faults.push_back(refusal(Code::state_without_owner, pointer, {{"state", state.id}}));
    if (std::none_of(definition.transitions.begin(), definition.transitions.end(),
                     [&](Transition const& t) { return somebody_can_take(definition, state, t); }))
      faults.push_back(refusal(Code::state_without_way_out, pointer, {{"state", state.id}}));
    auto const onwards = reachable_from(definition, state.id);
    if (any_final && std::none_of(onwards.begin(), onwards.end(), [&](std::string const& name) {
          auto const* const target = definition.find_state(name);
          return target && target->final;
        }))
      faults.push_back(refusal(Code::no_way_to_final, pointer, {{"state", state.id}}));
  }
}

void check_deadlines(Definition const& definition, Refusals& faults) {
  for (auto const& rule : definition.deadlines) {
    auto const pointer = pointer_to("/deadlines", rule.id);
    if (rule.start_on.empty() && !has_effect(definition, DeadlineEffect::Kind::start, rule.id)) {
      faults.push_back(refusal(Code::deadline_never_starts, pointer, {{"deadline", rule.id}}));
      continue;
    }
    auto const starts = started_in(definition, rule);
    if (std::any_of(starts.begin(), starts.end(),
                    [&](std::string const& state) { return !can_stop_from(definition, rule, state); }))
      faults.push_back(refusal(Code::deadline_never_stops, pointer, {{"deadline", rule.id}}));
    if (!rule.within.empty() && rule.within.back().when)
      faults.push_back(refusal(Code::period_without_default, pointer_to(pointer, "within"), {{"deadline", rule.id}}));
  }
}

static bool asks_for_four_eyes(Definition const& definition) {
  auto const two = [](Action const& action) { return action.four_eyes.has_value(); };
  return std::any_of(definition.transitions.begin(), definition.transitions.end(), two) ||
         std::any_of(definition.general.begin(), definition.general.end(),
                     [&](auto const& g) { return two(g.second); }) ||
         std::any_of(definition.deadlines.begin(), definition.deadlines.end(), [&](DeadlineRule const& rule) {
           return (rule.extension && two(rule.extension->action)) || (rule.by_hand && two(*rule.by_hand));
         });
}

void check_four_eyes(Definition const& definition, Refusals& faults) {
  auto const impossible = [&](Action const& action, std::string const& pointer) {
    if (action.four_eyes)
      faults.push_back(refusal(Code::four_eyes_impossible, pointer + "/four_eyes", {{"action", action.title}}));
  };
  impossible(definition.opening, "/opening");
  for (auto const& transition : definition.transitions) {
    bool const nobody = transition.trigger != Trigger::none || (transition.four_eyes && transition.four_eyes->empty());
    if (nobody) impossible(transition, pointer_to("/transitions", transition.id));
    bool const reserved = std::find(std::begin(four_eyes_answers), std::end(four_eyes_answers), transition.id) !=
                          std::end(four_eyes_answers);
    if (reserved && asks_for_four_eyes(definition))
      faults.push_back(refusal(Code::name_clash, pointer_to("/transitions", transition.id),
                               {{"name", transition.id}, {"kind", message("kind.general_action")}}));
  }
  for (auto const& [name, action] : definition.general) {
    bool const two = name == "correct" || name == "link";
    if (!two || (action.four_eyes && action.four_eyes->empty())) impossible(action, pointer_to("/actions", name));
  }
}

void check_duties(Definition const& definition, Refusals& faults) {
  for (auto const& party : definition.parties) {
    for (std::size_t i = 0; i < party.distinct_from.size(); ++i) {
      auto const* const other = definition.find_party(party.distinct_from[i]);
      if (!other) continue;
      bool const same_only_unit = party.units.size() == 1 && party.units == other->units;
      if (other == &party || same_only_unit)
        faults.push_back(refusal(Code::duties_not_separable,
                                 pointer_to(pointer_to("/parties", party.id) + "/distinct_from", i),
                                 {{"party", party.title}, {"other", other->title}}));
    }
  }
}

}  // namespace soundness

Refusals check_soundness(Definition const& definition) {
  Refusals faults;
  soundness::check_references(definition, faults);
  soundness::check_graph(definition, faults);
  soundness::check_triggers(definition, faults);
  soundness::check_deadlines(definition, faults);
  soundness::check_duties(definition, faults);
  soundness::check_four_eyes(definition, faults);
  return faults;
}

}  // namespace bihuan
