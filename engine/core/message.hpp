// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "engine/core/result.hpp"
#include "engine/core/text.hpp"

namespace bihuan {

// A value for a {placeholder}; a Text gives each language its own.
struct Argument {
  Argument(std::string_view name_, std::string_view value)
      : name(name_), text{std::string(value), std::string(value)} {}
  Argument(std::string_view name_, Text value) : name(name_), text(std::move(value)) {}
  std::string_view name;
  Text text;
};

// The text of `key` from engine/messages/{zh,en}.json with its {placeholders} filled.
// A key that is in no catalogue is a programming error and stops the process.
[[nodiscard]] Text message(std::string_view key, std::initializer_list<Argument> arguments = {});

// The name of a role in words; its id where the catalogue does not know it.
[[nodiscard]] Text role_title(std::string_view role);

// A refusal with the catalogue text of its code (key "refusal.CODE", and "remedy.CODE" where there is one and
// the arguments fill it: not every refusal of a code knows the way out).
[[nodiscard]] Refusal refusal(Code code, std::string pointer, std::initializer_list<Argument> arguments = {});

// Somebody decided on one revision, and it is another by now.
[[nodiscard]] Refusal stale_version(std::string pointer, std::int64_t seen, std::int64_t current);

}  // namespace bihuan
