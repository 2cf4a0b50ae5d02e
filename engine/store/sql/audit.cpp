// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/audit.hpp"

#include <algorithm>
#include <charconv>

#include "engine/core/stored_json.hpp"
#include "engine/store/audit_chain.hpp"
#include "engine/store/sql/case_rows.hpp"
#include "engine/store/sql/cursor.hpp"
#include "engine/store/sql/visible.hpp"

namespace bihuan::sql {
namespace {

constexpr std::int64_t walk_at_once = 1000;     // rows: some databases hand over an answer as a whole
constexpr std::int64_t purge_at_once = 10'000;  // rows; a longer transaction would keep other writers waiting

constexpr Sql read_ends{"audit ends", "SELECT purged_sequence, purged_hash, last_sequence, last_hash FROM audit_ends"};
// For who moves them, one at a time.
constexpr Sql lock_ends{"audit ends lock",
                        "SELECT purged_sequence, purged_hash, last_sequence, last_hash FROM audit_ends",
                        "SELECT purged_sequence, purged_hash, last_sequence, last_hash FROM audit_ends FOR UPDATE"};
constexpr Sql write_ends{
    "audit ends move", "UPDATE audit_ends SET purged_sequence = ?, purged_hash = ?, last_sequence = ?, last_hash = ?"};
constexpr Sql insert_row{
    "audit append",
    "INSERT INTO audit (sequence, at, kind, person, unit, case_id, address, detail, previous, hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr Sql all_rows{"audit walk",
                       "SELECT sequence, at, kind, person, unit, case_id, address, detail, previous, hash FROM audit"
                       " WHERE sequence > ? ORDER BY sequence LIMIT ?"};
// A clock that stepped back leaves older rows behind younger ones: only what stands in front of every younger
// row goes.
constexpr Sql first_kept{"audit first kept",
                         "SELECT sequence FROM audit WHERE sequence > ? AND at >= ? ORDER BY sequence LIMIT 1"};
constexpr Sql hash_at{"audit hash", "SELECT hash FROM audit WHERE sequence = ?"};
constexpr Sql delete_front{"audit purge", "DELETE FROM audit WHERE sequence <= ?"};

AuditEnds ends_of(Connection& connection, Sql const& sql) {
  auto row = connection.query(sql);
  if (!row.step()) {
    throw StoreFault("the audit has lost the record of its ends");
  }
  return {.purged_sequence = row.integer(0),
          .purged_hash = row.text(1),
          .last_sequence = row.integer(2),
          .last_hash = row.text(3)};
}

AuditEvent event_from_row(Statement const& row) {
  auto const kind = parse_audit_kind(row.view(2));
  auto detail = read_stored_json(row.view(7));
  if (!kind || !detail) {
    throw StoreFault("row " + std::to_string(row.integer(0)) + " of the audit cannot be read");
  }
  return {.sequence = row.integer(0),
          .at = instant(row.integer(1)),
          .kind = *kind,
          .person = row.text(3),
          .unit = row.text(4),
          .case_id = row.text(5),
          .address = row.text(6),
          .detail = std::move(*detail),
          .previous = row.text(8),
          .hash = row.text(9)};
}

void append_to(Connection& connection, std::vector<AuditEvent>& events, AuditEnds ends) {
  chain(events, ends);
  for (AuditEvent const& event : events) {
    auto const detail = canonical(event.detail);
    connection.send(insert_row, event.sequence, seconds(event.at), audit_kind_name(event.kind), event.person,
                    event.unit, event.case_id, event.address, detail, event.previous, event.hash);
  }
  connection.run(write_ends, ends.purged_sequence, ends.purged_hash, ends.last_sequence, ends.last_hash);
}

// The last row that may go, or 0.
std::int64_t last_to_go(Connection& connection, AuditEnds const& ends, Instant before) {
  auto row = connection.query(first_kept, ends.purged_sequence, seconds(before));
  auto const last = row.step() ? row.integer(0) - 1 : ends.last_sequence;
  return std::min(last, ends.purged_sequence + purge_at_once);
}

std::string hash_of_row(Connection& connection, std::int64_t sequence) {
  auto row = connection.query(hash_at, sequence);
  if (!row.step()) {
    throw StoreFault("row " + std::to_string(sequence) + " of the audit is gone");
  }
  return row.text(0);
}

std::string asked(AuditQuery const& query) {
  auto const opt = [](auto const& value) { return value ? Json(*value) : Json(); };
  return canonical({"audit", opt(query.person), opt(query.case_id),
                    query.kind ? Json(audit_kind_name(*query.kind)) : Json(), opt(seconds(query.from)),
                    opt(seconds(query.to))});
}

std::int64_t number_of(std::string const& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Composed compose(AuditQuery const& query, std::optional<Position> const& after) {
  Composed rows{.text =
                    "SELECT sequence, at, kind, person, unit, case_id, address, detail, previous, hash FROM "
                    "audit WHERE true",
                .values = {}};
  if (query.person) {
    rows.add(" AND person = ?", *query.person);
  }
  if (query.case_id) {
    rows.add(" AND case_id <> '' AND case_id = ?", *query.case_id);
  }
  if (query.kind) {
    rows.add(" AND kind = ?", std::string(audit_kind_name(*query.kind)));
  }
  if (query.from) {
    rows.add(" AND at >= ?", seconds(*query.from));
  }
  if (query.to) {
    rows.add(" AND at <= ?", seconds(*query.to));
  }
  if (after) {
    rows.add(" AND (at, sequence) < (?, ", after->key).add("?)", number_of(after->id));
  }
  return rows.add(" ORDER BY at DESC, sequence DESC LIMIT ?", static_cast<std::int64_t>(query.limit) + 1);
}

}  // namespace

Result<void> Audit::append(std::vector<AuditEvent> events) {
  if (events.empty()) {
    return {};
  }
  return writer_.write([&](Connection& connection) -> Result<void> {
    append_to(connection, events, ends_of(connection, lock_ends));
    return {};
  });
}

Result<Page<AuditEvent>> Audit::list(AuditQuery const& query) {
  auto const name = asked(query);
  auto const position = position_of(query.cursor, name);
  if (!position) {
    return refused(position.error());
  }
  auto const composed = compose(query, *position);
  auto const reader = readers_.lease();
  ComposedQuery rows(*reader, "audit list", composed);
  Page<AuditEvent> page;
  while (rows->step()) {
    if (page.items.size() == query.limit) {
      auto const& last = page.items.back();
      page.next_cursor = cursor_of({.key = seconds(last.at), .id = std::to_string(last.sequence)}, name);
      break;
    }
    page.items.push_back(event_from_row(*rows));
  }
  return page;
}

std::int64_t Audit::purge(Instant before, Instant now) {
  std::int64_t gone = 0;
  writer_.must_write([&](Connection& connection) {
    auto ends = ends_of(connection, lock_ends);
    auto const last = last_to_go(connection, ends, before);
    gone = last - ends.purged_sequence;
    if (gone <= 0) {
      return;
    }
    ends.purged_hash = hash_of_row(connection, last);
    ends.purged_sequence = last;
    std::vector<AuditEvent> record(1);
    record.front().at = now;
    record.front().kind = AuditKind::audit_purged;
    record.front().detail = purge_detail(last, ends.purged_hash, gone);
    append_to(connection, record, ends);
    connection.run(delete_front, last);
  });
  return gone;
}

AuditEnds Audit::for_each(std::function<void(AuditEvent const&)> const& each) {
  auto const reader = readers_.lease();
  Transaction const one_moment(*reader, Transaction::Kind::read);
  auto ends = ends_of(*reader, read_ends);
  std::int64_t last = 0;
  for (auto count = walk_at_once; count == walk_at_once;) {
    count = 0;
    for (auto rows = reader->query(all_rows, last, walk_at_once); rows.step(); ++count) {
      auto const event = event_from_row(rows);
      last = event.sequence;
      each(event);
    }
  }
  return ends;
}

}  // namespace bihuan::sql
