// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "engine/store/sql/cursor.hpp"
#include "engine/store/sql/visible.hpp"
#include "engine/store/store.hpp"

namespace bihuan::sql {

// The columns of both: the key that orders, the case's id, its number, its body. One row more than the limit,
// which says whether there is another page.
[[nodiscard]] Composed compose_list(CaseQuery const& query, Visibility const& visibility, std::int64_t now,
                                    std::optional<Position> const& after, Dialect dialect);
[[nodiscard]] Composed compose_worklist(std::string const& unit, std::string const& person, std::size_t limit,
                                        std::optional<Position> const& after, Dialect dialect);
[[nodiscard]] Composed compose_worklist_count(std::string const& unit, std::string const& person);

}  // namespace bihuan::sql
