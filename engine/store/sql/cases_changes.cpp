// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/store/sql/cases.hpp"
#include "engine/store/sql/visible.hpp"

// Events are numbered by the one writer in the order in which they become durable, so nothing ever comes to stand
// before what somebody has read.

namespace bihuan::sql {
namespace {

constexpr Sql find_last{"change last", "SELECT coalesce(max(sequence), 0) FROM event"};

// One look never takes longer than this many events of cases that the caller may not see.
constexpr std::int64_t span_limit = 2000;
constexpr std::size_t page_limit = 200;

std::int64_t last_of(Connection& connection) {
  auto row = connection.query(find_last);
  row.step();
  return row.integer(0);
}

}  // namespace

CaseChanges Cases::changes_after(std::int64_t sequence, Visibility const& visibility) {
  auto const reader = readers_.lease();
  Transaction const snapshot(*reader, Transaction::Kind::read);
  CaseChanges changes;
  changes.up_to = std::max(sequence, std::min(last_of(*reader), sequence + span_limit));
  Composed query;
  query.add(
      "SELECT e.sequence, e.case_id, e.revision, c.number, c.workflow, c.state, c.final,"
      // As the row's body has it, which a text in it cannot look like: quotes in a text are escaped.
      " CASE WHEN c.body LIKE '%\"veiled\":[%' THEN 1 ELSE 0 END FROM event e"
      " CROSS JOIN cases c ON c.id = e.case_id WHERE e.sequence > ?",
      sequence);
  query.add(" AND e.sequence <= ?", changes.up_to).add(visible(visibility)).add(" ORDER BY e.sequence");
  ComposedQuery rows(*reader, "changes", query);
  while (rows->step()) {
    // A revision has several events, one after the other.
    auto const revision = rows->integer(2);
    if (!changes.items.empty() && changes.items.back().case_id == rows->view(1) &&
        changes.items.back().revision == revision) {
      changes.items.back().sequence = rows->integer(0);
      continue;
    }
    if (changes.items.size() == page_limit) {
      changes.up_to = changes.items.back().sequence;
      break;
    }
    changes.items.push_back({.sequence = rows->integer(0),
                             .case_id = rows->text(1),
                             .revision = revision,
                             .number = rows->text(3),
                             .workflow = rows->text(4),
                             .state = rows->text(5),
                             .final = rows->integer(6) != 0,
                             .veiled = rows->integer(7) != 0});
  }
  return changes;
}

std::int64_t Cases::last_change() {
  auto const reader = readers_.lease();
  return last_of(*reader);
}

std::optional<std::int64_t> Cases::find_change(std::string const& case_id, std::int64_t revision,
                                               Visibility const& visibility) {
  Composed query;
  query.add("SELECT e.sequence FROM event e CROSS JOIN cases c ON c.id = e.case_id WHERE e.case_id = ?", case_id);
  query.add(" AND e.revision = ?", revision).add(visible(visibility)).add(" ORDER BY e.place DESC LIMIT 1");
  auto const reader = readers_.lease();
  ComposedQuery row(*reader, "change find", query);
  if (!row->step()) {
    return std::nullopt;
  }
  return row->integer(0);
}

}  // namespace bihuan::sql
