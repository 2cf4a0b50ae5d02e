// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "engine/store/sql/case_rows.hpp"
#include "engine/store/sql/cases.hpp"
#include "engine/store/sql/list_query.hpp"
#include "engine/store/sql/search_text.hpp"

namespace bihuan::sql {
namespace {

// What a cursor belongs to: everything that chooses and orders, but neither the page's size nor who asks.
std::string asked(CaseQuery const& query) {
  auto const opt = [](auto const& value) { return value ? Json(*value) : Json(); };
  auto const near = query.near
                        ? Json{millionths(query.near->latitude), millionths(query.near->longitude), query.near->metres}
                        : Json();
  return canonical({opt(query.workflow), query.states, opt(query.unit), opt(query.opener),
                    query.light ? Json(light_name(*query.light)) : Json(), opt(query.final),
                    opt(seconds(query.due_before)), opt(seconds(query.opened_from)), opt(seconds(query.opened_to)),
                    opt(query.handler), query.pending, opt(seconds(query.closed_from)), opt(seconds(query.closed_to)),
                    query.text, query.reached, near, static_cast<int>(query.sort)});
}

Page<Case> read_page(Statement& rows, std::size_t limit, std::string_view query) {
  Page<Case> page;
  Position last;
  while (rows.step()) {
    // Two persons of one unit may hold the same part: the same case twice in a row.
    if (!page.items.empty() && rows.view(1) == last.id) {
      continue;
    }
    if (page.items.size() == limit) {
      page.next_cursor = cursor_of(last, query);
      break;
    }
    last = {.key = rows.integer(0), .id = rows.text(1)};
    page.items.push_back(case_from_row(rows.view(2), rows.view(3)));
  }
  return page;
}

}  // namespace

Result<Page<Case>> Cases::list(CaseQuery const& query, Visibility const& visibility, Instant now) {
  if (query.limit == 0) {
    return Page<Case>{};
  }
  auto const name = asked(query);
  auto const position = position_of(query.cursor, name);
  if (!position) {
    return refused(position.error());
  }
  if (!query.text.empty() && search_query(query.text).empty()) {
    return Page<Case>{};
  }
  if (!query.near) {
    return read_list(query, visibility, now, *position, name);
  }
  // A page is nearly always found close by, and the whole circle would have to be sorted for it.
  auto look = query;
  constexpr std::int64_t first = 250;  // metres
  auto const gone = *position ? static_cast<std::int64_t>(std::sqrt((*position)->key)) / 1000 : 0;
  for (std::int64_t metres = std::max(first, 2 * gone);; metres *= 2) {
    look.near->metres = std::min(metres, query.near->metres);
    auto page = read_list(look, visibility, now, *position, name);
    if (!page.next_cursor.empty() || look.near->metres == query.near->metres) {
      return page;
    }
  }
}

Page<Case> Cases::read_list(CaseQuery const& query, Visibility const& visibility, Instant now,
                            std::optional<Position> const& position, std::string const& name) {
  auto const reader = readers_.lease();
  auto const many = [&](char const* of, std::optional<Composed> const& asked) {
    return asked && ComposedQuery(*reader, of, *asked)->step();
  };
  HowMany const how_many{.common_words = many("common words", compose_common_words(query, reader->dialect())),
                         .large_workflow = many("large workflow", compose_large_workflow(query, visibility))};
  auto const composed = compose_list(query, visibility, seconds(now), position, reader->dialect(), how_many);
  ComposedQuery rows(*reader, "list", composed);
  return read_page(*rows, query.limit, name);
}

Result<Page<Case>> Cases::worklist(std::string const& unit, std::string const& person, std::size_t limit,
                                   std::string const& cursor) {
  if (limit == 0) {
    return Page<Case>{};
  }
  auto const name = canonical({"worklist", unit, person});
  auto const position = position_of(cursor, name);
  if (!position) {
    return refused(position.error());
  }
  auto const reader = readers_.lease();
  auto const composed = compose_worklist(unit, person, limit, *position, reader->dialect());
  ComposedQuery rows(*reader, "worklist", composed);
  return read_page(*rows, limit, name);
}

std::int64_t Cases::count_worklist(std::string const& unit, std::string const& person) {
  auto const composed = compose_worklist_count(unit, person);
  auto const reader = readers_.lease();
  ComposedQuery row(*reader, "worklist count", composed);
  row->step();
  return row->integer(0);
}

}  // namespace bihuan::sql
