// SPDX-License-Identifier: Apache-2.0
#include "engine/core/sight.hpp"

#include <algorithm>
#include <set>

namespace bihuan {
namespace {

class Reading {
 public:
  Reading(Definition const& definition, Case const& subject, Actor const& actor, Organisation const& organisation,
          Showing showing)
      : definition_(definition), actor_(actor), organisation_(organisation) {
    for (auto const& field : definition.fields) {
      auto const sight = sight_of(field, subject, actor, organisation, showing);
      if (sight != Sight::shown) dim_.push_back({field.id, sight});
    }
  }

  void fields(Json& values) const {
    if (!values.is_object()) return;
    for (auto const& [id, sight] : dim_) {
      auto const found = values.find(id);
      if (found == values.end()) continue;
      if (sight == Sight::absent)
        values.erase(found);
      else if (!found->is_null())
        *found = mask;
    }
  }

  // The title is a copy of a field.
  void title(std::string& text) const {
    auto const found =
        std::find_if(dim_.begin(), dim_.end(), [&](Dim const& dim) { return dim.id == definition_.title_field; });
    if (found != dim_.end() && !text.empty()) text = found->sight == Sight::masked ? std::string(mask) : std::string();
  }

  // A correction by its general action, four eyes over it included, holds the fields one level deeper.
  void input(Json& values) const {
    fields(values);
    if (values.is_object() && values.contains("fields")) fields(values["fields"]);
  }

  void body(Json& body) const {
    for (auto const* const name : {"fields", "before"}) {
      if (body.contains(name)) fields(body[name]);
    }
    if (body.contains("input")) input(body["input"]);
    if (auto const found = body.find("title"); found != body.end() && found->is_string())
      title(found->get_ref<std::string&>());
  }

  [[nodiscard]] bool knows_of(std::string const& action, Case const& subject) const {
    auto const* const transition = definition_.find_transition(action);
    return !transition || may_read_of(*transition, subject, actor_, organisation_);
  }

 private:
  struct Dim {
    std::string id;
    Sight sight;
  };
  Definition const& definition_;
  Actor const& actor_;
  Organisation const& organisation_;
  std::vector<Dim> dim_;
};

}  // namespace

KnownRevisions known_revisions(Definition const& definition, Case const& subject, Actor const& actor,
                               Organisation const& organisation) {
  if (actor.system) return {};
  auto unknown = subject.veiled;
  std::erase_if(unknown, [&](Veiled const& one) {
    auto const* const transition = definition.find_transition(one.transition);
    return transition && may_read_of(*transition, subject, actor, organisation);
  });
  return KnownRevisions(std::move(unknown));
}

Case as_seen(Definition const& definition, Case subject, Actor const& actor, Organisation const& organisation,
             Showing showing) {
  Reading const reading(definition, subject, actor, organisation, showing);
  reading.fields(subject.fields);
  reading.title(subject.title);
  std::vector<Pending> pending;
  for (auto& one : subject.pending) {
    if (!reading.knows_of(one.action, subject)) continue;
    reading.input(one.input);
    pending.push_back(std::move(one));
  }
  subject.pending = std::move(pending);
  if (subject.veiled.empty()) return subject;
  auto const known = known_revisions(definition, subject, actor, organisation);
  subject.changed = known.changed(subject);
  subject.revision = known.shown(subject.revision);
  for (auto& [kind, documents] : subject.documents) {
    for (auto& document : documents) document.revision = known.shown(document.revision);
  }
  subject.veiled.clear();
  return subject;
}

bool may_know_of_all(Definition const& definition, Case const& subject, Actor const& actor,
                     Organisation const& organisation) {
  return std::all_of(definition.transitions.begin(), definition.transitions.end(), [&](Transition const& transition) {
    return may_read_of(transition, subject, actor, organisation);
  });
}

std::vector<Event> as_seen(Definition const& definition, Case const& subject, std::vector<Event> events,
                           Actor const& actor, Organisation const& organisation) {
  Reading const reading(definition, subject, actor, organisation, Showing::whole);
  std::set<std::int64_t> secret;
  for (auto const& event : events) {
    if (auto const action = transition_of(event); !action.empty() && !reading.knows_of(action, subject))
      secret.insert(event.revision);
  }
  events.erase(
      std::remove_if(events.begin(), events.end(), [&](Event const& e) { return secret.count(e.revision) > 0; }),
      events.end());
  for (auto& event : events) reading.body(event.body);
  return events;
}

}  // namespace bihuan
