// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "tools/bench/engine_load.hpp"

namespace bihuan::bench {

// Of each case that fill_with_open_issues made: opened, reported, dispatched.
inline constexpr std::int64_t filled_revision = 3;

// What a client asks for as it goes over the wire.
[[nodiscard]] std::string head_of(std::string const& method, std::string const& target, std::size_t client);
[[nodiscard]] std::string step_request(CaseTurns const& turns, std::size_t place, std::size_t client);
[[nodiscard]] std::string read_request(CaseTurns const& turns, std::size_t place, std::size_t client);

}  // namespace bihuan::bench
