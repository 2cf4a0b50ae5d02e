// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/case_rows.hpp"
#include "engine/store/sql/cases.hpp"
#include "engine/store/sql/visible.hpp"

namespace bihuan::sql {
namespace {

std::string key_of(SummaryBy by) {
  switch (by) {
    case SummaryBy::unit: return "p.unit";
    case SummaryBy::state: return "c.state";
    case SummaryBy::workflow: return "c.workflow";
    case SummaryBy::category: return "c.category";
  }
  return "c.state";
}

// One of: by the case's own clock, or by the clock of the deadlines that the unit owns in it.
Composed counts(std::string const& due, std::string const& warn, std::int64_t now) {
  Composed columns;
  std::string const counted = "count(*) FILTER (WHERE ";
  std::string const open = "c.final = 0 AND ";
  columns.add("count(*) FILTER (WHERE c.final = 0), count(*) FILTER (WHERE c.final = 1)");
  columns.add(", " + counted + open + due + " < ?)", now);
  columns.add(", " + counted + open + due + " >= ?", now).add(" AND " + warn + " <= ?)", now);
  columns.add(", " + counted + open + due + " >= ?", now)
      .add(" AND " + due + " < ?", never)
      .add(" AND " + warn + " > ?)", now);
  return columns.add(", " + counted + open + due + " = ?)", never);
}

// In SQLite all that is counted comes from one index, without the bodies of cases.
std::string counted_cases(Dialect dialect) {
  return dialect == Dialect::postgres ? "cases c" : "cases c INDEXED BY cases_counted";
}

Composed compose(SummaryBy by, std::optional<std::string> const& workflow, Visibility const& visibility,
                 std::int64_t now, Dialect dialect) {
  auto const counted = counted_cases(dialect);
  std::string const key = key_of(by);
  Composed query;
  query.add("SELECT " + key + ", ");
  if (by == SummaryBy::unit) {
    std::string const last = std::to_string(never);
    query.add(counts("coalesce(d.due, " + last + ")", "coalesce(d.owner_warn, " + last + ")", now));
    // A sign keeps SQLite from the indexes of units: the rows of parties and deadlines stand in the order of cases, and
    // are gone through once.
    query.add(" FROM party p CROSS JOIN " + counted +
              " ON c.id = p.case_id LEFT JOIN deadline d ON d.case_id = p.case_id AND d.owner = p.unit"
              " AND +d.first_of_owner = 1 WHERE +p.first_of_unit = 1");
  } else {
    query.add(counts("c.due", "c.warn", now)).add(" FROM " + counted + " WHERE true");
  }
  if (workflow) {
    query.add(" AND c.workflow = ?", *workflow);
  }
  query.add(visible(visibility, Looked::at_all));
  return query.add(" GROUP BY 1 ORDER BY 1");
}

}  // namespace

std::vector<OpenInState> Cases::open_in_states(std::optional<std::string> const& workflow) {
  auto const reader = readers_.lease();
  Composed query;
  query.add("SELECT c.workflow, c.version, c.state, count(*) FROM " + counted_cases(reader->dialect()) +
            " WHERE c.final = 0");
  if (workflow) {
    query.add(" AND c.workflow = ?", *workflow);
  }
  query.add(" GROUP BY 1, 2, 3 ORDER BY 1, 2, 3");
  ComposedQuery rows(*reader, "open in states", query);
  std::vector<OpenInState> counts;
  while (rows->step()) {
    counts.push_back(
        {.workflow = rows->text(0), .version = rows->text(1), .state = rows->text(2), .cases = rows->integer(3)});
  }
  return counts;
}

std::vector<SummaryRow> Cases::summary(SummaryBy by, std::optional<std::string> const& workflow,
                                       Visibility const& visibility, Instant now) {
  auto const reader = readers_.lease();
  auto const composed = compose(by, workflow, visibility, seconds(now), reader->dialect());
  ComposedQuery rows(*reader, "summary", composed);
  std::vector<SummaryRow> summary;
  while (rows->step()) {
    summary.push_back({.key = rows->text(0),
                       .open = rows->integer(1),
                       .closed = rows->integer(2),
                       .red = rows->integer(3),
                       .yellow = rows->integer(4),
                       .green = rows->integer(5),
                       .grey = rows->integer(6)});
  }
  return summary;
}

std::vector<Flow> Cases::flow(std::vector<Instant> const& bounds, std::optional<std::string> const& workflow,
                              Visibility const& visibility) {
  std::vector<Flow> flows;
  auto const reader = readers_.lease();
  // One moment, so that nothing is counted twice or not at all between two spans.
  Transaction const snapshot(*reader, Transaction::Kind::read);
  auto const count = [&](std::string const& columns, std::string const& key, Instant from, Instant to) {
    Composed query;
    query.add("SELECT " + columns + " FROM cases c INDEXED BY cases_" + key + " WHERE c." + key + " >= ?",
              seconds(from));
    query.add(" AND c." + key + " < ?", seconds(to));
    if (workflow) {
      query.add(" AND c.workflow = ?", *workflow);
    }
    return query.add(visible(visibility, Looked::at_all));
  };
  for (std::size_t place = 0; place + 1 < bounds.size(); ++place) {
    Flow flow;
    {
      auto const composed =
          count("count(*), count(*) FILTER (WHERE c.final = 1)", "opened", bounds[place], bounds[place + 1]);
      ComposedQuery row(*reader, "flow opened", composed);
      row->step();
      flow.opened = row->integer(0);
      flow.opened_and_closed = row->integer(1);
    }
    auto const composed = count("count(*)", "closed", bounds[place], bounds[place + 1]);
    ComposedQuery row(*reader, "flow closed", composed);
    row->step();
    flow.closed = row->integer(0);
    flows.push_back(flow);
  }
  return flows;
}

std::vector<Reached> Cases::reached(std::string const& workflow, std::vector<std::string> const& states,
                                    Visibility const& visibility) {
  if (states.empty()) {
    return {};
  }
  Composed query;
  if (may_read_workflow(visibility, workflow)) {
    query.add("SELECT r.state, count(*) FROM reached r WHERE r.workflow = ?", workflow);
  } else {
    // From what the unit holds a part in, which is little beside all cases of the workflow.
    query.add(
        "SELECT r.state, count(*) FROM party p CROSS JOIN cases c ON c.id = p.case_id CROSS JOIN reached r"
        " ON r.workflow = c.workflow AND r.opened = c.opened AND r.case_id = c.id"
        " WHERE p.first_of_unit = 1 AND p.unit = ?",
        visibility.unit);
    query.add(" AND c.workflow = ?", workflow);
  }
  query.add(" AND r.state IN ").add(any_of(states)).add(" GROUP BY 1");
  auto const reader = readers_.lease();
  ComposedQuery rows(*reader, "reached", query);
  std::vector<Reached> found;
  while (rows->step()) {
    found.push_back({.state = rows->text(0), .cases = rows->integer(1)});
  }
  return found;
}

}  // namespace bihuan::sql
