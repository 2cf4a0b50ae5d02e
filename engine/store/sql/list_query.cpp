// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/list_query.hpp"

#include <algorithm>
#include <set>

#include "engine/store/sql/case_rows.hpp"
#include "engine/store/sql/search_text.hpp"

// A list is a walk along one index from where the last page ended, never a sort of what matches: so the first
// page and the thousandth cost the same, however many cases there are. Where no single index has the order,
// several are walked side by side and merged (SQLite's MERGE of a UNION ALL): what I may see is the cases in
// which my unit holds a part, and each workflow that I may read.

namespace bihuan::sql {
namespace {

enum class Key { opened, due, changed, closed, distance };

struct Order {
  Key key;
  bool descending;
};

// An index to walk: the tables, the columns that carry the order, what bounds the walk.
struct Source {
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

std::string_view name_of(Key key) {
  switch (key) {
    case Key::opened: return "opened";
    case Key::due: return "due";
    case Key::changed: return "changed";
    case Key::closed: return "closed";
    case Key::distance: return "distance";
  }
  return "opened";
}

bool by_due(CaseQuery const& query) {
  return !query.near && (query.light == Light::red || query.light == Light::yellow);
}

Order order_of(CaseQuery const& query) {
  if (query.near) {
    return {Key::distance, false};
  }
  if (by_due(query)) {
    return {Key::due, false};
  }
  switch (query.sort) {
    case CaseQuery::Sort::opened_newest: return {Key::opened, true};
    case CaseQuery::Sort::opened_oldest: return {Key::opened, false};
    case CaseQuery::Sort::due_soonest: return {Key::due, false};
    case CaseQuery::Sort::changed_newest: return {Key::changed, true};
    case CaseQuery::Sort::closed_newest: return {Key::closed, true};
  }
  return {Key::opened, true};
}

Composed plain(std::string text) {
  return {.text = std::move(text), .values = {}};
}

Source along_cases(std::string const& index, std::string_view key) {
  return {.from = plain("cases c INDEXED BY " + index), .key = "c." + std::string(key), .id = "c.id", .condition = {}};
}

Source along_workflow(std::string const& workflow, Key key) {
  auto source = along_cases("cases_workflow_" + std::string(name_of(key)), name_of(key));
  source.condition.add(" AND c.workflow = ?", workflow);
  return source;
}

Source along_parts(std::string const& unit, Key key) {
  std::string const name(name_of(key));
  Source source{.from = plain("party p INDEXED BY party_" + name + " CROSS JOIN cases c ON c.id = p.case_id"),
                .key = "p." + name,
                .id = "p.case_id",
                .condition = {}};
  source.condition.add(" AND p.first_of_unit = 1 AND p.unit = ?", unit);
  return source;
}

Source along_deadlines(std::string const& owner) {
  Source source{.from = plain("deadline d INDEXED BY deadline_due CROSS JOIN cases c ON c.id = d.case_id"),
                .key = "d.due",
                .id = "d.case_id",
                .condition = {},
                .owns_deadline = true};
  source.condition.add(" AND d.first_of_owner = 1 AND d.owner = ?", owner);
  return source;
}

// By opening this is a walk; in any other order it sorts what one person has handled.
Source along_handled(std::string const& person, Key key) {
  Source source{.from = plain("handled h CROSS JOIN cases c ON c.id = h.case_id"),
                .key = key == Key::opened ? "h.opened" : "c." + std::string(name_of(key)),
                .id = "h.case_id",
                .condition = {},
                .handled = true};
  source.condition.add(" AND h.person = ?", person);
  return source;
}

// So few that sorting them costs nothing.
Source along_pending(Key key) {
  return along_cases("cases_pending", name_of(key));
}

std::string words_of(std::string const& text, Dialect dialect) {
  return dialect == Dialect::postgres ? vector_query(text) : search_query(text);
}

// By opening this is a walk in SQLite, whose index of words gives rows in their order, which is that of opening; in any
// other order it sorts what it finds.
Source along_search(std::string const& text, Key key, Dialect dialect) {
  bool const postgres = dialect == Dialect::postgres;
  Source source{.from = plain(postgres ? "search s CROSS JOIN cases c ON c.row = s.row"
                                       : "search s CROSS JOIN cases c ON c.row = s.rowid"),
                .key = "c." + std::string(name_of(key)),
                .id = "c.id",
                .condition = {},
                .searched = true};
  if (!postgres && key == Key::opened) {
    source.key = "s.rowid";
    source.by_row = true;
  }
  source.condition.add(postgres ? " AND s.tokens @@ ?::text::tsquery" : " AND s.search MATCH ?",
                       words_of(text, dialect));
  return source;
}

Source along_state(std::string const& workflow, std::string const& state) {
  auto source = along_cases("cases_state_opened", "opened");
  source.condition.add(" AND c.workflow = ?", workflow).add(" AND c.state = ?", state);
  source.visible = true;
  return source;
}

// Those that have been in one state, in the order in which they were opened.
Source along_reached(std::string const& workflow, std::string const& state) {
  Source source{.from = plain("reached r CROSS JOIN cases c ON c.id = r.case_id"),
                .key = "r.opened",
                .id = "r.case_id",
                .condition = {},
                .reached = true};
  source.condition.add(" AND r.workflow = ?", workflow).add(" AND r.state = ?", state);
  return source;
}

// The index of places gives what lies in a box, in no order: what lies in the circle is sorted. The key is the square
// of the distance in millimetres.
Source within(Circle const& circle, Dialect dialect) {
  auto const box = box_around(circle);
  Source source{.from = plain("(SELECT row, y * y + x * x AS distance FROM (SELECT row, (south - ?"),
                .key = "l.distance",
                .id = "c.id",
                .condition = {}};
  source.from.values.emplace_back(millionths(circle.latitude));
  source.from.add(") * ? / 1000 AS y,", northward)
      .add(" (west - ?", millionths(circle.longitude))
      .add(") * ? / 1000 AS x FROM place WHERE", eastward(circle.latitude));
  if (dialect == Dialect::postgres) {
    source.from.add(" point(west, south) <@ box(point(?,", box.west)
        .add(" ?), point(?,", box.south)
        .add(" ?))", box.east);
    source.from.values.emplace_back(box.north);
  } else {
    source.from.add(" south >= ?", box.south)
        .add(" AND north <= ?", box.north)
        .add(" AND west >= ?", box.west)
        .add(" AND east <= ?", box.east);
  }
  source.from.add(") b) l CROSS JOIN cases c ON c.row = l.row");
  auto const millimetres = circle.metres * 1000;
  source.condition.add(" AND l.distance <= ?", millimetres * millimetres);
  return source;
}

std::vector<Source> all_visible(CaseQuery const& query, Visibility const& visibility, Key key, bool large_workflow) {
  std::vector<Source> sources;
  if (query.workflow && !may_read_workflow(visibility, *query.workflow) && !large_workflow) {
    return {along_workflow(*query.workflow, key)};
  }
  if (query.workflow && may_read_workflow(visibility, *query.workflow)) {
    sources.push_back(along_workflow(*query.workflow, key));
  } else if (visibility.everything) {
    sources.push_back(along_cases("cases_" + std::string(name_of(key)), name_of(key)));
  } else {
    sources.push_back(along_parts(visibility.unit, key));
    if (!query.workflow && !visibility.workflows.empty()) {
      auto readable = visibility.workflows;
      std::sort(readable.begin(), readable.end());
      readable.erase(std::unique(readable.begin(), readable.end()), readable.end());
      // A case in which the unit holds a part comes from two walks then, once after the other: to leave it out of one
      // would be to go past all that the unit ever held for every page.
      for (std::string const& workflow : readable) {
        sources.push_back(along_workflow(workflow, key));
      }
    }
  }
  for (Source& source : sources) {
    source.visible = true;
  }
  return sources;
}

std::vector<Source> sources_of(CaseQuery const& query, Visibility const& visibility, Order order, Dialect dialect,
                               HowMany how_many) {
  if (query.near) {
    return {within(*query.near, dialect)};
  }
  if (!query.text.empty() && !how_many.common_words) {
    return {along_search(query.text, order.key, dialect)};
  }
  if (query.pending) {
    return {along_pending(order.key)};
  }
  if (query.handler) {
    return {along_handled(*query.handler, order.key)};
  }
  if (by_due(query) && query.unit) {
    return {along_deadlines(*query.unit)};
  }
  if (order.key == Key::changed) {
    return {along_cases("cases_changed", "changed")};
  }
  if (order.key == Key::closed) {
    return {along_cases("cases_closed", "closed")};
  }
  if (query.unit) {
    auto source = along_parts(*query.unit, order.key);
    source.holds_part = true;
    source.visible = *query.unit == visibility.unit;
    return {source};
  }
  if (query.opener && order.key == Key::opened) {
    auto source = along_cases("cases_opener_opened", "opened");
    source.condition.add(" AND c.opener = ?", *query.opener);
    return {source};
  }
  if (query.workflow && !query.states.empty() && order.key == Key::opened &&
      may_read_workflow(visibility, *query.workflow)) {
    std::set<std::string> const states(query.states.begin(), query.states.end());
    std::vector<Source> sources;
    for (auto const& state : states) sources.push_back(along_state(*query.workflow, state));
    return sources;
  }
  if (query.workflow && query.reached.size() == 1 && order.key == Key::opened &&
      may_read_workflow(visibility, *query.workflow)) {
    return {along_reached(*query.workflow, query.reached.front())};
  }
  return all_visible(query, visibility, order.key, how_many.large_workflow);
}

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

Composed light_condition(CaseQuery const& query, Source const& source, std::int64_t now) {
  Composed condition;
  bool const walked_by_due = by_due(query) && !source.searched;
  std::string const due = walked_by_due ? source.key : "c.due";
  std::string const warn = source.owns_deadline ? "d.owner_warn" : "c.warn";
  if (query.unit && !source.owns_deadline) {
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

Composed filters(CaseQuery const& query, Source const& source, Order order, Dialect dialect, bool common_words) {
  Composed condition;
  if (query.workflow) {
    condition.add(" AND c.workflow = ?", *query.workflow);
  }
  if (!query.states.empty()) {
    condition.add(" AND c.state IN ").add(any_of(query.states));
  }
  if (!query.reached.empty() && !source.reached) {
    condition.add(" AND EXISTS (SELECT 1 FROM reached e WHERE e.workflow = c.workflow AND e.state IN ")
        .add(any_of(query.reached))
        .add(" AND e.opened = c.opened AND e.case_id = c.id)");
  }
  if (!query.text.empty() && !source.searched) {
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
  if (query.handler && !source.handled) {
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
  if (query.unit && !source.holds_part && !source.owns_deadline && (!query.light || query.light == Light::grey)) {
    condition.add(" AND EXISTS (SELECT 1 FROM party u WHERE u.case_id = c.id AND u.unit = ?)", *query.unit);
  }
  std::string const due = order.key == Key::due ? source.key : "c.due";
  // The rows of a second follow one another, so that its first is the first that was opened in it.
  std::int64_t const keys = source.by_row ? rows_of_a_second : 1;
  std::string const opened = order.key == Key::opened ? source.key : "c.opened";
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

Composed after(Source const& source, std::optional<Position> const& position, bool descending) {
  Composed condition;
  if (!position) {
    return condition;
  }
  if (source.by_row) {
    return condition.add(" AND " + source.key + (descending ? " < ?" : " > ?"), position->key);
  }
  condition.add(" AND (" + source.key + ", " + source.id + (descending ? ") < (?" : ") > (?"), position->key);
  return condition.add(", ?)", position->id);
}

// So many cases may be sorted, or looked at in vain, for one page.
constexpr std::int64_t few = 20'000;

}  // namespace

Composed compose_list(CaseQuery const& query, Visibility const& visibility, std::int64_t now,
                      std::optional<Position> const& position, Dialect dialect, HowMany how_many) {
  auto const order = order_of(query);
  auto const limit = static_cast<std::int64_t>(query.limit + 1);
  auto const sources = sources_of(query, visibility, order, dialect, how_many);
  // The index of words gives rows in their order where that alone is asked for, and no two are the same.
  std::string const second = sources.front().by_row ? "" : order.descending ? ", 2 DESC" : ", 2";
  std::string const by = (order.descending ? " ORDER BY 1 DESC" : " ORDER BY 1") + second;
  // PostgreSQL merges sorted walks only where each is bounded by itself.
  bool const each_bounded = dialect == Dialect::postgres && sources.size() > 1;
  Composed composed;
  for (Source const& source : sources) {
    if (!composed.text.empty()) {
      composed.add(" UNION ALL ");
    }
    composed.add(each_bounded ? "(SELECT " : "SELECT ")
        .add(source.key + ", " + source.id + ", c.number, c.body FROM ")
        .add(source.from);
    composed.add(" WHERE true")
        .add(source.condition)
        .add(filters(query, source, order, dialect, how_many.common_words));
    if (query.light) {
      composed.add(light_condition(query, source, now));
    }
    if (!source.visible) {
      composed.add(visible(visibility));
    }
    composed.add(after(source, position, order.descending));
    if (each_bounded) composed.add(by + " LIMIT ?)", limit);
  }
  return composed.add(by + " LIMIT ?", sources.size() > 1 ? 2 * limit : limit);
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
