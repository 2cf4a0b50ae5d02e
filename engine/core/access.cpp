// SPDX-License-Identifier: Apache-2.0
#include "engine/core/access.hpp"

#include <algorithm>

#include "engine/core/contains.hpp"
#include "engine/core/message.hpp"

namespace bihuan {
namespace {

bool unit_kind_fits(Grant const& grant, Actor const& actor, Organisation const& organisation) {
  if (grant.unit_kinds.empty()) return true;
  auto const* const unit = organisation.find(actor.unit);
  return unit && contains(grant.unit_kinds, unit->kind);
}

// Everything of the grant but its role.
bool place_fits(Grant const& grant, Case const* subject, Actor const& actor, Organisation const& organisation) {
  if (!grant.party.empty() && (!subject || !subject->holds_part(grant.party, actor.unit))) return false;
  return unit_kind_fits(grant, actor, organisation);
}

bool matches(Grant const& grant, Case const* subject, Actor const& actor, Organisation const& organisation) {
  if (!place_fits(grant, subject, actor, organisation)) return false;
  return grant.role.empty() || actor.has_role(grant.role) ||
         std::any_of(actor.standing_in_for.begin(), actor.standing_in_for.end(),
                     [&](Absent const& absent) { return contains(absent.roles, grant.role); });
}

bool is_granted(std::vector<Grant> const& grants, Case const& subject, Actor const& actor,
                Organisation const& organisation) {
  return std::any_of(grants.begin(), grants.end(),
                     [&](Grant const& grant) { return matches(grant, &subject, actor, organisation); });
}

// The part of `subject` that the unit holds and that `party` must be distinct from, whichever of the two says
// so.
PartyKind const* clash(Definition const& definition, PartyKind const& party, std::string_view unit,
                       Case const& subject) {
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

bool may_be_counted(Definition const& definition, Visibility const& visibility) {
  return visibility.everything || !definition.readers.empty();
}

Visibility visibility_of_public(std::vector<Definition const*> const& definitions) {
  Visibility visibility;
  for (auto const* const definition : definitions) {
    if (definition->publication) visibility.workflows.push_back(definition->id);
  }
  return visibility;
}

bool may_see(Visibility const& visibility, Case const& subject) {
  if (visibility.everything || contains(visibility.workflows, subject.workflow)) return true;
  return subject.holds_any_part(visibility.unit);
}

std::optional<Right> find_right(std::vector<Grant> const& grants, Case const& subject, Actor const& actor,
                                Organisation const& organisation) {
  std::optional<Right> of_another;
  for (auto const& grant : grants) {
    if (!place_fits(grant, &subject, actor, organisation)) continue;
    if (grant.role.empty() || actor.has_role(grant.role)) return Right{grant.role, ""};
    for (auto const& absent : actor.standing_in_for) {
      if (!of_another && contains(absent.roles, grant.role)) of_another = Right{grant.role, absent.person};
    }
  }
  return of_another;
}

std::vector<std::string> persons_of(Actor const& actor) {
  std::vector<std::string> persons{actor.person};
  for (auto const& absent : actor.standing_in_for) persons.push_back(absent.person);
  return persons;
}

Sight sight_of(Field const& field, Case const& subject, Actor const& actor, Organisation const& organisation,
               Showing showing) {
  if (actor.system || (!field.personal && field.shown_to.empty())) return Sight::shown;
  if (field.personal && showing == Showing::list)
    return is_granted(field.listed_to, subject, actor, organisation) ? Sight::shown : Sight::masked;
  bool const shown = field.shown_to.empty() ? subject.holds_any_part(actor.unit)
                                            : is_granted(field.shown_to, subject, actor, organisation);
  if (shown) return Sight::shown;
  return field.personal ? Sight::masked : Sight::absent;
}

bool may_read_of(Action const& action, Case const& subject, Actor const& actor, Organisation const& organisation) {
  return actor.system || action.shown_to.empty() || is_granted(action.shown_to, subject, actor, organisation);
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
  auto const* const known = organisation.find_standing(unit);
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
