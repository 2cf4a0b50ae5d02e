// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "engine/core/result.hpp"
#include "engine/store/sql/connection.hpp"

namespace bihuan::sql {

// A store that is being copied into carries a mark, from before its first row until it was compared with its source:
// whoever opened it in between would serve half of the cases, and add to them.

// What the copy was made of, as mark_copy was told; nothing when there is no mark.
[[nodiscard]] std::optional<std::string> copied_from(Connection& connection);
void mark_copy(Connection& connection, std::string const& source);
void unmark_copy(Connection& connection);

// Refused with store_in_use when there is a mark.
[[nodiscard]] Result<void> check_copied_whole(Connection& connection);

}  // namespace bihuan::sql
