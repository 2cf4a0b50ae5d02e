// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>

#include "engine/core/result.hpp"

namespace bihuan {

// What the program's exit status says.
inline constexpr int done = 0;
inline constexpr int said_no = 1;
inline constexpr int wrong_use = 2;

// "code: text" in both languages.
[[nodiscard]] std::string in_words(Refusal const& refusal);

// One line each, with its pointer where it has one.
void print_refusals(std::ostream& stream, Refusals const& refusals);

}  // namespace bihuan
