// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/units.hpp"

#include "engine/core/message.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql add_one{"unit add",
                      "INSERT INTO unit (id, title_zh, title_en, kind, parent, dissolved) VALUES (?, ?, ?, ?, ?, ?)"
                      " ON CONFLICT (id) DO NOTHING"};
constexpr Sql change_one{"unit change",
                         "UPDATE unit SET title_zh = ?2, title_en = ?3, kind = ?4, parent = ?5, dissolved = ?6,"
                         " revision = revision + 1 WHERE id = ?1 AND revision = ?7"};
constexpr Sql list_all{"unit list",
                       "SELECT id, title_zh, title_en, kind, parent, dissolved, revision FROM unit ORDER BY row"};

}  // namespace

Result<KeptUnit> Units::put(OrganisationUnit const& unit, std::int64_t expected_revision) {
  auto const done = writer_.write([&](Connection& connection) -> Result<void> {
    int const changed = expected_revision == 0
                            ? connection.run(add_one, unit.id, unit.title.zh, unit.title.en, unit.kind, unit.parent,
                                             std::int64_t{unit.dissolved})
                            : connection.run(change_one, unit.id, unit.title.zh, unit.title.en, unit.kind, unit.parent,
                                             std::int64_t{unit.dissolved}, expected_revision);
    if (changed != 1) return refused(refusal(Code::conflict, {}));
    connection.tell_of_rules();
    return {};
  });
  if (!done) return refused(done.error());
  return KeptUnit{.unit = unit, .revision = expected_revision + 1};
}

std::vector<KeptUnit> Units::all() {
  auto const reader = readers_.lease();
  std::vector<KeptUnit> kept;
  auto rows = reader->query(list_all);
  while (rows.step()) {
    kept.push_back({.unit = {.id = rows.text(0),
                             .title = {rows.text(1), rows.text(2)},
                             .kind = rows.text(3),
                             .parent = rows.text(4),
                             .dissolved = rows.integer(5) != 0},
                    .revision = rows.integer(6)});
  }
  return kept;
}

}  // namespace bihuan::sql
