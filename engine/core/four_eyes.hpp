// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "engine/core/case.hpp"
#include "engine/core/definition.hpp"
#include "engine/core/event.hpp"
#include "engine/core/result.hpp"

namespace bihuan {

// The request that this confirmation names, or nothing.
[[nodiscard]] Pending const* pending_named(Case const& subject, Json const& input);

// What stands against confirming: `asker`, who asked for it, as they may act now, no longer has the role, the unit or
// the substitution that they asked by.
[[nodiscard]] std::optional<Refusal> asker_lost_right(Definition const& definition, Pending const& pending,
                                                      Actor const& asker);

}  // namespace bihuan
