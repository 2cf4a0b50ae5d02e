// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "engine/core/access.hpp"
#include "engine/core/known_revisions.hpp"

namespace bihuan {

// What stands for a personal field where it is masked.
inline constexpr std::string_view mask = "***";

// The revisions of a case that this person may know of. What is veiled by other cases has to be taken out of the case
// before, where they see these.
[[nodiscard]] KnownRevisions known_revisions(Definition const& definition, Case const& subject, Actor const& actor,
                                             Organisation const& organisation);

// The case as this person may read it: fields and title masked or absent, pending requests that are not
// theirs to know left out, revisions as they count them. Never decide on it.
[[nodiscard]] Case as_seen(Definition const& definition, Case subject, Actor const& actor,
                           Organisation const& organisation, Showing showing);

// May this person know of each step that the workflow has, whether it was taken or not? Only to them is a history
// proven: to others a hash over what they do not see would tell that there is something.
[[nodiscard]] bool may_know_of_all(Definition const& definition, Case const& subject, Actor const& actor,
                                   Organisation const& organisation);

// The events of its history likewise, but by their real revisions. A command that is not theirs to know of is absent as
// a whole. The hashes stay those of what was stored: a reader of masked events cannot compute them, `bihuan verify` can.
[[nodiscard]] std::vector<Event> as_seen(Definition const& definition, Case const& subject, std::vector<Event> events,
                                         Actor const& actor, Organisation const& organisation);

}  // namespace bihuan
