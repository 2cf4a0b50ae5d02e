// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/feeds.hpp"

#include "engine/store/sql/case_rows.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql put_one{"feed put",
                      "INSERT INTO feed (id, token_hash, person, name, filter, created) VALUES (?, ?, ?, ?, ?, ?)"};
constexpr Sql find_one{
    "feed find", "SELECT id, token_hash, person, name, filter, created, last_used FROM feed WHERE token_hash = ?"};
constexpr Sql touch_one{"feed touch", "UPDATE feed SET last_used = ?2 WHERE id = ?1"};
constexpr Sql list_own{"feeds of person",
                       "SELECT id, token_hash, person, name, filter, created, last_used FROM feed WHERE person = ?"
                       " ORDER BY created, id"};
constexpr Sql drop_one{"feed drop", "DELETE FROM feed WHERE person = ? AND id = ?"};

CalendarFeed from_row(Statement const& row) {
  CalendarFeed feed{.id = row.text(0),
                    .token_hash = row.text(1),
                    .person = row.text(2),
                    .name = row.text(3),
                    .filter = Json::parse(row.view(4)),
                    .created = instant(row.integer(5))};
  if (auto const used = row.maybe_integer(6)) {
    feed.last_used = instant(*used);
  }
  return feed;
}

}  // namespace

void Feeds::put(CalendarFeed const& feed) {
  auto const filter = canonical(feed.filter);
  writer_.must_write([&](Connection& connection) {
    connection.run(put_one, feed.id, feed.token_hash, feed.person, feed.name, filter, seconds(feed.created));
  });
}

std::optional<CalendarFeed> Feeds::find(std::string const& token_hash) {
  auto const reader = readers_.lease();
  auto row = reader->query(find_one, token_hash);
  if (!row.step()) {
    return std::nullopt;
  }
  return from_row(row);
}

void Feeds::touch(std::string const& id, Instant used) {
  writer_.must_write([&](Connection& connection) { connection.run(touch_one, id, seconds(used)); });
}

std::vector<CalendarFeed> Feeds::of_person(std::string const& person) {
  auto const reader = readers_.lease();
  std::vector<CalendarFeed> feeds;
  auto rows = reader->query(list_own, person);
  while (rows.step()) {
    feeds.push_back(from_row(rows));
  }
  return feeds;
}

bool Feeds::drop(std::string const& person, std::string const& id) {
  bool dropped = false;
  writer_.must_write([&](Connection& connection) { dropped = connection.run(drop_one, person, id) > 0; });
  return dropped;
}

}  // namespace bihuan::sql
