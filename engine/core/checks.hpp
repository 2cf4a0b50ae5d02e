// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/access.hpp"
#include "engine/core/decision_builder.hpp"

namespace bihuan {

// What an action demands of its input, documents, reason and guards; used alike to decide and to offer.
// Private to engine/core.

struct GivenInput {
  Json fields = Json::object();
  std::map<std::string, std::vector<Holder>> parties;
};

// Checks `input` against the action; what is good comes back in `given`, every fault by its pointer below
// `base`.
[[nodiscard]] Refusals check_input(Circumstances const& circumstances, Case const& subject, Input const& allowed,
                                   Json const& input, std::string const& base, GivenInput& given);

[[nodiscard]] Refusals check_documents(Definition const& definition, Action const& action, Case const& subject,
                                       std::map<std::string, std::vector<Document>> const& documents);

[[nodiscard]] Refusals check_reason(Action const& action, std::string const& comment);

// `only_what_stands`: leave out guards that this action's own input or documents could still satisfy.
[[nodiscard]] Refusals check_guards(Circumstances const& circumstances, Case const& subject, Action const& action,
                                    Actor const& actor, Command const* command, bool only_what_stands);

// Is it this actor's to do: grant and separation of duties. Sets `right` to what lets them.
[[nodiscard]] Refusals check_right(Circumstances const& circumstances, Case const& subject, Action const& action,
                                   Actor const& actor, Right& right);

// Records what came with the action: fields, parties, documents.
void record_given(DecisionBuilder& builder, GivenInput const& given,
                  std::map<std::string, std::vector<Document>> const& documents);

// The grants, input and demands of a general action under this definition; nothing where it is not to be had.
[[nodiscard]] std::optional<Action> general_action(Definition const& definition, std::string_view name);
// The fields that a correction may touch: those that its action lists, or all when it lists none.
[[nodiscard]] Input correctable(Definition const& definition, Action const& action);
[[nodiscard]] Result<Decision> decide_general(Circumstances const& circumstances, Case const& subject,
                                              Command const& command, Actor const& actor,
                                              Confirmation const* confirmation);

// One command by one person, four eyes left aside; or, with a confirmation, what two have agreed on.
[[nodiscard]] Result<Decision> decide_at_once(Circumstances const& circumstances, Case const& subject,
                                              Command const& command, Actor const& actor,
                                              Confirmation const* confirmation);

// The definition's own action behind a command, where four eyes may be asked of it.
[[nodiscard]] Action const* action_of(Definition const& definition, Command const& command);
// Records what was found good so far as a request that waits for a second person.
[[nodiscard]] Result<Decision> ask_for_second(Circumstances const& circumstances, Case const& subject,
                                              Action const& action, Command const& command, Actor const& actor);
// The second person's answer: confirm carries out what was asked, all of it checked again; decline drops it.
[[nodiscard]] Result<Decision> decide_request(Circumstances const& circumstances, Case const& subject,
                                              Command const& command, Actor const& actor);
// Why this actor may not answer that request; nothing when they may. Sets `right`.
[[nodiscard]] Refusals check_second(Circumstances const& circumstances, Case const& subject, Pending const& pending,
                                    Actor const& actor, Right& right);
[[nodiscard]] Pending const* pending_of(Case const& subject, std::string const& action);
// The documents that a command brings to the case: those of a request came with it.
[[nodiscard]] std::map<std::string, std::vector<Document>> new_documents(Command const& command,
                                                                         Confirmation const* confirmation);

}  // namespace bihuan
