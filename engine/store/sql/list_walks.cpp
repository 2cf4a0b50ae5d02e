// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/list_walks.hpp"

#include <algorithm>
#include <set>

#include "engine/store/sql/case_rows.hpp"
#include "engine/store/sql/search_text.hpp"

namespace bihuan::sql {
namespace {

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

Composed plain(std::string text) {
  return {.text = std::move(text), .values = {}};
}

Walk along_cases(std::string const& index, std::string_view key) {
  return {.from = plain("cases c INDEXED BY " + index), .key = "c." + std::string(key), .id = "c.id", .condition = {}};
}

Walk along_workflow(std::string const& workflow, Key key) {
  auto walk = along_cases("cases_workflow_" + std::string(name_of(key)), name_of(key));
  walk.condition.add(" AND c.workflow = ?", workflow);
  return walk;
}

Walk along_parts(std::string const& unit, Key key) {
  std::string const name(name_of(key));
  Walk walk{.from = plain("party p INDEXED BY party_" + name + " CROSS JOIN cases c ON c.id = p.case_id"),
            .key = "p." + name,
            .id = "p.case_id",
            .condition = {}};
  walk.condition.add(" AND p.first_of_unit = 1 AND p.unit = ?", unit);
  return walk;
}

Walk along_deadlines(std::string const& owner) {
  Walk walk{.from = plain("deadline d INDEXED BY deadline_due CROSS JOIN cases c ON c.id = d.case_id"),
            .key = "d.due",
            .id = "d.case_id",
            .condition = {},
            .owns_deadline = true};
  walk.condition.add(" AND d.first_of_owner = 1 AND d.owner = ?", owner);
  return walk;
}

// By opening this is a walk; in any other order it sorts what one person has handled.
Walk along_handled(std::string const& person, Key key) {
  Walk walk{.from = plain("handled h CROSS JOIN cases c ON c.id = h.case_id"),
            .key = key == Key::opened ? "h.opened" : "c." + std::string(name_of(key)),
            .id = "h.case_id",
            .condition = {},
            .handled = true};
  walk.condition.add(" AND h.person = ?", person);
  return walk;
}

// So few that sorting them costs nothing.
Walk along_pending(Key key) {
  return along_cases("cases_pending", name_of(key));
}

// By opening this is a walk in SQLite, whose index of words gives rows in their order, which is that of opening; in any
// other order it sorts what it finds.
Walk along_search(std::string const& text, Key key, Dialect dialect) {
  bool const postgres = dialect == Dialect::postgres;
  Walk walk{.from = plain(postgres ? "search s CROSS JOIN cases c ON c.row = s.row"
                                   : "search s CROSS JOIN cases c ON c.row = s.rowid"),
            .key = "c." + std::string(name_of(key)),
            .id = "c.id",
            .condition = {},
            .searched = true};
  if (!postgres && key == Key::opened) {
    walk.key = "s.rowid";
    walk.by_row = true;
  }
  walk.condition.add(postgres ? " AND s.tokens @@ ?::text::tsquery" : " AND s.search MATCH ?", words_of(text, dialect));
  return walk;
}

Walk along_state(std::string const& workflow, std::string const& state) {
  auto walk = along_cases("cases_state_opened", "opened");
  walk.condition.add(" AND c.workflow = ?", workflow).add(" AND c.state = ?", state);
  walk.visible = true;
  return walk;
}

// Those that have been in one state, in the order in which they were opened.
Walk along_reached(std::string const& workflow, std::string const& state) {
  Walk walk{.from = plain("reached r CROSS JOIN cases c ON c.id = r.case_id"),
            .key = "r.opened",
            .id = "r.case_id",
            .condition = {},
            .reached = true};
  walk.condition.add(" AND r.workflow = ?", workflow).add(" AND r.state = ?", state);
  return walk;
}

// The index of places gives what lies in a box, in no order: what lies in the circle is sorted. The key is the square
// of the distance in millimetres.
Walk within(Circle const& circle, Dialect dialect) {
  auto const box = box_around(circle);
  Walk walk{.from = plain("(SELECT row, y * y + x * x AS distance FROM (SELECT row, (south - ?"),
            .key = "l.distance",
            .id = "c.id",
            .condition = {}};
  walk.from.values.emplace_back(millionths(circle.latitude));
  walk.from.add(") * ? / 1000 AS y,", northward)
      .add(" (west - ?", millionths(circle.longitude))
      .add(") * ? / 1000 AS x FROM place WHERE", eastward(circle.latitude));
  if (dialect == Dialect::postgres) {
    walk.from.add(" point(west, south) <@ box(point(?,", box.west)
        .add(" ?), point(?,", box.south)
        .add(" ?))", box.east);
    walk.from.values.emplace_back(box.north);
  } else {
    walk.from.add(" south >= ?", box.south)
        .add(" AND north <= ?", box.north)
        .add(" AND west >= ?", box.west)
        .add(" AND east <= ?", box.east);
  }
  walk.from.add(") b) l CROSS JOIN cases c ON c.row = l.row");
  auto const millimetres = circle.metres * 1000;
  walk.condition.add(" AND l.distance <= ?", millimetres * millimetres);
  return walk;
}

std::vector<Walk> all_visible(CaseQuery const& query, Visibility const& visibility, Key key, bool large_workflow) {
  std::vector<Walk> walks;
  if (query.workflow && !may_read_workflow(visibility, *query.workflow) && !large_workflow) {
    return {along_workflow(*query.workflow, key)};
  }
  if (query.workflow && may_read_workflow(visibility, *query.workflow)) {
    walks.push_back(along_workflow(*query.workflow, key));
  } else if (visibility.everything) {
    walks.push_back(along_cases("cases_" + std::string(name_of(key)), name_of(key)));
  } else {
    walks.push_back(along_parts(visibility.unit, key));
    if (!query.workflow && !visibility.workflows.empty()) {
      auto readable = visibility.workflows;
      std::sort(readable.begin(), readable.end());
      readable.erase(std::unique(readable.begin(), readable.end()), readable.end());
      // A case in which the unit holds a part comes from two walks then, once after the other: to leave it out of one
      // would be to go past all that the unit ever held for every page.
      for (std::string const& workflow : readable) {
        walks.push_back(along_workflow(workflow, key));
      }
    }
  }
  for (Walk& walk : walks) {
    walk.visible = true;
  }
  return walks;
}

}  // namespace

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

std::string words_of(std::string const& text, Dialect dialect) {
  return dialect == Dialect::postgres ? vector_query(text) : search_query(text);
}

std::vector<Walk> walks_of(CaseQuery const& query, Visibility const& visibility, Order order, Dialect dialect,
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
    auto walk = along_parts(*query.unit, order.key);
    walk.holds_part = true;
    walk.visible = *query.unit == visibility.unit;
    return {walk};
  }
  if (query.opener && order.key == Key::opened) {
    auto walk = along_cases("cases_opener_opened", "opened");
    walk.condition.add(" AND c.opener = ?", *query.opener);
    return {walk};
  }
  if (query.workflow && !query.states.empty() && order.key == Key::opened &&
      may_read_workflow(visibility, *query.workflow)) {
    std::set<std::string> const states(query.states.begin(), query.states.end());
    std::vector<Walk> walks;
    for (auto const& state : states) walks.push_back(along_state(*query.workflow, state));
    return walks;
  }
  if (query.workflow && query.reached.size() == 1 && order.key == Key::opened &&
      may_read_workflow(visibility, *query.workflow)) {
    return {along_reached(*query.workflow, query.reached.front())};
  }
  return all_visible(query, visibility, order.key, how_many.large_workflow);
}

}  // namespace bihuan::sql
