// SPDX-License-Identifier: Apache-2.0
#include "engine/core/decision_builder.hpp"

#include <algorithm>

#include "engine/core/apply.hpp"
#include "engine/core/message.hpp"
#include "engine/core/rule_data.hpp"

namespace bihuan {

namespace {

Json to_json(Actor const& actor, Right const& right) {
  Json recorded{{"person", actor.person}, {"unit", actor.unit}, {"role", right.role}};
  if (!right.acting_for.empty()) recorded["for"] = right.acting_for;
  return recorded;
}

// Is the field read by nobody but by those who may read of the transition?
bool kept_with(Transition const& transition, Field const* field) {
  return field && !field->shown_to.empty() &&
         std::all_of(field->shown_to.begin(), field->shown_to.end(), [&](Grant const& grant) {
           return std::find(transition.shown_to.begin(), transition.shown_to.end(), grant) != transition.shown_to.end();
         });
}

// Who may know of these events, as veil_marker says it; null where whoever sees the case may, or sees it otherwise
// than before.
Json veil_over(Definition const& definition, std::vector<Event> const& events) {
  Transition const* kept = nullptr;
  for (auto const& event : events) {
    auto const name = transition_of(event);
    if (name.empty()) continue;
    auto const* const transition = definition.find_transition(name);
    if (!transition || transition->shown_to.empty()) return nullptr;
    kept = transition;
  }
  std::string other;
  for (auto const& event : events) {
    switch (event.type) {
      case EventType::linked:
      case EventType::link_changed: other = event.body.at("case"); break;
      case EventType::asked:
      case EventType::confirmed:
      case EventType::declined: break;
      case EventType::transitioned:
        if (event.body.at("from") != event.body.at("state")) return nullptr;
        break;
      case EventType::fields_changed:
        for (auto const& [field, value] : event.body.at("fields").items()) {
          if (!kept || !kept_with(*kept, definition.find_field(field))) return nullptr;
        }
        break;
      default: return nullptr;
    }
  }
  if (kept) return {{"transition", kept->id}};
  return other.empty() ? Json() : Json{{"case", other}};
}

}  // namespace

DecisionBuilder::DecisionBuilder(Circumstances const& circumstances, Case subject, Actor const& actor,
                                 Right const& right)
    : circumstances_(circumstances),
      actor_(actor),
      actor_json_(to_json(actor, right)),
      revision_(subject.revision + 1),
      changed_before_(subject.changed) {
  decision_.after = std::move(subject);
}

void DecisionBuilder::confirm(Confirmation const& confirmation) {
  actor_json_ = to_json(confirmation.actor, confirmation.right);
  auto const& request = confirmation.request;
  emit(EventType::confirmed, {{"request", request.id},
                              {"action", request.action},
                              {"asked_by", request.person},
                              {"comment", request.comment}});
}

void DecisionBuilder::emit(EventType type, Json body) {
  Event event{.case_id = decision_.after.id,
              .revision = revision_,
              .index = static_cast<int>(decision_.events.size()),
              .type = type,
              .at = circumstances_.now,
              .actor = actor_json_,
              .body = std::move(body),
              .previous = {},
              .hash = {}};
  apply(decision_.after, event);
  decision_.events.push_back(std::move(event));
}

void DecisionBuilder::fail(Refusals refusals) {
  refusals_.insert(refusals_.end(), std::make_move_iterator(refusals.begin()), std::make_move_iterator(refusals.end()));
}

Result<Decision> DecisionBuilder::take() {
  if (!refusals_.empty()) return refused(std::move(refusals_));
  veil();
  return std::move(decision_);
}

void DecisionBuilder::veil() {
  if (decision_.events.empty()) return;
  auto by = veil_over(definition(), decision_.events);
  if (by.is_null()) return;
  decision_.after.veiled.push_back({revision_, by.value("transition", ""), by.value("case", ""), changed_before_});
  decision_.events.front().body[veil_marker] = std::move(by);
}

Json holders_to_json(std::vector<Holder> const& holders) {
  Json list = Json::array();
  for (auto const& holder : holders) list.push_back({{"unit", holder.unit}, {"person", holder.person}});
  return list;
}

Json link_to_json(Link const& link) {
  Json body{{"link", link.name},   {"outward", link.outward}, {"case", link.other}, {"workflow", link.workflow},
            {"state", link.state}, {"outcome", link.outcome}, {"final", link.final}};
  if (!link.part.empty()) {
    body["part"] = link.part;
    body["units"] = link.units;
  }
  return body;
}

void record_link(Decision& decision, Link const& link, Actor const& actor, Instant now) {
  bool const first = decision.events.empty();
  Event event{.case_id = decision.after.id,
              .revision = decision.after.revision + (first ? 1 : 0),
              .index = static_cast<int>(decision.events.size()),
              .type = EventType::linked,
              .at = now,
              .actor = {{"person", actor.person}, {"unit", actor.unit}, {"role", ""}},
              .body = link_to_json(link),
              .previous = {},
              .hash = {}};
  if (first) event.body[veil_marker] = {{"case", link.other}};
  apply(decision.after, event);
  decision.events.push_back(std::move(event));
}

}  // namespace bihuan
