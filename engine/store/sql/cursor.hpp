// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"

namespace bihuan::sql {

// The last row of a page: where the next one goes on.
struct Position {
  std::int64_t key = 0;
  std::string id;
};

// Opaque to callers. `query` is what was asked; a cursor of another query is refused with bad_format.
[[nodiscard]] std::string cursor_of(Position const& position, std::string_view query);
// Nothing for an empty cursor: the first page.
[[nodiscard]] Result<std::optional<Position>> position_of(std::string const& cursor, std::string_view query);

}  // namespace bihuan::sql
