// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/substitutions.hpp"

#include "engine/store/sql/case_rows.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql put_one{
    "substitution put",
    "INSERT INTO substitution (id, absent, substitute, starts, ends, recorded_by) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET ends = excluded.ends"};
constexpr Sql find_one{"substitution find",
                       "SELECT id, absent, substitute, starts, ends, recorded_by FROM substitution WHERE id = ?"};
constexpr Sql list_own{"substitution of person",
                       // Each half comes sorted from its index; an OR would sort in a table of its own.
                       "SELECT id, absent, substitute, starts, ends, recorded_by FROM substitution WHERE absent = ?1"
                       " UNION ALL SELECT id, absent, substitute, starts, ends, recorded_by FROM substitution"
                       " WHERE substitute = ?1 AND absent <> ?1 ORDER BY starts, id"};
constexpr Sql list_all{
    "substitution list",
    "SELECT id, absent, substitute, starts, ends, recorded_by FROM substitution ORDER BY starts, id"};

Substitution from_row(Statement const& row) {
  return {.id = row.text(0),
          .absent = row.text(1),
          .substitute = row.text(2),
          .from = instant(row.integer(3)),
          .to = instant(row.integer(4)),
          .recorded_by = row.text(5)};
}

}  // namespace

void Substitutions::put(Substitution const& substitution) {
  writer_.must_write([&](Connection& connection) {
    connection.run(put_one, substitution.id, substitution.absent, substitution.substitute, seconds(substitution.from),
                   seconds(substitution.to), substitution.recorded_by);
  });
}

std::optional<Substitution> Substitutions::find(std::string const& id) {
  auto const reader = readers_.lease();
  auto row = reader->query(find_one, id);
  if (!row.step()) {
    return std::nullopt;
  }
  return from_row(row);
}

std::vector<Substitution> Substitutions::of_person(std::string const& person) {
  auto const reader = readers_.lease();
  std::vector<Substitution> found;
  auto rows = reader->query(list_own, person);
  while (rows.step()) {
    found.push_back(from_row(rows));
  }
  return found;
}

std::vector<Substitution> Substitutions::all() {
  auto const reader = readers_.lease();
  std::vector<Substitution> found;
  auto rows = reader->query(list_all);
  while (rows.step()) {
    found.push_back(from_row(rows));
  }
  return found;
}

}  // namespace bihuan::sql
