// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/store/sql/list_query.hpp"

namespace bihuan::sql {

// A list is a walk along one index from where the last page ended, never a sort of what matches: so the first
// page and the thousandth cost the same, however many cases there are. Where no single index has the order,
// several are walked side by side and merged (SQLite's MERGE of a UNION ALL): what I may see is the cases in
// which my unit holds a part, and each workflow that I may read.

enum class Key { opened, due, changed, closed, distance };

struct Order {
  Key key;
  bool descending;
};

// An index to walk: the tables, the columns that carry the order, what bounds the walk.
struct Walk {
  Composed from;
  std::string key;
  std::string id;
  Composed condition;
  bool holds_part = false;     // already only cases in which query.unit holds a part
  bool owns_deadline = false;  // already only deadlines that query.unit owns, soonest first
  bool handled = false;        // already only cases in which query.handler acted
  bool reached = false;        // already only cases that have been in query.reached
  bool searched = false;       // already only cases that have the words of query.text
  bool by_row = false;         // the key is the case's row, whose order is that of opening
  bool visible = false;        // already only what may be seen
};

[[nodiscard]] Order order_of(CaseQuery const& query);
// Red and yellow ones come soonest due first, but for those that are asked for by distance.
[[nodiscard]] bool by_due(CaseQuery const& query);
// Those that together have every case that the query may find, each in the order.
[[nodiscard]] std::vector<Walk> walks_of(CaseQuery const& query, Visibility const& visibility, Order order,
                                         Dialect dialect, HowMany how_many);
// As the index of words is asked for them.
[[nodiscard]] std::string words_of(std::string const& text, Dialect dialect);

}  // namespace bihuan::sql
