// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/core/decide.hpp"

namespace bihuan {

// A mapping as people write it: an object of states, transitions, fields, parties, documents, deadlines, start and
// set. Every fault by its pointer below `pointer`.
[[nodiscard]] Result<MigrationMap> parse_migration_map(OrderedJson const& document, std::string const& pointer);
// The same as JSON, complete: what the event keeps, and what a plan is told apart by.
[[nodiscard]] Json to_json(MigrationMap const& map);

// Where the mapping names what the version it leads to does not have, or leads two things to one.
[[nodiscard]] Refusals check_migration_map(MigrationMap const& map, Definition const& target,
                                           std::string const& pointer);

// The mapping by which cases of this version move to `target` when nobody gives another: the one that the definition
// itself names for that version, else every name as it is.
[[nodiscard]] MigrationMap const& own_migration_map(Definition const& target, std::string const& from_version);

// Moves an open case to the version of `circumstances`: events that begin with `migrated`, or every reason why the case
// does not fit there. Its state, the parts held in it, its values, documents and running clocks must have their place
// in the new version, by their own name or by the mapping's; nothing is dropped that the mapping does not give up by
// name, and no case closes by moving. Clocks keep the due instants that were promised unless the mapping says
// otherwise; one that the new state pauses and the old one did not is paused, and the other way round. What waits for a
// second person lapses. `reason` stands in the history; it may be empty.
[[nodiscard]] Result<Decision> decide_migration(Circumstances const& circumstances, Definition const& from,
                                                MigrationMap const& map, Case const& subject, Actor const& actor,
                                                std::string const& reason);

}  // namespace bihuan
