// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "engine/store/sql/cursor.hpp"
#include "engine/store/sql/visible.hpp"
#include "engine/store/store.hpp"

namespace bihuan::sql {

// The columns of both: the key that orders, the case's id, its number, its body. One row more than the limit,
// which says whether there is another page.
// `common_words`: so many cases have the words of the query that they are walked in the order that is asked for, and
// each looked at for the words, instead of sorting all that have them.
[[nodiscard]] Composed compose_list(CaseQuery const& query, Visibility const& visibility, std::int64_t now,
                                    std::optional<Position> const& after, Dialect dialect, bool common_words = false);
// A query that has a row when the words are that common; nothing where there is no sorting.
[[nodiscard]] std::optional<Composed> compose_common_words(CaseQuery const& query, Dialect dialect);
[[nodiscard]] Composed compose_worklist(std::string const& unit, std::string const& person, std::size_t limit,
                                        std::optional<Position> const& after, Dialect dialect);
[[nodiscard]] Composed compose_worklist_count(std::string const& unit, std::string const& person);

}  // namespace bihuan::sql
