// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/cases_prepare.hpp"

#include <algorithm>

#include "engine/core/case_text.hpp"
#include "engine/core/message.hpp"
#include "engine/store/chain.hpp"
#include "engine/store/sql/search_text.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql find_before{
    "case before", "SELECT revision, head_hash, search_hash, owner_party, wakeup, number FROM cases WHERE id = ?"};

// A fingerprint, to see whether a text changed without keeping it.
std::int64_t fingerprint(std::string_view text) {
  return static_cast<std::int64_t>(std::stoull(hash_of(text).substr(0, 16), nullptr, 16));
}

std::optional<RowHead> read_head(Connection& connection, std::string const& id) {
  auto row = connection.query(find_before, id);
  if (!row.step()) {
    return std::nullopt;
  }
  return RowHead{.revision = row.integer(0),
                 .head = row.text(1),
                 .search_hash = row.integer(2),
                 .owner_party = row.text(3),
                 .wakeup = row.maybe_integer(4),
                 .number = row.text(5)};
}

// What an earlier change of the same append leaves behind, for a later one of the same case.
Before left_by(PreparedChange const& earlier) {
  return {.row = {.revision = earlier.change.after.revision,
                  .head = earlier.head,
                  .search_hash = earlier.search_hash,
                  .owner_party = earlier.change.owner_party,
                  .wakeup = seconds(earlier.change.wakeup),
                  .number = earlier.number},
          .rows = earlier.rows};
}

Result<PreparedChange> prepare_one(Connection& reader, RecentRows const& recent, Change change,
                                   std::vector<PreparedChange> const& earlier) {
  PreparedChange prepared;
  prepared.change = std::move(change);
  Case const& before = prepared.change.before;
  Case const& after = prepared.change.after;
  prepared.body = case_text(after);
  prepared.rows = rows_of(after);
  prepared.search_hash = fingerprint(prepared.change.search_text);
  prepared.search = search_tokens(prepared.change.search_text);
  auto const same = std::find_if(earlier.rbegin(), earlier.rend(),
                                 [&](PreparedChange const& other) { return other.change.after.id == after.id; });
  if (same != earlier.rend()) {
    prepared.before = left_by(*same);
    prepared.opened_here = same->opened_here;
  } else {
    auto row = recent.find(after.id, before.revision);
    if (!row) row = read_head(reader, after.id);
    if (row) prepared.before = Before{.row = std::move(*row), .rows = rows_of(before)};
    prepared.opened_here = !prepared.before;
  }
  std::int64_t const revision = prepared.before ? prepared.before->row.revision : 0;
  if (revision != before.revision) {
    return refused(refusal(Code::conflict, {}));
  }
  if (!prepared.opened_here) {
    prepared.number = prepared.before->row.number;
    chain_events(prepared, prepared.before->row.head);
  }
  return prepared;
}

}  // namespace

Result<std::vector<PreparedChange>> prepare(Connection& reader, RecentRows const& recent, std::vector<Change> changes) {
  std::vector<PreparedChange> prepared;
  prepared.reserve(changes.size());
  for (Change& change : changes) {
    auto made = prepare_one(reader, recent, std::move(change), prepared);
    if (!made) return refused(std::move(made.error()));
    prepared.push_back(std::move(*made));
  }
  return prepared;
}

void chain_events(PreparedChange& prepared, std::string head) {
  prepared.head = std::move(head);
  prepared.events.clear();
  prepared.events.reserve(prepared.change.events.size());
  for (Event& event : prepared.change.events) {
    event.previous = std::move(prepared.head);
    prepared.events.push_back(hashed_bytes(event));
    event.hash = hash_of(prepared.events.back());
    prepared.head = event.hash;
  }
}

void catch_up(std::vector<PreparedChange>& prepared, std::size_t place) {
  PreparedChange& late = prepared[place];
  if (!late.opened_here || !late.before) {
    return;
  }
  for (std::size_t earlier = place; earlier-- > 0;) {
    if (prepared[earlier].change.after.id != late.change.after.id) {
      continue;
    }
    late.number = prepared[earlier].number;
    chain_events(late, prepared[earlier].head);
    return;
  }
}

}  // namespace bihuan::sql
