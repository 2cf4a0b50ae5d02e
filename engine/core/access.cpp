// SPDX-License-Identifier: Apache-2.0
#include "engine/core/access.hpp"

#include <algorithm>

#include "engine/core/message.hpp"

namespace bihuan {
namespace {

bool contains(std::vector<std::string> const& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool unit_kind_fits(Grant const& grant, Actor const& actor, Organisation const& organisation) {
  if (grant.unit_kinds.empty()) return true;
  auto const* const unit = organisation.find(actor.unit);
  return unit && contains(grant.unit_kinds, unit->kind);
}

bool matches(Grant const& grant, Case const* subject, Actor const& actor, Organisation const& organisation) {
  if (!grant.role.empty() && !actor.has_role(grant.role)) return false;
  if (!grant.party.empty() && (!subject || !subject->holds_part(grant.party, actor.unit))) return false;
  return unit_kind_fits(grant, actor, organisation);
}

// The part of `subject` that the unit holds and that `party` must be distinct from, whichever of the two says so.
PartyKind const* clash(Definition const& definition, PartyKind const& party, std::string_view unit, Case const& subject) {
  for (auto const& other : definition.parties) {
    if (&other == &party) continue;
    if (!contains(party.distinct_from, other.id) && !contains(other.distinct_from, party.id)) continue;
    if (subject.holds_part(other.id, unit)) return &other;
  }
  return nullptr;
}

}  // namespace

Visibility visibility_of(Actor const& actor, std::vector<Definition const*> const& definitions,
                         Organisation const& organisation) {
  Visibility visibility{.unit = actor.unit, .workflows = {}, .everything = actor.system};
  for (auto const* const definition : definitions) {
    bool const reads = std::any_of(definition->readers.begin(), definition->readers.end(), [&](Grant const& grant) {
      return grant.party.empty() && matches(grant, nullptr, actor, organisation);
    });
    if (reads && !contains(visibility.workflows, definition->id)) visibility.workflows.push_back(definition->id);
  }
  return visibility;
}

bool may_see(Visibility const& visibility, Case const& subject) {
  if (visibility.everything || contains(visibility.workflows, subject.workflow)) return true;
  return std::any_of(subject.parties.begin(), subject.parties.end(), [&](auto const& party) {
    return std::any_of(party.second.begin(), party.second.end(),
                       [&](Holder const& holder) { return holder.unit == visibility.unit; });
  });
}

std::optional<std::string> granted_role(std::vector<Grant> const& grants, Case const& subject, Actor const& actor,
                                        Organisation const& organisation) {
  for (auto const& grant : grants) {
    if (matches(grant, &subject, actor, organisation)) return grant.role;
  }
  return std::nullopt;
}

std::optional<Refusal> duties_conflict(Definition const& definition, std::vector<Grant> const& grants,
                                       Case const& subject, Actor const& actor, Organisation const& organisation) {
  std::optional<Refusal> conflict;
  for (auto const& grant : grants) {
    if (!matches(grant, &subject, actor, organisation)) continue;
    auto const* const party = definition.find_party(grant.party);
    auto const* const other = party ? clash(definition, *party, actor.unit, subject) : nullptr;
    if (!other) return std::nullopt;  // this grant stands by itself
    conflict = refusal(Code::same_unit_may_not_verify, "",
                       {{"unit", organisation.title_of(actor.unit)}, {"other", other->title}, {"party", party->title}});
  }
  return conflict;
}

std::optional<Refusal> may_hold(Definition const& definition, PartyKind const& party, std::string const& unit,
                                Case const& subject, Organisation const& organisation, std::string const& pointer) {
  auto const* const known = organisation.find(unit);
  if (!known) return refusal(Code::unknown_unit, pointer, {{"name", unit}});
  bool const kind = party.unit_kinds.empty() || contains(party.unit_kinds, known->kind);
  bool const named = party.units.empty() || contains(party.units, unit);
  if (!kind || !named)
    return refusal(Code::party_not_eligible, pointer, {{"unit", known->title}, {"party", party.title}});
  if (auto const* const other = clash(definition, party, unit, subject))
    return refusal(Code::same_unit_may_not_verify, pointer,
                   {{"unit", known->title}, {"other", other->title}, {"party", party.title}});
  return std::nullopt;
}

Text describe(std::vector<Grant> const& grants, Definition const& definition) {
  Text all;
  for (auto const& grant : grants) {
    auto const* const party = definition.find_party(grant.party);
    auto const role = role_title(grant.role);
    auto const one = party && !grant.role.empty()
                         ? message("grant.role_of_party", {{"party", party->title}, {"role", role}})
                     : party               ? message("grant.party", {{"party", party->title}})
                     : !grant.role.empty() ? message("grant.role", {{"role", role}})
                                           : message("grant.anybody");
    all.zh += (all.zh.empty() ? "" : "、") + one.zh;
    all.en += (all.en.empty() ? "" : ", ") + one.en;
  }
  return all;
}

}  // namespace bihuan
