// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "engine/core/result.hpp"

namespace bihuan {

// What the program's exit status says.
inline constexpr int done = 0;
inline constexpr int said_no = 1;
inline constexpr int wrong_use = 2;
inline constexpr int too_old = 3;  // a newer program has changed the database

// "code: text" in both languages.
[[nodiscard]] std::string in_words(Refusal const& refusal);

// One line each, with its pointer where it has one.
void print_refusals(std::ostream& stream, Refusals const& refusals);

// One line each: "file#pointer: code: text".
void print_faults(std::ostream& stream, std::filesystem::path const& file, Refusals const& faults);

// One line in both languages, out at once.
void say(std::ostream& stream, Text const& text);

}  // namespace bihuan
