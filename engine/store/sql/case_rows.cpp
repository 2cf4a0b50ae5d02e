// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/case_rows.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/core/case_text.hpp"
#include "engine/store/circle.hpp"

namespace bihuan::sql {
namespace {

std::vector<PartyRow> parties_of(Case const& subject) {
  std::vector<PartyRow> rows;
  std::set<std::tuple<std::string_view, std::string_view, std::string_view>> known;
  std::set<std::string_view> units;
  for (auto const& [party, holders] : subject.parties) {
    for (Holder const& holder : holders) {
      if (!known.emplace(party, holder.unit, holder.person).second) {
        continue;
      }
      rows.push_back({.party = party,
                      .unit = holder.unit,
                      .person = holder.person,
                      .first_of_unit = units.insert(holder.unit).second});
    }
  }
  return rows;
}

std::vector<DeadlineRow> deadlines_of(Case const& subject) {
  std::vector<DeadlineRow> rows;
  std::map<std::string_view, std::size_t> first;
  std::map<std::string_view, std::int64_t> warn;
  for (Deadline const& deadline : subject.deadlines) {
    rows.push_back({.name = deadline.name,
                    .cycle = deadline.cycle,
                    .owner = deadline.owner,
                    .state = std::string(state_name(deadline.state)),
                    .started = seconds(deadline.started),
                    .due = seconds(deadline.due),
                    .warn = seconds(deadline.warn),
                    .hard_due = seconds(deadline.hard_due),
                    .stopped = seconds(deadline.stopped)});
    if (deadline.state != Deadline::State::running) {
      continue;
    }
    std::size_t const place = rows.size() - 1;
    auto const [held, fresh] = first.emplace(deadline.owner, place);
    if (!fresh && rows[place].due < rows[held->second].due) {
      held->second = place;
    }
    auto const [earliest, none_yet] = warn.emplace(deadline.owner, rows[place].warn);
    if (!none_yet) {
      earliest->second = std::min(earliest->second, rows[place].warn);
    }
  }
  for (auto const& [owner, place] : first) {
    rows[place].first_of_owner = true;
    rows[place].owner_warn = warn.at(owner);
  }
  return rows;
}

std::vector<DocumentRow> documents_of(Case const& subject) {
  std::vector<DocumentRow> rows;
  for (auto const& [kind, documents] : subject.documents) {
    for (Document const& document : documents) {
      rows.push_back({.sha256 = document.sha256,
                      .kind = kind,
                      .name = document.name,
                      .type = document.type,
                      .size = document.size});
    }
  }
  return rows;
}

// Of the field `place`, unless that is words alone.
std::optional<PlaceRow> place_of(Case const& subject) {
  auto const place = subject.fields.find("place");
  if (place == subject.fields.end() || !place->is_object()) {
    return std::nullopt;
  }
  auto const latitude = place->find("latitude");
  auto const longitude = place->find("longitude");
  if (latitude == place->end() || longitude == place->end() || !latitude->is_number() || !longitude->is_number()) {
    return std::nullopt;
  }
  return PlaceRow{.latitude = millionths(latitude->get<double>()), .longitude = millionths(longitude->get<double>())};
}

}  // namespace

CaseRows rows_of(Case const& subject) {
  CaseRows rows{.clock = {},
                .category = {},
                .place = place_of(subject),
                .parties = parties_of(subject),
                .deadlines = deadlines_of(subject),
                .documents = documents_of(subject)};
  for (DeadlineRow const& deadline : rows.deadlines) {
    if (deadline.state != "running") {
      continue;
    }
    rows.clock.due = std::min(rows.clock.due, deadline.due);
    rows.clock.warn = std::min(rows.clock.warn, deadline.warn);
  }
  auto const category = subject.fields.find("category");
  if (category != subject.fields.end() && category->is_string()) {
    rows.category = category->get<std::string>();
  }
  return rows;
}

}  // namespace bihuan::sql
