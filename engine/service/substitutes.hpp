// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

// One person acts for another of the same unit who is on leave, from and to given instants, with the roles
// that the other has meanwhile. One step only: whom the absent person stands in for is not passed on. The
// roles of the keepers of the system (admin, auditor) are never passed on at all. Stateless; safe to call
// from any thread.

// Records one. `by` is the absent person or an administrator; anybody else is refused with not_allowed. Also
// refused: unknown_person, two persons of different units or the same one, an end that is past or not after
// the start.
[[nodiscard]] Result<Substitution> add_substitute(Store& store, Substitution wanted, Person const& by, Instant now);

// Ends one now: by who is absent, who stands in, or an administrator; to others there is no such (not_found).
[[nodiscard]] Result<void> end_substitute(Store& store, std::string const& id, Person const& by, Instant now);

// All of them to an administrator, to others their own.
[[nodiscard]] std::vector<Substitution> list_substitutes(Store& store, Person const& by);

// The person as they may act at `now`: by their own roles, and for those whom they stand in for, by the units and roles
// as they are now, but for the roles that are withheld from them (see SignIn::acting_now).
[[nodiscard]] Actor acting_now(Store& store, Person const& person, Instant now,
                               std::vector<std::string> const& withheld = {});

}  // namespace bihuan
