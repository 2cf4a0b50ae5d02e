// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/store/sql/case_rows.hpp"
#include "engine/store/sql/people.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql put_session_row{
    "session put",
    "INSERT INTO session (token_hash, person, created, expires, last_used, address) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (token_hash) DO UPDATE SET person = excluded.person, created = excluded.created, expires = "
    "excluded.expires,"
    " last_used = excluded.last_used, address = excluded.address"};
constexpr Sql drop_expired{"session expire", "DELETE FROM session WHERE expires <= ?"};
// Who asks is found out with every request, and in one query: with it whether they may stand in for somebody.
constexpr Sql find_session_row{
    "session find",
    "SELECT a.id, a.name, a.full_name, a.unit, a.roles, a.password_hash, a.active, a.duty_leader, a.must_change,"
    " a.revision, a.has_factor, EXISTS (SELECT 1 FROM substitution WHERE substitute = a.id),"
    " s.token_hash, s.person, s.created, s.expires, s.last_used, s.address"
    " FROM session s JOIN account a ON a.id = s.person WHERE s.token_hash = ?"};
constexpr Sql list_session_rows{"session list",
                                "SELECT token_hash, person, created, expires, last_used, address FROM session"
                                " WHERE person = ? ORDER BY created DESC, token_hash"};
// Two requests at once may write in either order; the later use stays.
constexpr Sql touch_session_row{"session touch",
                                "UPDATE session SET last_used = ?2 WHERE token_hash = ?1 AND last_used < ?2"};
constexpr Sql drop_session_row{"session drop", "DELETE FROM session WHERE token_hash = ?"};
constexpr Sql drop_session_rows{"session drop all", "DELETE FROM session WHERE person = ? AND token_hash <> ?"};

constexpr Sql put_token_row{"token put",
                            "INSERT INTO token (id, token_hash, person, name, scope, created, expires)"
                            " VALUES (?, ?, ?, ?, ?, ?, ?)"};
constexpr Sql find_token_row{
    "token find",
    "SELECT a.id, a.name, a.full_name, a.unit, a.roles, a.password_hash, a.active, a.duty_leader, a.must_change,"
    " a.revision, a.has_factor, EXISTS (SELECT 1 FROM substitution WHERE substitute = a.id),"
    " t.id, t.token_hash, t.person, t.name, t.scope, t.created, t.expires, t.last_used"
    " FROM token t JOIN account a ON a.id = t.person WHERE t.token_hash = ?"};
constexpr Sql list_token_rows{"token list",
                              "SELECT id, token_hash, person, name, scope, created, expires, last_used FROM token"
                              " WHERE person = ? ORDER BY created, id"};
constexpr Sql touch_token_row{"token touch",
                              "UPDATE token SET last_used = ?2 WHERE id = ?1 AND coalesce(last_used, 0) < ?2"};
constexpr Sql drop_token_row{"token drop", "DELETE FROM token WHERE person = ? AND id = ?"};
constexpr Sql drop_token_rows{"token drop all", "DELETE FROM token WHERE person = ?"};

constexpr int behind_person = 12;  // the columns of whose it is come first

Session session_from_row(Statement const& row, int first = 0) {
  return {.token_hash = row.text(first),
          .person = row.text(first + 1),
          .created = instant(row.integer(first + 2)),
          .expires = instant(row.integer(first + 3)),
          .last_used = instant(row.integer(first + 4)),
          .address = row.text(first + 5)};
}

MachineToken token_from_row(Statement const& row, int first = 0) {
  auto const last_used = row.maybe_integer(first + 7);
  return {.id = row.text(first),
          .token_hash = row.text(first + 1),
          .person = row.text(first + 2),
          .name = row.text(first + 3),
          .scope = static_cast<TokenScope>(row.integer(first + 4)),
          .created = instant(row.integer(first + 5)),
          .expires = instant(row.integer(first + 6)),
          .last_used = last_used ? std::optional(instant(*last_used)) : std::nullopt};
}

Person holder_from_row(Statement const& row) {
  auto person = person_from_row(row);
  person.may_stand_in = row.integer(behind_person - 1) != 0;
  return person;
}

}  // namespace

void People::put_session(Session const& session) {
  writer_.must_write([&](Connection& connection) {
    connection.run(drop_expired, seconds(session.created));
    connection.run(put_session_row, session.token_hash, session.person, seconds(session.created),
                   seconds(session.expires), seconds(std::max(session.created, session.last_used)), session.address);
  });
}

std::optional<SessionOfPerson> People::find_session(std::string const& token_hash) {
  auto const reader = readers_.lease();
  auto row = reader->query(find_session_row, token_hash);
  if (!row.step()) {
    return std::nullopt;
  }
  return SessionOfPerson{.session = session_from_row(row, behind_person), .person = holder_from_row(row)};
}

void People::touch_session(std::string const& token_hash, Instant used) {
  writer_.must_write([&](Connection& connection) { connection.run(touch_session_row, token_hash, seconds(used)); });
}

std::vector<Session> People::list_sessions(std::string const& person) {
  auto const reader = readers_.lease();
  std::vector<Session> sessions;
  auto rows = reader->query(list_session_rows, person);
  while (rows.step()) {
    sessions.push_back(session_from_row(rows));
  }
  return sessions;
}

void People::drop_session(std::string const& token_hash) {
  writer_.must_write([&](Connection& connection) { connection.run(drop_session_row, token_hash); });
}

void People::drop_sessions(std::string const& person, std::string const& but_token_hash) {
  writer_.must_write([&](Connection& connection) { connection.run(drop_session_rows, person, but_token_hash); });
}

void People::put_token(MachineToken const& token) {
  writer_.must_write([&](Connection& connection) {
    connection.run(put_token_row, token.id, token.token_hash, token.person, token.name,
                   static_cast<std::int64_t>(token.scope), seconds(token.created), seconds(token.expires));
  });
}

std::optional<TokenOfPerson> People::find_token(std::string const& token_hash) {
  auto const reader = readers_.lease();
  auto row = reader->query(find_token_row, token_hash);
  if (!row.step()) {
    return std::nullopt;
  }
  return TokenOfPerson{.token = token_from_row(row, behind_person), .person = holder_from_row(row)};
}

void People::touch_token(std::string const& id, Instant used) {
  writer_.must_write([&](Connection& connection) { connection.run(touch_token_row, id, seconds(used)); });
}

std::vector<MachineToken> People::list_tokens(std::string const& person) {
  auto const reader = readers_.lease();
  std::vector<MachineToken> tokens;
  auto rows = reader->query(list_token_rows, person);
  while (rows.step()) {
    tokens.push_back(token_from_row(rows));
  }
  return tokens;
}

bool People::drop_token(std::string const& person, std::string const& id) {
  bool dropped = false;
  writer_.must_write([&](Connection& connection) { dropped = connection.run(drop_token_row, person, id) > 0; });
  return dropped;
}

void People::drop_tokens(std::string const& person) {
  writer_.must_write([&](Connection& connection) { connection.run(drop_token_rows, person); });
}

}  // namespace bihuan::sql
