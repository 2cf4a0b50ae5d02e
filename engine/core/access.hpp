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

// What a person may see, in the form that a store's query can filter by: the cases in which their unit holds
// a part, and every case of these workflows.
struct Visibility {
  std::string unit;
  std::vector<std::string> workflows;
  bool everything = false;

  // The system's, and that of verbs run at the machine itself.
  [[nodiscard]] static Visibility of_everything() { return {.unit = {}, .workflows = {}, .everything = true}; }
};
[[nodiscard]] Visibility visibility_of(Actor const& actor, std::vector<Definition const*> const& definitions,
                                       Organisation const& organisation);

// May somebody be told how many cases a workflow has who keeps its definition and sees none of them? Not where only
// its parties see a case: that there is one is theirs to know.
[[nodiscard]] bool may_be_counted(Definition const& definition, Visibility const& visibility);

// What everybody may see without signing in: see Definition::publication.
[[nodiscard]] Visibility visibility_of_public(std::vector<Definition const*> const& definitions);

[[nodiscard]] bool may_see(Visibility const& visibility, Case const& subject);

// What lets somebody act: a role of their own, or one of an absent person they stand in for.
struct Right {
  std::string role;
  std::string acting_for;  // empty when it is their own
};
// By what right one of the grants lets this actor act, or nothing. Their own comes before that of another.
[[nodiscard]] std::optional<Right> find_right(std::vector<Grant> const& grants, Case const& subject, Actor const& actor,
                                              Organisation const& organisation);

// Everybody whom the separation of duties takes this actor for: themselves, and whom they stand in for.
[[nodiscard]] std::vector<std::string> persons_of(Actor const& actor);

// How much somebody sees of a field: a personal one is masked where it is not shown, another is as if not
// filled.
enum class Sight { shown, masked, absent };
enum class Showing {
  whole,  // one case, by itself, and its history
  list,   // a line among others, a ledger, an export
};
[[nodiscard]] Sight sight_of(Field const& field, Case const& subject, Actor const& actor,
                             Organisation const& organisation, Showing showing);

// May this actor, who sees the case, read that the action was taken?
[[nodiscard]] bool may_read_of(Action const& action, Case const& subject, Actor const& actor,
                               Organisation const& organisation);

// Separation of duties: the refusal when the actor's unit, acting as the party its grant names, already holds
// a part that this one must be distinct from.
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
