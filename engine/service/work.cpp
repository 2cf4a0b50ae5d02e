// SPDX-License-Identifier: Apache-2.0
#include "engine/service/work.hpp"

#include <algorithm>

#include "engine/core/message.hpp"

namespace bihuan {
namespace {

// Deeper than any chain of cases a person would lay; past it two definitions are playing ball.
constexpr int deepest = 16;

// One index for all who search: it holds no word of a field that not everybody who sees the case may read.
std::string search_text(Definition const& definition, Case const& subject) {
  auto const open_to_all = [](Field const* field) { return !field || (!field->personal && field->shown_to.empty()); };
  std::string text = open_to_all(definition.find_field(definition.title_field)) ? subject.title : std::string();
  auto const add = [&](Json const& value) {
    if (value.is_string()) text += "\n" + value.get<std::string>();
  };
  for (auto const& field : definition.fields) {
    auto const found = subject.fields.find(field.id);
    if (!open_to_all(&field) || found == subject.fields.end()) continue;
    if (field.type == FieldType::text && field.id != definition.title_field) {
      if (found->is_array())
        std::for_each(found->begin(), found->end(), add);
      else
        add(*found);
    }
    if (field.type == FieldType::place && found->is_object() && found->contains("name")) add(found->at("name"));
  }
  return text;
}

// The part of this case whose units the one that opened it wants to know.
std::string told_part(Case const& watcher, Link const& link, Case const& subject) {
  auto const known = std::find_if(watcher.links.begin(), watcher.links.end(), [&](Link const& outward) {
    return outward.outward && outward.other == subject.id && outward.name == link.name;
  });
  return known == watcher.links.end() ? std::string() : known->part;
}

std::string number_scope(Definition const& definition, Library const& library, Case const& subject) {
  auto const date = library.calendar_of(definition).zone().date_of(subject.opened);
  return library.organisation().district_code() + "-" + definition.number_prefix + "-" +
         std::to_string(static_cast<int>(date.year()));
}

}  // namespace

Work::Work(Store& store, Library const& library, Actor const& actor, Visibility visibility, IdMaker const& make_id,
           Instant now)
    : store_(store),
      library_(library),
      actor_(actor),
      visibility_(std::move(visibility)),
      make_id_(make_id),
      now_(now) {}

Result<void> Work::add(Definition const& definition, Case const& before, Decision decision) {
  if (++depth_ > deepest) return refused(refusal(Code::opens_for_ever, "", {{"path", definition.id}}));
  auto const id = decision.after.id;
  // Reserved before its followers, so that the case asked for stays the first change.
  if (!items_.count(id)) order_.push_back(id);
  items_.try_emplace(id, Item{&definition, before, {}, {}});
  auto const opens = std::move(decision.opens);
  auto const links = std::move(decision.links);
  auto const notifications = std::move(decision.notifications);
  for (auto const& request : opens) {
    if (auto done = open(definition, decision.after, request, decision); !done) return done;
  }
  for (auto const& wanted : links) {
    if (auto done = link(definition, wanted, decision); !done) return done;
  }
  for (auto const& notification : notifications) {
    Json to = Json::array();
    for (auto const& holder : notification.to) to.push_back({{"unit", holder.unit}, {"person", holder.person}});
    outbox_.push_back(
        {"notification", id, {{"kind", notification.kind}, {"subject", notification.subject}, {"to", to}}});
  }
  auto& item = items_.at(id);
  item.after = std::move(decision.after);
  item.events.insert(item.events.end(), std::make_move_iterator(decision.events.begin()),
                     std::make_move_iterator(decision.events.end()));
  auto const after = item.after;
  auto told = tell_watchers(before, after);
  --depth_;
  return told;
}

Result<void> Work::open(Definition const& from, Case const& parent, OpenRequest const& request, Decision& decision) {
  auto const* const definition = library_.current(request.effect.workflow);
  if (!definition) return refused(refusal(Code::unknown_workflow, "", {{"name", request.effect.workflow}}));
  Circumstances const circumstances{*definition, library_.calendar_of(*definition), library_.organisation(), now_};
  Opening const opening{.case_id = make_id_(now_),
                        .workflow = definition->id,
                        .fields = request.fields,
                        .parties = request.parties,
                        .documents = {},
                        .comment = "",
                        .opened_by_case = parent.id,
                        .opened_by_workflow = from.id,
                        .opened_by_state = parent.state,
                        .link = request.effect.link,
                        .recurrence = ""};
  auto child = decide_opening(circumstances, opening, actor_);
  if (!child) return refused(child.error());
  auto const& state = parent.state;
  record_link(*child, {request.effect.link, false, parent.id, from.id, state, parent.outcome, parent.final}, actor_,
              now_);
  auto const& part = request.effect.tells;
  record_link(decision,
              {request.effect.link, true, child->after.id, definition->id, child->after.state, child->after.outcome,
               child->after.final, part, child->after.units_holding(part)},
              actor_, now_);
  return add(*definition, Case{}, std::move(*child));
}

Result<void> Work::link(Definition const& from, Link const& wanted, Decision& decision) {
  auto const other = store_.cases().find(wanted.other, visibility_);
  auto const* const definition = other ? library_.find(other->workflow, other->version) : nullptr;
  if (!definition)
    return refused(
        refusal(Code::unknown_reference, "/input/case", {{"name", wanted.other}, {"kind", message("kind.case")}}));
  auto const& here = decision.after;
  Decision there;
  there.after = *other;
  record_link(there, {wanted.name, false, here.id, from.id, here.state, here.outcome, here.final}, actor_, now_);
  record_link(decision, {wanted.name, true, other->id, other->workflow, other->state, other->outcome, other->final},
              actor_, now_);
  return add(*definition, *other, std::move(there));
}

std::optional<Case> Work::present(std::string const& id) {
  if (auto const item = items_.find(id); item != items_.end() && item->second.after.revision > 0)
    return item->second.after;
  return store_.cases().find(id, Visibility::of_everything());
}

Result<void> Work::tell_watchers(Case const& before, Case const& after) {
  bool const moved = before.state != after.state || before.final != after.final || before.outcome != after.outcome;
  if ((!moved && before.parties == after.parties) || before.revision == 0) return {};
  for (auto const& link : after.links) {
    if (link.outward) continue;
    auto const watcher = present(link.other);
    auto const* const definition = watcher ? library_.find(watcher->workflow, watcher->version) : nullptr;
    if (!definition) continue;
    auto const part = told_part(*watcher, link, after);
    auto const units = after.units_holding(part);
    if (!moved && units == before.units_holding(part)) continue;
    Circumstances const circumstances{*definition, library_.calendar_of(*definition), library_.organisation(), now_};
    Link const changed{link.name, true, after.id, after.workflow, after.state, after.outcome, after.final, part, units};
    auto decision = decide_link_changed(circumstances, *watcher, changed);
    // A trigger that cannot be carried out must not stop the other body's step: the change is recorded
    // without it.
    if (!decision) continue;
    if (auto done = add(*definition, *watcher, std::move(*decision)); !done) return done;
  }
  return {};
}

Change Work::change_of(Item item) {
  auto const& definition = *item.definition;
  Circumstances const circumstances{definition, library_.calendar_of(definition), library_.organisation(), now_};
  auto const* const state = definition.find_state(item.after.state);
  Change change;
  if (item.before.revision == 0) change.number_scope = number_scope(definition, library_, item.after);
  change.owner_party = state ? state->owner : "";
  change.wakeup = next_wakeup(circumstances, item.after);
  change.search_text = search_text(definition, item.after);
  change.before = std::move(item.before);
  change.after = std::move(item.after);
  change.events = std::move(item.events);
  return change;
}

Append Work::take() {
  Append append;
  for (auto const& id : order_) append.changes.push_back(change_of(std::move(items_.at(id))));
  append.outbox = std::move(outbox_);
  append.at = now_;
  return append;
}

}  // namespace bihuan
