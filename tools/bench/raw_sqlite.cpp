// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/raw_sqlite.hpp"

#include <sqlite3.h>

#include <stdexcept>
#include <string>

namespace bihuan::bench {
namespace {

constexpr char schema[] = R"sql(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE cases (id INTEGER PRIMARY KEY, state TEXT NOT NULL, revision INTEGER NOT NULL, changed INTEGER NOT NULL,
  body TEXT NOT NULL) STRICT;
CREATE TABLE event (sequence INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, revision INTEGER NOT NULL,
  body TEXT NOT NULL) STRICT;
)sql";

std::string const event_body(400, 'x');

}  // namespace

RawSqlite::RawSqlite(std::filesystem::path const& file, std::size_t cases) : cases_(cases) {
  if (sqlite3_open(file.c_str(), &handle_) != SQLITE_OK) throw std::runtime_error("raw SQLite does not open");
  execute(schema);
  begin_ = prepare("BEGIN IMMEDIATE");
  update_ = prepare("UPDATE cases SET state = ?, revision = revision + 1, changed = ? WHERE id = ? RETURNING revision");
  insert_ = prepare("INSERT INTO event (case_id, revision, body) VALUES (?, ?, ?)");
  commit_ = prepare("COMMIT");
  fill();
}

RawSqlite::~RawSqlite() {
  for (auto* const statement : {begin_, update_, insert_, commit_}) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

void RawSqlite::fill() {
  execute(("BEGIN; WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " +
           std::to_string(cases_) +
           ") INSERT INTO cases SELECT i, 'rectifying', 1, 0, hex(zeroblob(300)) FROM n; COMMIT;")
              .c_str());
}

void RawSqlite::advance() {
  auto const id = static_cast<sqlite3_int64>(next_++ % cases_);
  finish(begin_);
  sqlite3_bind_text(update_, 1, "rectifying", -1, SQLITE_STATIC);
  sqlite3_bind_int64(update_, 2, static_cast<sqlite3_int64>(next_));
  sqlite3_bind_int64(update_, 3, id);
  if (sqlite3_step(update_) != SQLITE_ROW) throw std::runtime_error("raw SQLite lost a case");
  auto const revision = sqlite3_column_int64(update_, 0);
  finish(update_);
  sqlite3_bind_int64(insert_, 1, id);
  sqlite3_bind_int64(insert_, 2, revision);
  sqlite3_bind_text(insert_, 3, event_body.data(), static_cast<int>(event_body.size()), SQLITE_STATIC);
  finish(insert_);
  finish(commit_);
}

void RawSqlite::execute(char const* script) {
  if (sqlite3_exec(handle_, script, nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(handle_));
}

sqlite3_stmt* RawSqlite::prepare(char const* text) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle_, text, -1, &statement, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(handle_));
  return statement;
}

void RawSqlite::finish(sqlite3_stmt* statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(handle_));
  sqlite3_reset(statement);
}

}  // namespace bihuan::bench
