// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/core/case.hpp"
#include "engine/core/command.hpp"
#include "engine/core/definition.hpp"
#include "engine/core/event.hpp"
#include "engine/core/input_schemas.hpp"
#include "engine/core/organisation.hpp"

namespace bihuan {

// What a decision looks at besides the case itself. All of it is data; `now` is the caller's clock.
struct Circumstances {
  Definition const& definition;
  Calendar const& calendar;
  Organisation const& organisation;
  Instant now;
  // Of this definition and organisation; made when they are asked for where there are none.
  std::shared_ptr<InputSchemas const> schemas{};
};

// Who should hear of something; delivered from the outbox, never within the decision.
struct Notification {
  std::string kind;     // "transition", "rung"
  std::string subject;  // the transition or deadline/rung
  std::vector<Holder> to;
};

// Another case that an effect wants opened; the service does it in the same append.
struct OpenRequest {
  OpenEffect effect;
  Json fields = Json::object();
  Json parties = Json::object();
};

struct Decision {
  std::vector<Event> events;  // without hashes; revision and index set
  Case after;                 // the case with these events applied
  std::vector<OpenRequest> opens;
  std::vector<Link> links;  // that the service records on both sides, once it has found the other case
  std::vector<Notification> notifications;
};

// Opens a case, or says every reason why not.
[[nodiscard]] Result<Decision> decide_opening(Circumstances const& circumstances, Opening const& opening,
                                              Actor const& actor);

// Decides one command over one case: events, or every reason why not. In this order: is the action known; is
// the revision the one the caller saw; is it allowed from this state; may this actor do it; is it offered now;
// input, documents, reason, guards (all of their faults together); then the events and effects. Visibility was decided
// before: an invisible case is not found, never refused.
[[nodiscard]] Result<Decision> decide(Circumstances const& circumstances, Case const& subject, Command const& command,
                                      Actor const& actor);

// A linked case changed: records it and fires a transition by trigger `link` where one holds.
[[nodiscard]] Result<Decision> decide_link_changed(Circumstances const& circumstances, Case const& subject,
                                                   Link const& changed);

// Adds the record of a link to a decision: both sides of a new link get one.
void record_link(Decision& decision, Link const& link, Actor const& actor, Instant now);

// What the sweeper does for one case at `now`: rungs that are due and transitions by trigger `deadline`.
// An empty decision when there is nothing to do.
[[nodiscard]] Decision decide_due(Circumstances const& circumstances, Case const& subject);

// When decide_due will next have something to do; nothing when no deadline runs.
[[nodiscard]] std::optional<Instant> next_wakeup(Circumstances const& circumstances, Case const& subject);

// One action as a person sees it: the same checks as decide, asked without acting.
struct OfferedAction {
  std::string name;
  Text title;
  bool transition = true;
  std::string to;
  SchemaText input_schema;
  std::vector<std::string> requires_documents;
  bool possible = false;
  bool four_eyes = false;  // a second person has to confirm it
  Refusals refusals;
};

// Every action that is offered to this actor now. What only the input could still spoil is possible.
[[nodiscard]] std::vector<OfferedAction> allowed_actions(Circumstances const& circumstances, Case const& subject,
                                                         Actor const& actor);

}  // namespace bihuan
