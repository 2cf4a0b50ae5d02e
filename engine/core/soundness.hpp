// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/definition.hpp"

// The parts of check_soundness; private to engine/core.
namespace bihuan::soundness {

// Every name leads to something of the definition, and every rule reads only what exists.
void check_references(Definition const& definition, Refusals& faults);
// The state machine: reachable, never a dead end, owned.
void check_graph(Definition const& definition, Refusals& faults);
// Transitions that fire by themselves are never in doubt which of them fires.
void check_triggers(Definition const& definition, Refusals& faults);
// Deadlines start, stop and always have a period.
void check_deadlines(Definition const& definition, Refusals& faults);
// What needs a second person is done by persons, and somebody may be that one.
void check_four_eyes(Definition const& definition, Refusals& faults);
// Parts that must be held by different units can be.
void check_duties(Definition const& definition, Refusals& faults);

}  // namespace bihuan::soundness
