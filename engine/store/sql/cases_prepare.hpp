// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/store/sql/case_rows.hpp"
#include "engine/store/sql/connection.hpp"
#include "engine/store/sql/recent_rows.hpp"
#include "engine/store/store.hpp"

namespace bihuan::sql {

// Whatever can be done before the writer's turn is done on the caller's thread: reading what was there, comparing,
// chaining, serialising. The writer then only checks that the revision is still the one all this rests on.

struct Before {
  RowHead row;
  CaseRows rows;
};

// One change with all that the writer needs, in the form in which it is bound.
struct PreparedChange {
  Change change;
  std::optional<Before> before;  // nothing for a case that this append opens
  // The number and the head are known only at the writer's turn: this append opens the case.
  bool opened_here = false;
  std::string number;
  std::string head;
  std::vector<std::string> events;  // canonical, one for each of change.events
  std::string body;
  CaseRows rows;
  std::string search;
  std::int64_t search_hash = 0;
};

// Refused with conflict when a case is no longer at the revision that its change was decided on.
[[nodiscard]] Result<std::vector<PreparedChange>> prepare(Connection& reader, RecentRows const& recent,
                                                          std::vector<Change> changes);

// Chains the events of the change to the head before them, and serialises them.
void chain_events(PreparedChange& prepared, std::string head);
// At the writer's turn, when what stands before this place is written: a later change of a case that the same append
// opened learns of its number and head only now.
void catch_up(std::vector<PreparedChange>& prepared, std::size_t place);

}  // namespace bihuan::sql
