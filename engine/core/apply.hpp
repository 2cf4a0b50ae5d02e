// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "engine/core/case.hpp"
#include "engine/core/event.hpp"

namespace bihuan {

// The case after one more event. Total: it decides nothing and never fails on an event that decide made.
void apply(Case& subject, Event const& event);

[[nodiscard]] Case replay(std::span<Event const> events);

}  // namespace bihuan
