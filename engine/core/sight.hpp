// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "engine/core/access.hpp"

namespace bihuan {

// What stands for a personal field where it is masked.
inline constexpr std::string_view mask = "***";

// The case as this person may read it: fields and title masked or absent, pending requests that are not
// theirs to know left out. Never decide on it.
[[nodiscard]] Case as_seen(Definition const& definition, Case subject, Actor const& actor,
                           Organisation const& organisation, Showing showing);

// The events of its history likewise. A command that is not theirs to know of is absent as a whole. The
// hashes stay those of what was stored: a reader of masked events cannot compute them, `bihuan verify` can.
[[nodiscard]] std::vector<Event> as_seen(Definition const& definition, Case const& subject, std::vector<Event> events,
                                         Actor const& actor, Organisation const& organisation);

}  // namespace bihuan
