// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "engine/core/case_text.hpp"
#include "engine/core/known_revisions.hpp"
#include "engine/store/sql/case_rows.hpp"
#include "engine/store/sql/cases.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql walk{"rows walk",
                   "SELECT id, number, body, workflow, version, state, final, outcome, revision, title, opener,"
                   " opener_unit, category, opened, changed, due, warn, owner_party, closed, pending"
                   " FROM cases WHERE id > ? ORDER BY id LIMIT ?"};
constexpr std::int64_t walk_at_once = 500;  // rows: some databases hand over an answer as a whole
constexpr Sql parts{"rows parties",
                    "SELECT party, unit, person, first_of_unit, owns_step, opened, due FROM party WHERE case_id = ?"};
constexpr Sql deadlines{"rows deadlines",
                        "SELECT name, cycle, owner, state, started, due, warn, hard_due, stopped, first_of_owner,"
                        " owner_warn, workflow FROM deadline WHERE case_id = ?"};

constexpr Sql reached{"rows reached",
                      "SELECT count(*) FROM reached WHERE workflow = ?1 AND opened = ?2 AND case_id = ?3"
                      " AND state IN (SELECT value FROM json_each(?4))",
                      "SELECT count(*) FROM reached WHERE workflow = ?1 AND opened = ?2 AND case_id = ?3"
                      " AND state IN (SELECT jsonb_array_elements_text(?4::text::jsonb))"};
constexpr Sql all_reached{"rows all reached", "SELECT count(*) FROM reached"};
constexpr Sql place{"rows place",
                    "SELECT south, west FROM place WHERE row = (SELECT row FROM cases WHERE id = ?) AND south = north"
                    " AND west = east"};
constexpr Sql all_places{"rows all places", "SELECT count(*) FROM place"};

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
  expect("changed", row.integer(14) == seconds(changed_for_all(subject)));
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

bool place_agrees(Connection& connection, Case const& subject, CaseRows const& rows) {
  auto row = connection.query(place, subject.id);
  bool const found = row.step();
  if (!rows.place) {
    return !found;
  }
  return found && PlaceRow{.latitude = row.integer(0), .longitude = row.integer(1)} == *rows.place;
}

// How many rows say truly that the case has been in one of its states.
std::int64_t count_reached(Connection& connection, Case const& subject) {
  Json states = Json::array();
  for (auto const& [state, unused] : subject.visits) {
    states.push_back(state);
  }
  auto const list = states.dump();
  return connection.first_integer(reached, subject.workflow, seconds(subject.opened), subject.id, list);
}

}  // namespace

std::vector<VerifyFault> Cases::verify_rows() {
  std::vector<VerifyFault> faults;
  std::int64_t states = 0;
  std::int64_t places = 0;
  auto const reader = readers_.lease();
  Transaction const snapshot(*reader, Transaction::Kind::read);
  std::string last;
  for (auto count = walk_at_once; count == walk_at_once;) {
    count = 0;
    auto const after = last;
    for (auto row = reader->query(walk, after, walk_at_once); row.step(); ++count) {
      last = row.text(0);
      auto const read = case_from_text(row.view(2));
      if (!read) {
        faults.push_back({row.text(0), row.integer(8), "the row cannot be read as a case"});
        continue;
      }
      Case const& subject = *read;
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
      auto const known = count_reached(*reader, subject);
      if (known != static_cast<std::int64_t>(subject.visits.size())) {
        faults.push_back({row.text(0), subject.revision, "the rows of the states it has been in differ from the case"});
      }
      if (!place_agrees(*reader, subject, rows)) {
        faults.push_back({row.text(0), subject.revision, "the row of its place differs from the case"});
      }
      states += known;
      places += rows.place ? 1 : 0;
    }
  }
  // Of a case these are found by what it says; what no case says is found by counting.
  if (reader->first_integer(all_reached) > states) {
    faults.push_back({{}, 0, "there are rows of states that no case has been in"});
  }
  if (reader->first_integer(all_places) > places) {
    faults.push_back({{}, 0, "there are rows of places where no case is"});
  }
  return faults;
}

}  // namespace bihuan::sql
