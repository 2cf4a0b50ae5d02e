// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <set>

#include "engine/core/definition.hpp"
#include "engine/core/message.hpp"
#include "engine/core/organisation.hpp"

namespace bihuan {
namespace {

struct PlacedEffect {
  OpenEffect const* open;
  std::string pointer;
  bool by_itself;  // happens without a person: by opening, by a trigger, by an escalation
};

std::vector<PlacedEffect> opens_of(Definition const& definition) {
  std::vector<PlacedEffect> found;
  auto const take = [&](std::vector<Effect> const& effects, std::string const& pointer, bool by_itself) {
    for (std::size_t i = 0; i < effects.size(); ++i) {
      if (auto const* const open = std::get_if<OpenEffect>(&effects[i]))
        found.push_back({open, pointer_to(pointer, i) + "/open", by_itself});
    }
  };
  take(definition.opening.effects, "/opening/effects", true);
  for (auto const& t : definition.transitions)
    take(t.effects, pointer_to("/transitions", t.id) + "/effects", t.trigger != Trigger::none);
  for (auto const& d : definition.deadlines) {
    for (std::size_t i = 0; i < d.escalations.size(); ++i)
      take(d.escalations[i].effects, pointer_to(pointer_to("/deadlines", d.id) + "/escalations", i) + "/effects", true);
  }
  return found;
}

class Together {
 public:
  Together(std::vector<Definition const*> const& definitions, Organisation const& organisation)
      : definitions_(definitions), organisation_(organisation) {}

  Refusals check() {
    for (auto const* const definition : definitions_) {
      parties(*definition);
      recurring(*definition);
      reports(*definition);
      hidden_steps(*definition);
      for (auto const& effect : opens_of(*definition)) opening(*definition, effect);
      circles(*definition);
    }
    return std::move(faults_);
  }

 private:
  Definition const* find(std::string_view id) const {
    auto const found =
        std::find_if(definitions_.begin(), definitions_.end(), [&](auto const* d) { return d->id == id; });
    return found == definitions_.end() ? nullptr : *found;
  }

  // The pointer is preceded by the workflow, since several are looked at together.
  void fault(Definition const& definition, Code code, std::string const& pointer,
             std::initializer_list<Argument> arguments) {
    faults_.push_back(refusal(code, definition.id + "#" + pointer, arguments));
  }

  std::set<std::string> candidates(PartyKind const& party) const {
    std::set<std::string> units;
    for (auto const& unit : organisation_.units()) {
      bool const kind = party.unit_kinds.empty() || std::find(party.unit_kinds.begin(), party.unit_kinds.end(),
                                                              unit.kind) != party.unit_kinds.end();
      bool const named =
          party.units.empty() || std::find(party.units.begin(), party.units.end(), unit.id) != party.units.end();
      if (kind && named) units.insert(unit.id);
    }
    return units;
  }

  void parties(Definition const& definition) {
    auto const known_kinds = Organisation::kinds();
    for (auto const& party : definition.parties) {
      auto const pointer = pointer_to("/parties", party.id);
      for (auto const& kind : party.unit_kinds) {
        if (std::find(known_kinds.begin(), known_kinds.end(), kind) == known_kinds.end())
          fault(definition, Code::unknown_reference, pointer + "/unit_kinds",
                {{"name", kind}, {"kind", message("kind.unit_kind")}});
      }
      for (auto const& unit : party.units) {
        if (!organisation_.find(unit)) fault(definition, Code::unknown_unit, pointer + "/units", {{"name", unit}});
      }
      if (party.by_default) by_default(definition, party, pointer);
      auto const mine = candidates(party);
      for (auto const& other_id : party.distinct_from) {
        auto const* const other = definition.find_party(other_id);
        if (!other || other == &party) continue;
        auto both = candidates(*other);
        both.insert(mine.begin(), mine.end());
        if (both.size() < 2)
          fault(definition, Code::duties_not_separable, pointer + "/distinct_from",
                {{"party", party.title}, {"other", other->title}});
      }
    }
  }

  void recurring(Definition const& definition) {
    for (auto const& recurrence : definition.recurring) {
      for (auto const& unit : recurrence.units) {
        if (!organisation_.find(unit))
          fault(definition, Code::unknown_unit, pointer_to("/recurring", recurrence.id) + "/for/units",
                {{"name", unit}});
      }
    }
  }

  // What is printed goes round to units that have no part in what it counts: so it counts only what is readable beyond
  // its parties, under titles that every reader sees.
  void reports(Definition const& definition) {
    for (auto const& kind : definition.documents) {
      if (!kind.report) continue;
      auto const pointer = pointer_to("/documents", kind.id) + "/report/workflows";
      for (auto const& [workflow, part] : kind.report->counted) {
        auto const here = pointer_to(pointer, workflow);
        auto const* const other = find(workflow);
        if (!other) {
          fault(definition, Code::unknown_workflow, here, {{"name", workflow}});
          continue;
        }
        if (!other->find_party(part))
          fault(definition, Code::unknown_reference, here, {{"name", part}, {"kind", message("kind.party")}});
        auto const* const title = other->find_field(other->title_field);
        if (other->readers.empty() || (title && (title->personal || !title->shown_to.empty())))
          fault(definition, Code::report_counts_hidden, here, {{"workflow", other->title}});
      }
    }
  }

