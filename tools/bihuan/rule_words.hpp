// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/definition.hpp"

namespace bihuan {

// A condition of a definition as a person reads it, with the titles of what it reads. What has no words of its
// own, an operator that conditions seldom use, stands as JSON Logic.
[[nodiscard]] Text rule_in_words(Json const& rule, Definition const& definition);

// What somebody is told whom a guard refuses, with the titles of the times that stand in it.
[[nodiscard]] Text guard_in_words(Guard const& guard, Definition const& definition);

}  // namespace bihuan
