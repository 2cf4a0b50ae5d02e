// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "engine/store/sql/cursor.hpp"
#include "engine/store/sql/visible.hpp"
#include "engine/store/store.hpp"

namespace bihuan::sql {

// What is better known before a list is composed.
struct HowMany {
  // So many cases have the words of the query that they are walked in the order that is asked for, and each looked at
  // for the words, instead of sorting all that have them.
  bool common_words = false;
  // The workflow has so many cases that whoever reads only those in which their unit holds a part walks its parts and
  // looks at each for the workflow, instead of walking the workflow's cases and looking at each for the part.
  bool large_workflow = false;
};

// The columns of both: the key that orders, the case's id, its number, its body. One row more than the limit,
// which says whether there is another page.
[[nodiscard]] Composed compose_list(CaseQuery const& query, Visibility const& visibility, std::int64_t now,
                                    std::optional<Position> const& after, Dialect dialect, HowMany how_many = {});
// Queries that have a row when there are that many; nothing where it does not matter.
[[nodiscard]] std::optional<Composed> compose_common_words(CaseQuery const& query, Dialect dialect);
[[nodiscard]] std::optional<Composed> compose_large_workflow(CaseQuery const& query, Visibility const& visibility);
[[nodiscard]] Composed compose_worklist(std::string const& unit, std::string const& person, std::size_t limit,
                                        std::optional<Position> const& after, Dialect dialect);
[[nodiscard]] Composed compose_worklist_count(std::string const& unit, std::string const& person);

}  // namespace bihuan::sql
