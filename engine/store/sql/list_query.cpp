// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/list_query.hpp"

#include "engine/store/sql/case_rows.hpp"
#include "engine/store/sql/list_walks.hpp"

namespace bihuan::sql {
namespace {

Composed light_of_unit(std::string const& unit, Light light, std::int64_t now) {
  Composed condition;
  condition.add(light == Light::grey ? " AND NOT EXISTS (" : " AND EXISTS (");
  condition.add("SELECT 1 FROM deadline l WHERE l.case_id = c.id AND l.first_of_owner = 1 AND l.owner = ?", unit);
  if (light == Light::red) {
    condition.add(" AND l.due < ?", now);
  }
  if (light == Light::yellow) {
    condition.add(" AND l.due >= ?", now).add(" AND l.owner_warn <= ?", now);
  }
  if (light == Light::green) {
    condition.add(" AND l.due >= ?", now).add(" AND l.owner_warn > ?", now);
  }
  return condition.add(")");
}

Composed light_condition(CaseQuery const& query, Walk const& walk, std::int64_t now) {
  Composed condition;
  bool const walked_by_due = by_due(query) && !walk.searched;
  std::string const due = walked_by_due ? walk.key : "c.due";
  std::string const warn = walk.owns_deadline ? "d.owner_warn" : "c.warn";
  if (query.unit && !walk.owns_deadline) {
    return light_of_unit(*query.unit, *query.light, now);
  }
  switch (*query.light) {
    case Light::red: return condition.add(" AND " + due + " < ?", now);
    case Light::yellow: return condition.add(" AND " + due + " >= ?", now).add(" AND " + warn + " <= ?", now);
    case Light::green:
      return condition.add(" AND c.due >= ?", now).add(" AND c.due < ?", never).add(" AND c.warn > ?", now);
    case Light::grey: return condition.add(" AND c.due = ?", never);
  }
  return condition;
}

Composed filters(CaseQuery const& query, Walk const& walk, Order order, Dialect dialect, bool common_words) {
  Composed condition;
  if (query.workflow) {
    condition.add(" AND c.workflow = ?", *query.workflow);
  }
  if (!query.states.empty()) {
    condition.add(" AND c.state IN ").add(any_of(query.states));
  }
  if (!query.reached.empty() && !walk.reached) {
    condition.add(" AND EXISTS (SELECT 1 FROM reached e WHERE e.workflow = c.workflow AND e.state IN ")
        .add(any_of(query.reached))
        .add(" AND e.opened = c.opened AND e.case_id = c.id)");
  }
  if (!query.text.empty() && !walk.searched) {
    condition.add(dialect == Dialect::postgres
                      ? common_words
                            ? " AND EXISTS (SELECT 1 FROM search WHERE row = c.row AND tokens @@ ?::text::tsquery"
                              " LIMIT 1 OFFSET 0)"
                            : " AND c.row IN (SELECT row FROM search WHERE tokens @@ ?::text::tsquery)"
                  : common_words ? " AND EXISTS (SELECT 1 FROM search WHERE search MATCH ? AND rowid = c.row)"
                                 : " AND c.row IN (SELECT rowid FROM search WHERE search MATCH ?)",
                  words_of(query.text, dialect));
  }
  if (query.opener) {
    condition.add(" AND c.opener = ?", *query.opener);
  }
  if (query.handler && !walk.handled) {
    condition.add(
        " AND EXISTS (SELECT 1 FROM handled h WHERE h.person = ? AND h.opened = c.opened AND h.case_id = c.id)",
        *query.handler);
  }
  if (query.pending) {
    condition.add(" AND c.pending > 0");
  }
  if (order.key == Key::closed) {
    condition.add(" AND c.closed IS NOT NULL");
  }
  if (query.closed_from) {
    condition.add(" AND c.closed >= ?", seconds(*query.closed_from));
  }
  if (query.closed_to) {
    condition.add(" AND c.closed <= ?", seconds(*query.closed_to));
  }
  if (query.final) {
    condition.add(" AND c.final = ?", std::int64_t{*query.final});
  }
  if (!query.but_version.empty()) {
    condition.add(" AND c.version <> ?", query.but_version);
  }
  if (query.unit && !walk.holds_part && !walk.owns_deadline && (!query.light || query.light == Light::grey)) {
    condition.add(" AND EXISTS (SELECT 1 FROM party u WHERE u.case_id = c.id AND u.unit = ?)", *query.unit);
  }
  std::string const due = order.key == Key::due ? walk.key : "c.due";
  // The rows of a second follow one another, so that its first is the first that was opened in it.
  std::int64_t const keys = walk.by_row ? rows_of_a_second : 1;
  std::string const opened = order.key == Key::opened ? walk.key : "c.opened";
  if (query.due_before) {
    condition.add(" AND " + due + " < ?", seconds(*query.due_before));
  }
  if (query.opened_from) {
    condition.add(" AND " + opened + " >= ?", seconds(*query.opened_from) * keys);
  }
  if (query.opened_to) {
    condition.add(" AND " + opened + " < ?", (seconds(*query.opened_to) + 1) * keys);
  }
  return condition;
}

Composed after(Walk const& walk, std::optional<Position> const& position, bool descending) {
  Composed condition;
  if (!position) {
    return condition;
  }
  if (walk.by_row) {
    return condition.add(" AND " + walk.key + (descending ? " < ?" : " > ?"), position->key);
  }
  condition.add(" AND (" + walk.key + ", " + walk.id + (descending ? ") < (?" : ") > (?"), position->key);
  return condition.add(", ?)", position->id);
}

// So many cases may be sorted, or looked at in vain, for one page.
constexpr std::int64_t few = 20'000;

}  // namespace

Composed compose_list(CaseQuery const& query, Visibility const& visibility, std::int64_t now,
                      std::optional<Position> const& position, Dialect dialect, HowMany how_many) {
  auto const order = order_of(query);
  auto const limit = static_cast<std::int64_t>(query.limit + 1);
  auto const walks = walks_of(query, visibility, order, dialect, how_many);
  // The index of words gives rows in their order where that alone is asked for, and no two are the same.
  std::string const second = walks.front().by_row ? "" : order.descending ? ", 2 DESC" : ", 2";
  std::string const by = (order.descending ? " ORDER BY 1 DESC" : " ORDER BY 1") + second;
  // PostgreSQL merges sorted walks only where each is bounded by itself.
  bool const each_bounded = dialect == Dialect::postgres && walks.size() > 1;
  Composed composed;
  for (Walk const& walk : walks) {
    if (!composed.text.empty()) {
      composed.add(" UNION ALL ");
    }
    composed.add(each_bounded ? "(SELECT " : "SELECT ")
        .add(walk.key + ", " + walk.id + ", c.number, c.body FROM ")
        .add(walk.from);
    composed.add(" WHERE true").add(walk.condition).add(filters(query, walk, order, dialect, how_many.common_words));
    if (query.light) {
      composed.add(light_condition(query, walk, now));
    }
    if (!walk.visible) {
      composed.add(visible(visibility));
    }
    composed.add(after(walk, position, order.descending));
    if (each_bounded) composed.add(by + " LIMIT ?)", limit);
  }
  return composed.add(by + " LIMIT ?", walks.size() > 1 ? 2 * limit : limit);
}

std::optional<Composed> compose_common_words(CaseQuery const& query, Dialect dialect) {
  bool const postgres = dialect == Dialect::postgres;
  if (query.text.empty() || (!postgres && order_of(query).key == Key::opened)) return std::nullopt;
  Composed composed;
  composed.add(
      postgres ? "SELECT 1 FROM search WHERE tokens @@ ?::text::tsquery" : "SELECT 1 FROM search WHERE search MATCH ?",
      words_of(query.text, dialect));
  return composed.add(" LIMIT 1 OFFSET ?", few);
}

std::optional<Composed> compose_large_workflow(CaseQuery const& query, Visibility const& visibility) {
  if (!query.workflow || may_read_workflow(visibility, *query.workflow)) return std::nullopt;
  Composed composed;
  composed.add("SELECT 1 FROM cases INDEXED BY cases_workflow_opened WHERE workflow = ?", *query.workflow);
  return composed.add(" LIMIT 1 OFFSET ?", few);
}

namespace {

Composed worklist_of(std::string const& columns, std::string const& unit, std::string const& person) {
  Composed composed;
  composed.add("SELECT " + columns +
                   " FROM party p INDEXED BY party_worklist CROSS JOIN cases c ON c.id = p.case_id"
                   " WHERE p.owns_step = 1 AND p.unit = ?",
               unit);
  if (!person.empty()) {
    composed.add(" AND p.person IN ('', ?)", person);
  }
  return composed;
}

}  // namespace

Composed compose_worklist(std::string const& unit, std::string const& person, std::size_t limit,
                          std::optional<Position> const& position, Dialect dialect) {
  // Two persons of one unit may hold the same part.
  bool const whole = dialect == Dialect::postgres;
  std::string columns = "p.due, p.case_id, c.number, c.body";
  if (whole) columns.insert(0, "DISTINCT ON (p.due, p.case_id) ");
  auto composed = worklist_of(columns, unit, person);
  if (position) {
    composed.add(" AND (p.due, p.case_id) > (?", position->key).add(", ?)", position->id);
  }
  composed.add(" ORDER BY p.due, p.case_id");
  // SQLite gives one row after the other, PostgreSQL all at once.
  if (whole) composed.add(" LIMIT ?", static_cast<std::int64_t>(limit + 1));
  return composed;
}

Composed compose_worklist_count(std::string const& unit, std::string const& person) {
  return worklist_of("count(DISTINCT p.case_id)", unit, person);
}

}  // namespace bihuan::sql
