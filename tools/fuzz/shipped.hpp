// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/service/library.hpp"

namespace bihuan::fuzz {

// The definitions, calendars and organisation of workflows/, loaded once.
[[nodiscard]] Library const& library();

}  // namespace bihuan::fuzz
