// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"

namespace bihuan {

// A fault at `option` when the value is none of the choices.
void check_choice(std::string const& option, std::string const& value, std::vector<std::string> const& choices,
                  Refusals& faults);

// Of an option that check_language has let pass.
[[nodiscard]] Language language_of(std::string_view option);
void check_language(std::string const& value, Refusals& faults);

}  // namespace bihuan
