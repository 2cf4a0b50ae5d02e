// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/core/access.hpp"
#include "engine/core/decision_builder.hpp"
#include "engine/core/fields.hpp"
#include "engine/core/guard.hpp"
#include "engine/core/message.hpp"
#include "engine/core/rule_data.hpp"

namespace bihuan {
namespace {

void assign(DecisionBuilder& builder, AssignEffect const& effect) {
  std::vector<Holder> holders;
  if (effect.actor) {
    holders.push_back({builder.actor().unit, ""});
  } else if (!effect.unit.empty()) {
    holders.push_back({effect.unit, ""});
  } else if (auto const held = builder.subject().parties.find(effect.from_party);
             held != builder.subject().parties.end()) {
    holders = held->second;
  }
  auto const* const party = builder.definition().find_party(effect.party);
  for (auto const& holder : holders) {
    if (auto conflict = may_hold(builder.definition(), *party, holder.unit, builder.subject(),
                                 builder.circumstances().organisation, ""))
      return builder.fail(std::move(*conflict));
  }
  auto const now = builder.subject().parties.find(effect.party);
  if (now != builder.subject().parties.end() && now->second == holders) return;
  builder.emit(EventType::party_changed, {{"party", effect.party}, {"holders", holders_to_json(holders)}});
}

void set_field(DecisionBuilder& builder, SetEffect const& effect, Json const& data) {
  auto const value = evaluate(effect.rule, data);
  if (!value) return builder.fail(value.error());
  auto const* const field = builder.definition().find_field(effect.field);
  if (!value->is_null()) {
    auto faults =
        check_value(*field, *value, builder.circumstances().organisation, pointer_to("/fields", effect.field));
    if (!faults.empty()) return builder.fail(std::move(faults));
  }
  auto const before = builder.subject().fields.value(effect.field, Json());
  if (before == *value) return;
  bool const titles = effect.field == builder.definition().title_field && value->is_string();
  builder.emit(EventType::fields_changed, {{"fields", {{effect.field, *value}}},
                                           {"before", {{effect.field, before}}},
                                           {"title", titles ? *value : Json(builder.subject().title)}});
}

// One request, or one for each unit that the effect names.
std::vector<OpenRequest> for_each_unit(OpenRequest const& request) {
  if (request.effect.each_party.empty()) return {request};
  std::vector<OpenRequest> requests;
  for (auto const& unit : request.effect.each_unit) {
    requests.push_back(request);
    requests.back().parties[request.effect.each_party] = unit;
  }
  return requests;
}

// Is there one that is not over yet, opened before or by what is being decided?
bool is_going(DecisionBuilder& builder, OpenEffect const& effect) {
  auto const& links = builder.subject().links;
  auto const& opens = builder.decision().opens;
  return std::any_of(links.begin(), links.end(),
                     [&](Link const& link) { return link.outward && !link.final && link.name == effect.link; }) ||
         std::any_of(opens.begin(), opens.end(),
                     [&](OpenRequest const& request) { return request.effect.link == effect.link; });
}

OpenRequest open_request(Case const& subject, OpenEffect const& effect) {
  OpenRequest request{effect, Json::object(), Json::object()};
  for (auto const& [there, here] : effect.copy) {
    if (auto const field = subject.fields.find(here); field != subject.fields.end()) request.fields[there] = *field;
  }
  for (auto const& [there, here] : effect.parties) {
    auto const held = subject.parties.find(here);
    if (held != subject.parties.end() && !held->second.empty()) request.parties[there] = holders_to_json(held->second);
  }
  return request;
}

}  // namespace

void carry_out_assignments(DecisionBuilder& builder, std::vector<Effect> const& effects, Command const* command,
                           Link const* changed) {
  for (auto const& effect : effects) {
    if (auto const* const assignment = std::get_if<AssignEffect>(&effect)) assign(builder, *assignment);
    if (auto const* const set = std::get_if<SetEffect>(&effect))
      set_field(builder, *set,
                rule_data(builder.circumstances(), builder.subject(), builder.actor(), command, changed));
  }
}

void carry_out_clocks(DecisionBuilder& builder, std::vector<Effect> const& effects) {
  for (auto const& effect : effects) {
    auto const* const clock = std::get_if<DeadlineEffect>(&effect);
    auto const* const rule = clock ? builder.definition().find_deadline(clock->deadline) : nullptr;
    if (!rule) continue;
    switch (clock->kind) {
      case DeadlineEffect::Kind::start: start_deadline(builder, *rule); break;
      case DeadlineEffect::Kind::stop: stop_deadline(builder, rule->id); break;
      case DeadlineEffect::Kind::pause: pause_deadline(builder, rule->id); break;
      case DeadlineEffect::Kind::resume: resume_deadline(builder, rule->id); break;
      case DeadlineEffect::Kind::restart: restart_deadline(builder, *rule); break;
    }
  }
}

Json carry_out_messages(DecisionBuilder& builder, std::vector<Effect> const& effects, std::string const& kind,
                        std::string const& about) {
  Json told = Json::array();
  Notification notice{kind, about, {}};
  for (auto const& effect : effects) {
    if (auto const* const notify = std::get_if<NotifyEffect>(&effect)) {
      for (auto const& party : notify->parties) {
        told.push_back(party);
        auto const held = builder.subject().parties.find(party);
        if (held != builder.subject().parties.end())
          notice.to.insert(notice.to.end(), held->second.begin(), held->second.end());
      }
    } else if (auto const* const open = std::get_if<OpenEffect>(&effect)) {
      if (open->once && is_going(builder, *open)) continue;
      auto requests = for_each_unit(open_request(builder.subject(), *open));
      auto& opens = builder.decision().opens;
      opens.insert(opens.end(), std::make_move_iterator(requests.begin()), std::make_move_iterator(requests.end()));
    }
  }
  if (!notice.to.empty()) builder.decision().notifications.push_back(std::move(notice));
  return told;
}

void require_owner(DecisionBuilder& builder) {
  auto const* const state = builder.definition().find_state(builder.subject().state);
  if (!state || state->owner.empty()) return;
  auto const held = builder.subject().parties.find(state->owner);
  if (held != builder.subject().parties.end() && !held->second.empty()) return;
  auto const* const party = builder.definition().find_party(state->owner);
  builder.fail(refusal(Code::party_missing, pointer_to("/input", state->owner),
                       {{"party", party ? party->title : Text{state->owner, state->owner}}}));
}

void carry_out(DecisionBuilder& builder, Transition const& transition, Command const* command, Link const* changed) {
  carry_out_assignments(builder, transition.effects, command, changed);
  auto const from = builder.subject().state;
  auto const to = transition.to.empty() ? from : transition.to;
  auto const* const target = builder.definition().find_state(to);
  auto told = carry_out_messages(builder, transition.effects, "transition", transition.id);
  builder.emit(EventType::transitioned, {{"transition", transition.id},
                                         {"from", from},
                                         {"state", to},
                                         {"final", target->final},
                                         {"outcome", target->outcome},
                                         {"comment", command ? command->comment : ""},
                                         {"notify", std::move(told)}});
  run_clocks(builder, transition.id, from, to);
  reproject_dates(builder);
  carry_out_clocks(builder, transition.effects);
  require_owner(builder);
}

}  // namespace bihuan