  // Asked here and not of each definition by itself: cases go on by a version that was taken before, and the engine
  // refuses the documents.
  void hidden_steps(Definition const& definition) {
    for (auto const& transition : definition.transitions) {
      if (transition.shown_to.empty()) continue;
      auto const pointer = pointer_to("/transitions", transition.id);
      for (auto const& [name, kinds] : {std::pair("requires_documents", &transition.requires_documents),
                                        std::pair("optional_documents", &transition.optional_documents)}) {
        if (!kinds->empty())
          fault(definition, Code::hidden_takes_documents, pointer_to(pointer, name), {{"action", transition.title}});
      }
    }
  }

  void by_default(Definition const& definition, PartyKind const& party, std::string const& pointer) {
    auto const& value = *party.by_default;
    if (value.opener) return;
    auto const* const unit =
        value.unit.empty() ? organisation_.only_of_kind(value.unit_kind) : organisation_.find(value.unit);
    auto const& name = value.unit.empty() ? value.unit_kind : value.unit;
    if (!unit)
      fault(definition, Code::unknown_unit, pointer + "/default", {{"name", name}});
    else if (!candidates(party).count(unit->id))
      fault(definition, Code::party_not_eligible, pointer + "/default",
            {{"unit", unit->title}, {"party", party.title}});
  }

  void opening(Definition const& definition, PlacedEffect const& effect) {
    auto const* const other = find(effect.open->workflow);
    if (!other)
      return fault(definition, Code::unknown_workflow, effect.pointer + "/workflow", {{"name", effect.open->workflow}});
    for (auto const& [there, here] : effect.open->copy) {
      auto const* const target = other->find_field(there);
      auto const* const source = definition.find_field(here);
      if (!target || (source && (source->type != target->type || source->list != target->list)))
        fault(definition, Code::unknown_reference, effect.pointer + "/copy",
              {{"name", there}, {"kind", message("kind.field")}});
    }
    for (auto const& [there, here] : effect.open->parties) {
      if (!other->find_party(there))
        fault(definition, Code::unknown_reference, effect.pointer + "/parties",
              {{"name", there}, {"kind", message("kind.party")}});
    }
    if (auto const& part = effect.open->tells; !part.empty()) {
      if (!other->find_party(part))
        fault(definition, Code::unknown_reference, effect.pointer + "/tells",
              {{"name", part}, {"kind", message("kind.party")}});
      // A guard that compares with them would give a case away that only its parties see.
      if (other->readers.empty())
        fault(definition, Code::link_tells_hidden, effect.pointer + "/tells", {{"workflow", other->title}});
    }
    auto const& each = effect.open->each_party;
    if (!each.empty() && !other->find_party(each))
      fault(definition, Code::unknown_reference, effect.pointer + "/for_each/party",
            {{"name", each}, {"kind", message("kind.party")}});
    for (auto const& unit : effect.open->each_unit) {
      if (!organisation_.find(unit))
        fault(definition, Code::unknown_unit, effect.pointer + "/for_each/units", {{"name", unit}});
    }
    for (auto const& party : other->parties) {
      if (party.required && !party.by_default && !effect.open->parties.count(party.id) && party.id != each)
        fault(definition, Code::party_missing, effect.pointer + "/parties", {{"party", party.title}});
    }
  }

  // A circle of openings that need no person would fill the database by itself.
  void circles(Definition const& definition) {
    std::vector<std::string> path{definition.id};
    std::function<bool(Definition const&)> const returns = [&](Definition const& at) {
      for (auto const& effect : opens_of(at)) {
        if (!effect.by_itself) continue;
        auto const* const next = find(effect.open->workflow);
        if (!next) continue;
        if (next->id == definition.id) return true;
        if (std::find(path.begin(), path.end(), next->id) != path.end()) continue;
        path.push_back(next->id);
        if (returns(*next)) return true;
        path.pop_back();
      }
      return false;
    };
    if (!returns(definition)) return;
    path.push_back(definition.id);
    std::string text;
    for (auto const& id : path) text += (text.empty() ? "" : " → ") + id;
    fault(definition, Code::opens_for_ever, "", {{"path", text}});
  }

  std::vector<Definition const*> const& definitions_;
  Organisation const& organisation_;
  Refusals faults_;
};

}  // namespace

Refusals check_together(std::vector<Definition const*> const& definitions, Organisation const& organisation) {
  return Together(definitions, organisation).check();
}

}  // namespace bihuan
