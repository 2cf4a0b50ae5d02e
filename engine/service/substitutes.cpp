// SPDX-License-Identifier: Apache-2.0
#include "engine/service/substitutes.hpp"

#include <algorithm>

#include "engine/core/contains.hpp"
#include "engine/core/message.hpp"
#include "engine/service/sign_in.hpp"

namespace bihuan {
namespace {

bool is_administrator(Person const& person) {
  return std::find(person.roles.begin(), person.roles.end(), "admin") != person.roles.end();
}

bool keeps_the_system(std::string const& role) {
  return role == "admin" || role == "auditor";
}

std::vector<Absent> standing_in_for(Store& store, Person const& person, Instant now,
                                    std::vector<std::string> const& withheld) {
  std::vector<Absent> absent;
  if (!person.may_stand_in) return absent;
  for (auto const& one : store.substitutions().of_person(person.id)) {
    if (one.substitute != person.id || now < one.from || now >= one.to) continue;
    auto const other = store.people().find_person(one.absent);
    if (!other || !other->active || other->unit != person.unit) continue;
    auto roles = other->roles;
    std::erase_if(roles, [&](std::string const& role) { return keeps_the_system(role) || contains(withheld, role); });
    absent.push_back({other->id, std::move(roles)});
  }
  return absent;
}

}  // namespace

Result<Substitution> add_substitute(Store& store, Substitution wanted, Person const& by, Instant now) {
  if (wanted.absent != by.id && !is_administrator(by)) return refused(refusal(Code::not_allowed, "/absent"));
  auto const absent = store.people().find_person(wanted.absent);
  auto const substitute = store.people().find_person(wanted.substitute);
  Refusals faults;
  if (!absent) faults.push_back(refusal(Code::unknown_person, "/absent", {{"name", wanted.absent}}));
  // A person of another unit is as good as unknown here: names are not for trying out.
  bool const of_the_unit = absent && substitute && substitute->active && substitute->unit == absent->unit;
  if (absent && (!of_the_unit || wanted.substitute == wanted.absent))
    faults.push_back(refusal(Code::bad_format, "/substitute",
                             {{"value", wanted.substitute}, {"expected", message("expected.colleague")}}));
  if (wanted.to <= wanted.from || wanted.to <= now)
    faults.push_back(refusal(Code::out_of_bounds, "/to", {{"expected", message("expected.later_end")}}));
  if (!faults.empty()) return refused(std::move(faults));
  wanted.recorded_by = by.id;
  store.substitutions().put(wanted);
  return wanted;
}

Result<void> end_substitute(Store& store, std::string const& id, Person const& by, Instant now) {
  auto found = store.substitutions().find(id);
  bool const own = found && (found->absent == by.id || found->substitute == by.id);
  if (!found || (!own && !is_administrator(by))) return refused(refusal(Code::not_found, ""));
  found->to = std::min(found->to, now);
  store.substitutions().put(*found);
  return {};
}

std::vector<Substitution> list_substitutes(Store& store, Person const& by) {
  return is_administrator(by) ? store.substitutions().all() : store.substitutions().of_person(by.id);
}

Actor acting_now(Store& store, Person const& person, Instant now, std::vector<std::string> const& withheld) {
  auto actor = actor_of(person);
  actor.standing_in_for = standing_in_for(store, person, now, withheld);
  return actor;
}

}  // namespace bihuan
