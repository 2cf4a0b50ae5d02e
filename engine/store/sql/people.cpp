// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/people.hpp"

#include "engine/core/json.hpp"
#include "engine/core/message.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql put_whole{
    "person put",
    "INSERT INTO person (id, name, full_name, unit, roles, password_hash, active, duty_leader, must_change)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, full_name = excluded.full_name, unit = "
    "excluded.unit,"
    " roles = excluded.roles, password_hash = excluded.password_hash, active = excluded.active,"
    " duty_leader = excluded.duty_leader, must_change = excluded.must_change, revision = person.revision + 1"};
constexpr Sql add_person{
    "person add",
    "INSERT INTO person (id, name, full_name, unit, roles, password_hash, active, duty_leader, must_change)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr Sql change_person{
    "person change",
    "UPDATE person SET name = ?2, full_name = ?3, unit = ?4, roles = ?5, active = ?6, duty_leader = ?7,"
    " revision = revision + 1 WHERE id = ?1 AND revision = ?8"};
constexpr Sql replace_duty_leader{"duty leader replace",
                                  "UPDATE person SET duty_leader = 0, revision = revision + 1 WHERE unit = ? "
                                  "AND duty_leader = 1 AND id <> ?"};
constexpr Sql name_holder{"person name", "SELECT id FROM person WHERE name = ?"};
constexpr Sql change_password{
    "password put", "UPDATE person SET password_hash = ?2, must_change = ?3, revision = revision + 1 WHERE id = ?1"};
constexpr Sql find_name{
    "person by name",
    "SELECT id, name, full_name, unit, roles, password_hash, active, duty_leader, must_change, revision, has_factor"
    " FROM account WHERE name = ?"};
constexpr Sql find_id{
    "person find",
    "SELECT id, name, full_name, unit, roles, password_hash, active, duty_leader, must_change, revision, has_factor"
    " FROM account WHERE id = ?"};
constexpr Sql list_all{
    "person list",
    "SELECT id, name, full_name, unit, roles, password_hash, active, duty_leader, must_change, revision, has_factor"
    " FROM account ORDER BY id"};

std::optional<Person> find_in(Connection& connection, Sql const& sql, std::string const& key) {
  auto row = connection.query(sql, key);
  if (!row.step()) {
    return std::nullopt;
  }
  return person_from_row(row);
}

void run_whole(Connection& connection, Sql const& sql, Person const& person) {
  connection.run(sql, person.id, person.name, person.full_name, person.unit, canonical(person.roles),
                 person.password_hash, std::int64_t{person.active}, std::int64_t{person.duty_leader},
                 std::int64_t{person.must_change_password});
}

bool is_taken(Connection& connection, Person const& person) {
  auto row = connection.query(name_holder, person.name);
  return row.step() && row.view(0) != person.id;
}

}  // namespace

Person person_from_row(Statement const& row) {
  return {.id = row.text(0),
          .name = row.text(1),
          .full_name = row.text(2),
          .unit = row.text(3),
          .roles = Json::parse(row.view(4)).get<std::vector<std::string>>(),
          .password_hash = row.text(5),
          .active = row.integer(6) != 0,
          .duty_leader = row.integer(7) != 0,
          .must_change_password = row.integer(8) != 0,
          .second_factor = row.integer(10) != 0,
          .revision = row.integer(9)};
}

void People::put_people(std::span<Person const> people) {
  writer_.must_write([&](Connection& connection) {
    for (Person const& person : people) {
      run_whole(connection, put_whole, person);
    }
  });
}

Result<Person> People::put_person(Person const& person, std::int64_t expected_revision) {
  std::optional<Person> stored;
  auto const done = writer_.write([&](Connection& connection) -> Result<void> {
    connection.hold("person");
    if (is_taken(connection, person)) {
      return refused(refusal(Code::name_taken, "/name", {{"name", person.name}}));
    }
    if (person.duty_leader) {
      connection.run(replace_duty_leader, person.unit, person.id);
    }
    if (expected_revision == 0) {
      run_whole(connection, add_person, person);
    } else if (connection.run(change_person, person.id, person.name, person.full_name, person.unit,
                              canonical(person.roles), std::int64_t{person.active}, std::int64_t{person.duty_leader},
                              expected_revision) == 0) {
      return refused(refusal(Code::conflict, {}));
    }
    stored = find_in(connection, find_id, person.id);
    return {};
  });
  if (!done) {
    return refused(done.error());
  }
  return std::move(*stored);
}

void People::set_password(std::string const& person, std::string const& hash, bool must_change) {
  writer_.must_write(
      [&](Connection& connection) { connection.run(change_password, person, hash, std::int64_t{must_change}); });
}

std::optional<Person> People::find_by_name(std::string const& name) {
  auto const reader = readers_.lease();
  return find_in(*reader, find_name, name);
}

std::optional<Person> People::find_person(std::string const& id) {
  auto const reader = readers_.lease();
  return find_in(*reader, find_id, id);
}

std::vector<Person> People::list_people() {
  auto const reader = readers_.lease();
  std::vector<Person> people;
  auto rows = reader->query(list_all);
  while (rows.step()) {
    people.push_back(person_from_row(rows));
  }
  return people;
}

}  // namespace bihuan::sql
