// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "engine/core/command.hpp"
#include "engine/core/decide.hpp"

namespace bihuan {

// What rules read (workflows/README.md lists it): the case, the actor, this action's input and documents,
// links, deadlines and the time, as one JSON object. Fields that `command` gives are laid over the case's
// own.
[[nodiscard]] Json rule_data(Circumstances const& circumstances, Case const& subject, Actor const& actor,
                             Command const* command = nullptr, Link const* changed = nullptr);

// Can `path` ever lead to something under this definition?
[[nodiscard]] bool known_path(Definition const& definition, std::string_view path);

// The links that a definition's effects can make, besides "related", which people make by hand.
[[nodiscard]] std::vector<std::string> link_names(Definition const& definition);

}  // namespace bihuan
