// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sqlite/people.hpp"

#include "engine/core/json.hpp"
#include "engine/store/sqlite/case_rows.hpp"

namespace bihuan::sqlite {
namespace {

constexpr Sql put_person{
    "person put",
    "INSERT INTO person (id, name, full_name, unit, roles, password_hash, active) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, full_name = excluded.full_name, unit = excluded.unit,"
    " roles = excluded.roles, password_hash = excluded.password_hash, active = excluded.active"};
constexpr Sql find_name{"person by name",
                        "SELECT id, name, full_name, unit, roles, password_hash, active FROM person WHERE name = ?"};
constexpr Sql find_id{"person find",
                      "SELECT id, name, full_name, unit, roles, password_hash, active FROM person WHERE id = ?"};
constexpr Sql list_all{"person list",
                       "SELECT id, name, full_name, unit, roles, password_hash, active FROM person ORDER BY id"};
constexpr Sql put_token{
    "session put",
    "INSERT INTO session (token_hash, person, created, expires) VALUES (?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET person = excluded.person, created = excluded.created, expires = excluded.expires"};
constexpr Sql drop_expired{"session expire", "DELETE FROM session WHERE expires <= ?"};
constexpr Sql find_token{"session find",
                         "SELECT token_hash, person, created, expires FROM session WHERE token_hash = ?"};
constexpr Sql drop_token{"session drop", "DELETE FROM session WHERE token_hash = ?"};

Person person_from_row(Statement const& row) {
  return {.id = row.text(0),
          .name = row.text(1),
          .full_name = row.text(2),
          .unit = row.text(3),
          .roles = Json::parse(row.view(4)).get<std::vector<std::string>>(),
          .password_hash = row.text(5),
          .active = row.integer(6) != 0};
}

std::optional<Person> find(Readers& readers, Sql const& sql, std::string const& key) {
  auto const reader = readers.lease();
  auto row = reader->query(sql, key);
  if (!row.step()) { return std::nullopt; }
  return person_from_row(row);
}

}  // namespace

void People::put_people(std::span<Person const> people) {
  writer_.must_write([&](Connection& connection) {
    for (Person const& person : people) {
      connection.run(put_person, person.id, person.name, person.full_name, person.unit, canonical(person.roles),
                     person.password_hash, std::int64_t{person.active});
    }
  });
}

std::optional<Person> People::find_by_name(std::string const& name) { return find(readers_, find_name, name); }
std::optional<Person> People::find_person(std::string const& id) { return find(readers_, find_id, id); }

std::vector<Person> People::list_people() {
  auto const reader = readers_.lease();
  std::vector<Person> people;
  auto rows = reader->query(list_all);
  while (rows.step()) { people.push_back(person_from_row(rows)); }
  return people;
}

void People::put_session(Session const& session) {
  writer_.must_write([&](Connection& connection) {
    connection.run(drop_expired, seconds(session.created));
    connection.run(put_token, session.token_hash, session.person, seconds(session.created), seconds(session.expires));
  });
}

std::optional<Session> People::find_session(std::string const& token_hash) {
  auto const reader = readers_.lease();
  auto row = reader->query(find_token, token_hash);
  if (!row.step()) { return std::nullopt; }
  return Session{.token_hash = row.text(0),
                 .person = row.text(1),
                 .created = instant(row.integer(2)),
                 .expires = instant(row.integer(3))};
}

void People::drop_session(std::string const& token_hash) {
  writer_.must_write([&](Connection& connection) { connection.run(drop_token, token_hash); });
}

}  // namespace bihuan::sqlite
