// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "engine/core/guard_value.hpp"

namespace bihuan::logic {

// An operator that sees only the values of its arguments. The others (var, if, map ...) see the data or
// choose what is evaluated; they are in guard.cpp.
using Operator = Value (*)(List const& arguments, Effort& effort);

// nullptr when there is none of this name.
[[nodiscard]] Operator find_operator(std::string_view name);

// An argument that is not given is undefined.
[[nodiscard]] Value argument(List const& arguments, std::size_t index);

}  // namespace bihuan::logic
