// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sqlite/schema.hpp"

#include <array>
#include <string>

#include "engine/core/message.hpp"

namespace bihuan::sqlite {
namespace {

// Instants are seconds since 1970. `due` and `warn` of a case that has no running deadline are the largest
// integer, so that one index holds every case in the order in which it is due.
//
// `cases`, `party` and `deadline` hold what lists are walked by; a case as a whole is its `body`. The columns
// are kept with it by the one function that writes cases (case_rows.cpp).
constexpr SchemaChange first_case_schema{"cases, people, search", R"sql(
CREATE TABLE definition (
  id TEXT NOT NULL, version TEXT NOT NULL, hash TEXT NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (id, version)) STRICT, WITHOUT ROWID;

CREATE TABLE person (
  id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE, full_name TEXT NOT NULL, unit TEXT NOT NULL,
  roles TEXT NOT NULL, password_hash TEXT NOT NULL, active INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  token_hash TEXT NOT NULL PRIMARY KEY, person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  created INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX session_person ON session (person);
CREATE INDEX session_expires ON session (expires);

CREATE TABLE counter (scope TEXT NOT NULL PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  number TEXT NOT NULL UNIQUE,
  workflow TEXT NOT NULL,
  version TEXT NOT NULL,
  state TEXT NOT NULL,
  final INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  revision INTEGER NOT NULL,
  title TEXT NOT NULL,
  opener TEXT NOT NULL,
  opener_unit TEXT NOT NULL,
  category TEXT NOT NULL,
  opened INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  due INTEGER NOT NULL,
  warn INTEGER NOT NULL,
  wakeup INTEGER,
  owner_party TEXT NOT NULL,
  head_hash TEXT NOT NULL,
  search_hash INTEGER NOT NULL,
  body TEXT NOT NULL) STRICT;
CREATE INDEX cases_opened ON cases (opened, id);
CREATE INDEX cases_workflow_opened ON cases (workflow, opened, id);
CREATE INDEX cases_opener_opened ON cases (opener, opened, id);
CREATE INDEX cases_due ON cases (due, id);
CREATE INDEX cases_workflow_due ON cases (workflow, due, id);
CREATE INDEX cases_changed ON cases (changed, id);
CREATE INDEX cases_version ON cases (workflow, version);
CREATE INDEX cases_wakeup ON cases (wakeup, id) WHERE wakeup IS NOT NULL;

CREATE TABLE party (
  case_id TEXT NOT NULL REFERENCES cases (id),
  party TEXT NOT NULL,
  unit TEXT NOT NULL,
  person TEXT NOT NULL,
  first_of_unit INTEGER NOT NULL,  -- a unit may hold several parts in a case and is listed once
  owns_step INTEGER NOT NULL,
  opened INTEGER NOT NULL,
  due INTEGER NOT NULL,
  PRIMARY KEY (case_id, party, unit, person)) STRICT, WITHOUT ROWID;
CREATE INDEX party_worklist ON party (unit, due, case_id) WHERE owns_step = 1;
CREATE INDEX party_opened ON party (unit, opened, case_id) WHERE first_of_unit = 1;
CREATE INDEX party_due ON party (unit, due, case_id) WHERE first_of_unit = 1;

CREATE TABLE deadline (
  case_id TEXT NOT NULL REFERENCES cases (id),
  name TEXT NOT NULL,
  cycle INTEGER NOT NULL,
  owner TEXT NOT NULL,
  workflow TEXT NOT NULL,
  state TEXT NOT NULL,
  started INTEGER NOT NULL,
  due INTEGER NOT NULL,
  warn INTEGER NOT NULL,
  hard_due INTEGER,
  stopped INTEGER,
  first_of_owner INTEGER NOT NULL,  -- the earliest due of those that run for this owner
  owner_warn INTEGER NOT NULL,      -- the earliest warning of those, on the first row
  PRIMARY KEY (case_id, name, cycle)) STRICT, WITHOUT ROWID;
CREATE INDEX deadline_due ON deadline (owner, due, case_id) WHERE first_of_owner = 1;

CREATE TABLE event (
  sequence INTEGER PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  revision INTEGER NOT NULL,
  place INTEGER NOT NULL,  -- within the revision
  hash TEXT NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (case_id, revision, place)) STRICT;

CREATE TABLE link (
  case_id TEXT NOT NULL REFERENCES cases (id),
  name TEXT NOT NULL,
  outward INTEGER NOT NULL,
  other TEXT NOT NULL,
  workflow TEXT NOT NULL,
  state TEXT NOT NULL,
  outcome TEXT NOT NULL,
  final INTEGER NOT NULL,
  PRIMARY KEY (case_id, name, outward, other)) STRICT, WITHOUT ROWID;
CREATE INDEX link_other ON link (other);

CREATE TABLE document (
  sha256 TEXT NOT NULL,
  case_id TEXT NOT NULL REFERENCES cases (id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (sha256, case_id, kind)) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
  person TEXT NOT NULL, key TEXT NOT NULL, request_hash TEXT NOT NULL,
  case_id TEXT NOT NULL, revision INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (person, key)) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  sequence INTEGER PRIMARY KEY, kind TEXT NOT NULL, case_id TEXT NOT NULL, body TEXT NOT NULL,
  at INTEGER NOT NULL) STRICT;

CREATE VIRTUAL TABLE search USING fts5 (tokens, tokenize = 'unicode61 remove_diacritics 2');

-- Written to by check(), so that a store that cannot be written is seen before somebody's work is refused.
CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL) STRICT;
INSERT INTO probe VALUES (1, 0);
)sql"};

constexpr SchemaChange audit_schema{"audit of reading", R"sql(
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  person TEXT NOT NULL,
  unit TEXT NOT NULL,
  case_id TEXT NOT NULL,
  address TEXT NOT NULL,
  detail TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL) STRICT;
CREATE INDEX audit_at ON audit (at, sequence);
CREATE INDEX audit_person ON audit (person, at, sequence);
CREATE INDEX audit_case ON audit (case_id, at, sequence) WHERE case_id <> '';
CREATE INDEX audit_kind ON audit (kind, at, sequence);

CREATE TABLE audit_ends (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  purged_sequence INTEGER NOT NULL, purged_hash TEXT NOT NULL,
  last_sequence INTEGER NOT NULL, last_hash TEXT NOT NULL) STRICT;
INSERT INTO audit_ends VALUES (1, 0, '', 0, '');

-- Against mistakes; who can drop these is found out by the chain.
CREATE TRIGGER audit_unchanging BEFORE UPDATE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit is not changed'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit WHEN old.sequence > (SELECT purged_sequence FROM audit_ends)
BEGIN SELECT RAISE (ABORT, 'the audit is kept until it is purged'); END;
)sql"};

