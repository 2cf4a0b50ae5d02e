// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "engine/store/sqlite/case_rows.hpp"
#include "engine/store/sqlite/cases.hpp"

namespace bihuan::sqlite {
namespace {

constexpr Sql walk{"rows walk",
                   "SELECT id, number, body, workflow, version, state, final, outcome, revision, title, opener,"
                   " opener_unit, category, opened, changed, due, warn, owner_party, closed, pending"
                   " FROM cases ORDER BY id"};
constexpr Sql parts{"rows parties",
                    "SELECT party, unit, person, first_of_unit, owns_step, opened, due FROM party WHERE case_id = ?"};
constexpr Sql deadlines{"rows deadlines",
                        "SELECT name, cycle, owner, state, started, due, warn, hard_due, stopped, first_of_owner,"
                        " owner_warn, workflow FROM deadline WHERE case_id = ?"};

// The columns that say something else than the case.
std::string wrong_columns(Statement const& row, Case const& subject, CaseRows const& rows) {
  std::string names;
  auto const expect = [&names](char const* name, bool same) {
    if (!same) {
      names += (names.empty() ? "" : ", ") + std::string(name);
    }
  };
  expect("id", row.view(0) == subject.id);
  expect("workflow", row.view(3) == subject.workflow);
  expect("version", row.view(4) == subject.version);
  expect("state", row.view(5) == subject.state);
  expect("final", (row.integer(6) != 0) == subject.final);
  expect("outcome", row.view(7) == subject.outcome);
  expect("revision", row.integer(8) == subject.revision);
  expect("title", row.view(9) == subject.title);
  expect("opener", row.view(10) == subject.opener);
  expect("opener_unit", row.view(11) == subject.opener_unit);
  expect("category", row.view(12) == rows.category);
  expect("opened", row.integer(13) == seconds(subject.opened));
  expect("changed", row.integer(14) == seconds(subject.changed));
  expect("due", row.integer(15) == rows.clock.due);
  expect("warn", row.integer(16) == rows.clock.warn);
  expect("closed", row.maybe_integer(18) == seconds(subject.closed));
  expect("pending", row.integer(19) == static_cast<std::int64_t>(subject.pending.size()));
  return names;
}

bool parties_agree(Connection& connection, Case const& subject, CaseRows const& rows, std::string_view owner_party) {
  std::size_t found = 0;
  auto row = connection.query(parts, subject.id);
  while (row.step()) {
    PartyRow const stored{
        .party = row.text(0), .unit = row.text(1), .person = row.text(2), .first_of_unit = row.integer(3) != 0};
    bool const owns = row.integer(4) != 0;
    if (std::find(rows.parties.begin(), rows.parties.end(), stored) == rows.parties.end() ||
        owns != (stored.party == owner_party) || row.integer(5) != seconds(subject.opened) ||
        row.integer(6) != rows.clock.due) {
      return false;
    }
    ++found;
  }
  return found == rows.parties.size();
}

bool deadlines_agree(Connection& connection, Case const& subject, CaseRows const& rows) {
  std::size_t found = 0;
  auto row = connection.query(deadlines, subject.id);
  while (row.step()) {
    DeadlineRow const stored{.name = row.text(0),
                             .cycle = row.integer(1),
                             .owner = row.text(2),
                             .state = row.text(3),
                             .started = row.integer(4),
                             .due = row.integer(5),
                             .warn = row.integer(6),
                             .hard_due = row.maybe_integer(7),
                             .stopped = row.maybe_integer(8),
                             .first_of_owner = row.integer(9) != 0,
                             .owner_warn = row.integer(10)};
    if (std::find(rows.deadlines.begin(), rows.deadlines.end(), stored) == rows.deadlines.end() ||
        row.view(11) != subject.workflow) {
      return false;
    }
    ++found;
  }
  return found == rows.deadlines.size();
}

}  // namespace

std::vector<VerifyFault> Cases::verify_rows() {
  std::vector<VerifyFault> faults;
  auto const reader = readers_.lease();
  Transaction const snapshot(*reader, Transaction::Kind::read);
  auto row = reader->query(walk);
  while (row.step()) {
    Case subject;
    try {
      subject = case_from_row(row.view(1), row.view(2));
    } catch (Json::exception const&) {
      faults.push_back({row.text(0), row.integer(8), "the row cannot be read as a case"});
      continue;
    }
    auto const rows = rows_of(subject);
    if (auto const names = wrong_columns(row, subject, rows); !names.empty()) {
      faults.push_back({row.text(0), subject.revision, "the columns differ from the case: " + names});
    }
    if (!parties_agree(*reader, subject, rows, row.view(17))) {
      faults.push_back({row.text(0), subject.revision, "the rows of its parties differ from the case"});
    }
    if (!deadlines_agree(*reader, subject, rows)) {
      faults.push_back({row.text(0), subject.revision, "the rows of its deadlines differ from the case"});
    }
  }
  return faults;
}

}  // namespace bihuan::sqlite
