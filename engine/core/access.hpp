// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/case.hpp"
#include "engine/core/definition.hpp"
#include "engine/core/event.hpp"
#include "engine/core/organisation.hpp"

namespace bihuan {

// The one place that says who may see and do. To everybody else a case does not exist.

// What a person may see, in the form that a store's query can filter by: the cases in which their unit holds a part,
// and every case of these workflows.
struct Visibility {
  std::string unit;
  std::vector<std::string> workflows;
  bool everything = false;  // the system, and `bihuan verify`
};
[[nodiscard]] Visibility visibility_of(Actor const& actor, std::vector<Definition const*> const& definitions,
                                       Organisation const& organisation);

[[nodiscard]] bool may_see(Visibility const& visibility, Case const& subject);

// The role by which one of the grants lets this actor act, or nothing.
[[nodiscard]] std::optional<std::string> granted_role(std::vector<Grant> const& grants, Case const& subject,
                                                      Actor const& actor, Organisation const& organisation);

// Separation of duties: the refusal when the actor's unit, acting as the party its grant names, already holds a part
// that this one must be distinct from.
[[nodiscard]] std::optional<Refusal> duties_conflict(Definition const& definition, std::vector<Grant> const& grants,
                                                     Case const& subject, Actor const& actor,
                                                     Organisation const& organisation);

// May this unit hold this part, given who holds the others?
[[nodiscard]] std::optional<Refusal> may_hold(Definition const& definition, PartyKind const& party,
                                              std::string const& unit, Case const& subject,
                                              Organisation const& organisation, std::string const& pointer);

// "a supervisor; a dept_head of the lead unit": for refusals, in both languages.
[[nodiscard]] Text describe(std::vector<Grant> const& grants, Definition const& definition);

}  // namespace bihuan