constexpr SchemaChange accounts_schema{"accounts", R"sql(
ALTER TABLE person ADD COLUMN duty_leader INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX person_duty_leader ON person (unit) WHERE duty_leader = 1;

ALTER TABLE session ADD COLUMN last_used INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';
UPDATE session SET last_used = created;

CREATE TABLE token (
  id TEXT NOT NULL PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE,
  person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  scope INTEGER NOT NULL,  -- 0 read, 1 act, 2 admin
  created INTEGER NOT NULL, expires INTEGER NOT NULL, last_used INTEGER) STRICT, WITHOUT ROWID;
CREATE INDEX token_person ON token (person, created, id);

CREATE TABLE second_factor (
  person TEXT NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
  secret TEXT NOT NULL,
  confirmed INTEGER NOT NULL DEFAULT 0,
  last_step INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE VIEW account AS
  SELECT id, name, full_name, unit, roles, password_hash, active, duty_leader, must_change, revision,
    EXISTS (SELECT 1 FROM second_factor WHERE person = id AND confirmed = 1) AS has_factor FROM person;
)sql"};

constexpr SchemaChange substitutes_schema{"substitutes", R"sql(
CREATE TABLE substitution (
  id TEXT NOT NULL PRIMARY KEY, absent TEXT NOT NULL REFERENCES person (id), substitute TEXT NOT NULL REFERENCES person (id),
  starts INTEGER NOT NULL, ends INTEGER NOT NULL, recorded_by TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX substitution_absent ON substitution (absent, starts);
CREATE INDEX substitution_substitute ON substitution (substitute, starts);
)sql"};

constexpr SchemaChange units_schema{"units", R"sql(
CREATE TABLE unit (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title_zh TEXT NOT NULL, title_en TEXT NOT NULL, kind TEXT NOT NULL,
  parent TEXT NOT NULL, dissolved INTEGER NOT NULL, revision INTEGER NOT NULL DEFAULT 1) STRICT;
)sql"};

constexpr SchemaChange work_lists_schema{"closed, pending, handled", R"sql(
ALTER TABLE cases ADD COLUMN closed INTEGER;
UPDATE cases SET closed = (
  SELECT unixepoch(min(json_extract(e.body, '$.at'))) FROM event e
  WHERE e.case_id = cases.id AND json_extract(e.body, '$.type') IN ('opened', 'transitioned')
    AND json_extract(e.body, '$.body.final') = 1 AND e.sequence > coalesce((
      SELECT max(o.sequence) FROM event o
      WHERE o.case_id = cases.id AND json_extract(o.body, '$.type') IN ('opened', 'transitioned')
        AND json_extract(o.body, '$.body.final') = 0), 0))
  WHERE final = 1;
UPDATE cases SET body = json_set(body, '$.closed', closed) WHERE closed IS NOT NULL;
CREATE INDEX cases_closed ON cases (closed, id) WHERE closed IS NOT NULL;

-- How many requests wait for a second person.
ALTER TABLE cases ADD COLUMN pending INTEGER NOT NULL DEFAULT 0;
UPDATE cases SET pending = json_array_length(body, '$.pending') WHERE json_type(body, '$.pending') = 'array';
CREATE INDEX cases_pending ON cases (opened, id) WHERE pending > 0;

-- Who acted in which case.
CREATE TABLE handled (
  person TEXT NOT NULL, opened INTEGER NOT NULL, case_id TEXT NOT NULL REFERENCES cases (id),
  PRIMARY KEY (person, opened, case_id)) STRICT, WITHOUT ROWID;
INSERT INTO handled
  SELECT DISTINCT json_extract(e.body, '$.actor.person'), c.opened, c.id FROM event e JOIN cases c ON c.id = e.case_id
  WHERE coalesce(json_extract(e.body, '$.actor.person'), 'system') <> 'system';
)sql"};

constexpr SchemaChange encrypted_secrets_schema{"encrypted secrets", R"sql(
-- By the key beside the database; what is not yet, is encrypted when the store is opened.
ALTER TABLE second_factor ADD COLUMN encrypted INTEGER NOT NULL DEFAULT 0;
)sql"};

constexpr SchemaChange reached_schema{"states reached", R"sql(
-- Which states each case has ever been in.
CREATE TABLE reached (
  workflow TEXT NOT NULL, state TEXT NOT NULL, opened INTEGER NOT NULL, case_id TEXT NOT NULL REFERENCES cases (id),
  PRIMARY KEY (workflow, state, opened, case_id)) STRICT, WITHOUT ROWID;
INSERT INTO reached SELECT c.workflow, v.key, c.opened, c.id FROM cases c, json_each(c.body, '$.visits') v;
)sql"};

constexpr SchemaChange places_schema{"places", R"sql(
-- Where cases are, in millionths of a degree; `row` is that of the case.
CREATE VIRTUAL TABLE place USING rtree_i32 (row, south, north, west, east);
INSERT INTO place SELECT row, latitude, latitude, longitude, longitude FROM (
  SELECT row, CAST(round(json_extract(body, '$.fields.place.latitude') * 1000000) AS INTEGER) AS latitude,
    CAST(round(json_extract(body, '$.fields.place.longitude') * 1000000) AS INTEGER) AS longitude
  FROM cases WHERE json_type(body, '$.fields.place.latitude') IN ('integer', 'real')
    AND json_type(body, '$.fields.place.longitude') IN ('integer', 'real'));
)sql"};

constexpr SchemaChange seals_schema{"seals", R"sql(
-- The log of all events: what each seal added, and the hashes of its tree in tiles (seals.hpp).
CREATE TABLE seal (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL, size INTEGER NOT NULL, root TEXT NOT NULL, previous TEXT NOT NULL,
  key TEXT NOT NULL, signature TEXT NOT NULL,
  decoys INTEGER NOT NULL, salt TEXT NOT NULL, first_sequence INTEGER NOT NULL, events INTEGER NOT NULL) STRICT;
CREATE INDEX seal_sequence ON seal (first_sequence);
CREATE TABLE seal_tile (
  level INTEGER NOT NULL, place INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, place)) STRICT;
)sql"};

constexpr SchemaChange other_systems_schema{"feeds, webhooks, imports", R"sql(
CREATE TABLE feed (
  id TEXT NOT NULL PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE,
  person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  name TEXT NOT NULL, filter TEXT NOT NULL, created INTEGER NOT NULL, last_used INTEGER) STRICT, WITHOUT ROWID;
CREATE INDEX feed_person ON feed (person, created, id);

CREATE TABLE webhook (
  id TEXT NOT NULL PRIMARY KEY, person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  url TEXT NOT NULL, types TEXT NOT NULL, filter TEXT NOT NULL, created INTEGER NOT NULL, active INTEGER NOT NULL,
  told_up_to INTEGER NOT NULL, attempts INTEGER NOT NULL, next_attempt INTEGER, last_fault TEXT NOT NULL)
  STRICT, WITHOUT ROWID;
CREATE INDEX webhook_person ON webhook (person, created, id);
-- Encrypted by the key beside the database.
CREATE TABLE webhook_secret (
  id TEXT NOT NULL PRIMARY KEY, webhook TEXT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
  secret TEXT NOT NULL, made INTEGER NOT NULL, retires INTEGER) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_secret_of ON webhook_secret (webhook, made);
CREATE TABLE dead_letter (
  webhook TEXT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE, id TEXT NOT NULL, case_id TEXT NOT NULL,
  revision INTEGER NOT NULL, attempts INTEGER NOT NULL, fault TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (webhook, id)) STRICT, WITHOUT ROWID;

-- Rows of ledgers from elsewhere, and what they became.
CREATE TABLE imported (
  source TEXT NOT NULL, key TEXT NOT NULL, case_id TEXT NOT NULL REFERENCES cases (id),
  PRIMARY KEY (source, key)) STRICT, WITHOUT ROWID;
)sql"};

constexpr SchemaChange rows_by_opening_schema{"rows by opening", R"sql(
-- Rows in the order in which cases were opened, so that a search finds them in that order (rows_of_a_second).
CREATE TABLE moved (old INTEGER PRIMARY KEY, new INTEGER NOT NULL) STRICT;
INSERT INTO moved SELECT row, opened * 16777216 + row_number() OVER (PARTITION BY opened ORDER BY id) - 1 FROM cases;
CREATE VIRTUAL TABLE search_by_opening USING fts5 (tokens, tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO search_by_opening (rowid, tokens)
  SELECT m.new, s.tokens FROM moved m JOIN search s ON s.rowid = m.old ORDER BY m.new;
DROP TABLE search;
ALTER TABLE search_by_opening RENAME TO search;
CREATE TABLE moved_place AS SELECT m.new AS row, p.south, p.west FROM place p JOIN moved m ON m.old = p.row;
DELETE FROM place;
INSERT INTO place SELECT row, south, south, west, west FROM moved_place;
DROP TABLE moved_place;
UPDATE cases SET row = (SELECT new FROM moved WHERE old = row);
DROP TABLE moved;
)sql"};

constexpr SchemaChange states_schema{"states and counts", R"sql(
CREATE INDEX cases_state_opened ON cases (workflow, state, opened, id);
-- All that counts ask of a case, without its body, in the order in which the rows of parties and deadlines stand.
CREATE INDEX cases_counted ON cases (id, workflow, version, state, category, final, due, warn);
)sql"};

constexpr SchemaChange first_attachment_schema{"attachments", R"sql(
-- Bytes in chunks. Without a hash while they are still being uploaded; what is left so by a crash is purged at start.
CREATE TABLE attachment (
  blob INTEGER PRIMARY KEY, sha256 TEXT UNIQUE, size INTEGER NOT NULL) STRICT;
CREATE TABLE chunk (
  row INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES attachment (blob) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (blob, place)) STRICT;
CREATE TABLE upload (
  sha256 TEXT NOT NULL REFERENCES attachment (sha256),
  uploader TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  PRIMARY KEY (sha256, uploader)) STRICT, WITHOUT ROWID;
)sql"};

constexpr std::array case_changes{first_case_schema, audit_schema, accounts_schema,          substitutes_schema,
                                  work_lists_schema, units_schema, encrypted_secrets_schema, reached_schema,
                                  places_schema,     seals_schema, other_systems_schema,     rows_by_opening_schema,
                                  states_schema};
constexpr std::array attachment_changes{first_attachment_schema};

}  // namespace

std::span<SchemaChange const> case_schema() {
  return case_changes;
}
std::span<SchemaChange const> attachment_schema() {
  return attachment_changes;
}

Result<void> check_not_newer(Connection& connection, std::span<SchemaChange const> changes) {
  auto const found = connection.pragma("user_version");
  if (found <= static_cast<std::int64_t>(changes.size())) {
    return {};
  }
  return refused(
      refusal(Code::newer_store, {}, {{"found", std::to_string(found)}, {"known", std::to_string(changes.size())}}));
}

void bring_up_to_date(Connection& connection, std::span<SchemaChange const> changes) {
  auto const has = static_cast<std::size_t>(connection.pragma("user_version"));
  for (std::size_t number = has; number < changes.size(); ++number) {
    Transaction transaction(connection);
    connection.execute(changes[number].name, changes[number].script);
    connection.execute("user_version", ("PRAGMA user_version = " + std::to_string(number + 1)).c_str());
    transaction.commit();
  }
}

}  // namespace bihuan::sqlite
