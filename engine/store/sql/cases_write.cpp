// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>

#include "engine/core/known_revisions.hpp"
#include "engine/core/message.hpp"
#include "engine/store/sql/cases.hpp"
#include "engine/store/sql/cases_prepare.hpp"
#include "engine/store/sql/imported.hpp"
#include "engine/store/sql/search_text.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql remember{"idempotency",
                       "INSERT INTO idempotency (person, key, request_hash, case_id, revision, at)"
                       " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"};
constexpr Sql next_number{"counter",
                          "INSERT INTO counter (scope, last) VALUES (?, 1) ON CONFLICT (scope) DO UPDATE SET"
                          " last = counter.last + 1 RETURNING last"};
// In SQLite a case's row says when it was opened (rows_of_a_second): its index of words gives cases by their rows.
constexpr Sql insert_case{
    "case insert",
    "INSERT INTO cases (id, number, workflow, version, state, final, outcome, revision, title, opener, opener_unit,"
    " category, opened, changed, due, warn, wakeup, owner_party, head_hash, search_hash, body, closed, pending, row)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
    "  coalesce((SELECT max(row) + 1 FROM cases WHERE row >= ?13 * 16777216 AND row < (?13 + 1) * 16777216),"
    "           ?13 * 16777216))"
    " ON CONFLICT (id) DO NOTHING RETURNING row",
    "INSERT INTO cases (id, number, workflow, version, state, final, outcome, revision, title, opener, opener_unit,"
    " category, opened, changed, due, warn, wakeup, owner_party, head_hash, search_hash, body, closed, pending)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO NOTHING RETURNING row"};
// Two forms, because an index is rewritten for every column that is named, changed or not.
constexpr Sql update_case{
    "case update",
    "UPDATE cases SET final = ?, outcome = ?, revision = ?, title = ?, category = ?, changed = ?, "
    "warn = ?,"
    " owner_party = ?, head_hash = ?, search_hash = ?, body = ? WHERE id = ? AND revision = ?"};
// What few commands change.
constexpr Sql update_state{"case state", "UPDATE cases SET state = ? WHERE id = ?"};
constexpr Sql update_closed{"case closed", "UPDATE cases SET closed = ? WHERE id = ?"};
constexpr Sql update_pending{"case pending", "UPDATE cases SET pending = ? WHERE id = ?"};
constexpr Sql insert_handled{"handled",
                             "INSERT INTO handled (person, opened, case_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"};
constexpr Sql insert_reached{"reached", "INSERT INTO reached (workflow, state, opened, case_id) VALUES (?, ?, ?, ?)"};
constexpr Sql put_place{"place",
                        "INSERT OR REPLACE INTO place (row, south, north, west, east)"
                        " SELECT row, ?1, ?1, ?2, ?2 FROM cases WHERE id = ?3",
                        "INSERT INTO place (row, south, north, west, east)"
                        " SELECT row, ?1::bigint, ?1::bigint, ?2::bigint, ?2::bigint FROM cases WHERE id = ?3"
                        " ON CONFLICT (row) DO UPDATE SET south = excluded.south, north = excluded.north,"
                        " west = excluded.west, east = excluded.east"};
constexpr Sql delete_place{"place delete", "DELETE FROM place WHERE row = (SELECT row FROM cases WHERE id = ?)"};
constexpr Sql update_case_and_clock{"case update with clock",
                                    "UPDATE cases SET final = ?, outcome = ?, revision = ?, title "
                                    "= ?, category = ?, changed = ?, warn = ?,"
                                    " owner_party = ?, head_hash = ?, search_hash = ?, body = ?, due = ?, "
                                    "wakeup = ? WHERE id = ? AND revision = ?"};
constexpr Sql update_version{"case version", "UPDATE cases SET version = ? WHERE id = ?"};
constexpr Sql delete_parties{"party delete", "DELETE FROM party WHERE case_id = ?"};
constexpr Sql insert_party{"party insert",
                           "INSERT INTO party (case_id, party, unit, person, first_of_unit, owns_step, opened, due)"
                           " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr Sql update_parties{
    "party clock", "UPDATE party SET owns_step = CASE WHEN party = ? THEN 1 ELSE 0 END, due = ? WHERE case_id = ?"};
constexpr Sql put_deadline{
    "deadline",
    "INSERT INTO deadline (case_id, workflow, name, cycle, owner, state, started, due, warn, hard_due, "
    "stopped,"
    " first_of_owner, owner_warn) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (case_id, name, cycle) DO UPDATE SET owner = excluded.owner, state = excluded.state, started = "
    "excluded.started,"
    " due = excluded.due, warn = excluded.warn, hard_due = excluded.hard_due, stopped = excluded.stopped,"
    " first_of_owner = excluded.first_of_owner, owner_warn = excluded.owner_warn"};
constexpr Sql delete_deadline{"deadline delete", "DELETE FROM deadline WHERE case_id = ? AND name = ? AND cycle = ?"};
constexpr Sql delete_links{"link delete", "DELETE FROM link WHERE case_id = ?"};
constexpr Sql insert_link{"link insert",
                          "INSERT INTO link (case_id, name, outward, other, workflow, state, outcome, final)"
                          " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"};
constexpr Sql insert_document{"document",
                              "INSERT INTO document (sha256, case_id, kind, name, type, size)"
                              " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"};
constexpr Sql delete_document{"document delete", "DELETE FROM document WHERE sha256 = ? AND case_id = ? AND kind = ?"};
constexpr Sql insert_search{"search insert", "INSERT INTO search (rowid, tokens) VALUES (?, ?)",
                            "INSERT INTO search (row, tokens) VALUES (?, ?::text::tsvector)"};
constexpr Sql update_search{
    "search update", "UPDATE search SET tokens = ? WHERE rowid = (SELECT row FROM cases WHERE id = ?)",
    "UPDATE search SET tokens = ?::text::tsvector WHERE row = (SELECT row FROM cases WHERE id = ?)"};
constexpr Sql insert_outbox{"outbox", "INSERT INTO outbox (kind, case_id, body, at) VALUES (?, ?, ?, ?)"};

// Of Actor::the_system, in events.
constexpr std::string_view system_person = "system";

std::string give_number(Connection& connection, std::string const& scope) {
  auto counter = connection.query(next_number, scope);
  counter.step();
  char serial[24];
  std::snprintf(serial, sizeof serial, "-%06lld", static_cast<long long>(counter.integer(0)));
  while (counter.step()) {
  }
  return scope + serial;
}

void write_parties(Connection& connection, PreparedChange const& prepared) {
  Change const& change = prepared.change;
  auto const& rows = prepared.rows;
  if (prepared.before && prepared.before->rows.parties == rows.parties) {
    if (prepared.before->row.owner_party == change.owner_party && prepared.before->rows.clock.due == rows.clock.due) {
      return;
    }
    connection.send(update_parties, change.owner_party, rows.clock.due, change.after.id);
    return;
  }
  if (prepared.before) {
    connection.send(delete_parties, change.after.id);
  }
  for (PartyRow const& row : rows.parties) {
    connection.send(insert_party, change.after.id, row.party, row.unit, row.person, std::int64_t{row.first_of_unit},
                    std::int64_t{row.party == change.owner_party}, seconds(change.after.opened), rows.clock.due);
  }
}

void write_deadlines(Connection& connection, PreparedChange const& prepared) {
  Case const& after = prepared.change.after;
  std::vector<DeadlineRow> const none;
  auto const& had = prepared.before ? prepared.before->rows.deadlines : none;
  for (DeadlineRow const& row : prepared.rows.deadlines) {
    if (std::find(had.begin(), had.end(), row) != had.end()) {
      continue;
    }
    connection.send(put_deadline, after.id, after.workflow, row.name, row.cycle, row.owner, row.state, row.started,
                    row.due, row.warn, row.hard_due, row.stopped, std::int64_t{row.first_of_owner}, row.owner_warn);
  }
  for (DeadlineRow const& row : had) {
    bool const stays = std::any_of(prepared.rows.deadlines.begin(), prepared.rows.deadlines.end(),
                                   [&](auto const& now) { return now.name == row.name && now.cycle == row.cycle; });
    if (!stays) {
      connection.send(delete_deadline, after.id, row.name, row.cycle);
    }
  }
}

void write_links(Connection& connection, PreparedChange const& prepared) {
  Case const& after = prepared.change.after;
  auto const& had = prepared.change.before.links;
  if (had == after.links) {
    return;
  }
  if (!had.empty()) {
    connection.send(delete_links, after.id);
  }
  for (Link const& link : after.links) {
    connection.send(insert_link, after.id, link.name, std::int64_t{link.outward}, link.other, link.workflow, link.state,
                    link.outcome, std::int64_t{link.final});
  }
}

// Documents are only ever added; a case that moves to another version may take them along under another kind.
void write_documents(Connection& connection, PreparedChange const& prepared) {
  std::vector<DocumentRow> const none;
  auto const& had = prepared.before ? prepared.before->rows.documents : none;
  for (DocumentRow const& row : prepared.rows.documents) {
    if (std::find(had.begin(), had.end(), row) != had.end()) {
      continue;
    }
    connection.send(insert_document, row.sha256, prepared.change.after.id, row.kind, row.name, row.type, row.size);
  }
  if (prepared.change.before.version == prepared.change.after.version) {
    return;
  }
  for (DocumentRow const& row : had) {
    if (std::find(prepared.rows.documents.begin(), prepared.rows.documents.end(), row) ==
        prepared.rows.documents.end()) {
      connection.send(delete_document, row.sha256, prepared.change.after.id, row.kind);
    }
  }
}

void write_events(Connection& connection, PreparedChange const& prepared) {
  for (std::size_t place = 0; place < prepared.events.size(); ++place) {
    Event const& event = prepared.change.events[place];
    connection.add_event({.case_id = event.case_id,
                          .revision = event.revision,
                          .place = event.index,
                          .hash = event.hash,
                          .body = prepared.events[place]});
  }
}

// What the index of words holds of a case.
std::string indexed(Connection const& connection, PreparedChange const& prepared, std::string const& number) {
  auto tokens = prepared.search + ' ' + number_tokens(number);
  return connection.dialect() == Dialect::postgres ? search_vector(tokens) : tokens;
}

// Whoever opened the case or did a transition before is on the list already.
bool is_known_to_handle(std::string const& person, PreparedChange const& prepared) {
  auto const& before = prepared.change.before;
  return before.opener == person || std::any_of(before.last.begin(), before.last.end(),
                                                [&](auto const& act) { return act.second.person == person; });
}

void write_handlers(Connection& connection, PreparedChange const& prepared) {
  std::string_view written;
  for (Event const& event : prepared.change.events) {
    auto const& person = event.actor.at("person").get_ref<std::string const&>();
    if (person == written || person == system_person || person.empty() || is_known_to_handle(person, prepared)) {
      continue;
    }
    connection.send(insert_handled, person, seconds(prepared.change.after.opened), prepared.change.after.id);
    written = person;
  }
}

// A row for each state that is entered for the first time.
void write_reached(Connection& connection, PreparedChange const& prepared) {
  Case const& after = prepared.change.after;
  for (auto const& [state, visits] : after.visits) {
    if (!prepared.change.before.visits.contains(state)) {
      connection.send(insert_reached, after.workflow, state, seconds(after.opened), after.id);
    }
  }
}

void write_place(Connection& connection, PreparedChange const& prepared) {
  auto const& place = prepared.rows.place;
  if (place == (prepared.before ? prepared.before->rows.place : std::nullopt)) {
    return;
  }
  if (place) {
    connection.send(put_place, place->latitude, place->longitude, prepared.change.after.id);
  } else {
    connection.send(delete_place, prepared.change.after.id);
  }
}

Result<void> insert(Connection& connection, PreparedChange& prepared) {
  Change& change = prepared.change;
  Case& after = change.after;
  after.number = prepared.number = give_number(connection, change.number_scope);
  for (Event& event : change.events) {
    if (event.type == EventType::opened) {
      event.body["number"] = after.number;
    }
  }
  chain_events(prepared, {});
  auto inserted = connection.query(
      insert_case, after.id, after.number, after.workflow, after.version, after.state, std::int64_t{after.final},
      after.outcome, after.revision, after.title, after.opener, after.opener_unit, prepared.rows.category,
      seconds(after.opened), seconds(changed_for_all(after)), prepared.rows.clock.due, prepared.rows.clock.warn,
      seconds(change.wakeup), change.owner_party, prepared.head, prepared.search_hash, prepared.body,
      seconds(after.closed), static_cast<std::int64_t>(after.pending.size()));
  if (!inserted.step()) {
    return refused(refusal(Code::conflict, {}));
  }
  connection.send(insert_search, inserted.integer(0), indexed(connection, prepared, after.number));
  return {};
}

Result<void> update(Connection& connection, PreparedChange& prepared) {
  Change const& change = prepared.change;
  Case const& after = change.after;
  Before const& before = *prepared.before;
  auto const wakeup = seconds(change.wakeup);
  bool const same_clock = before.rows.clock.due == prepared.rows.clock.due && before.row.wakeup == wakeup;
  bool const unmoved =
      same_clock
          ? connection.change_one(update_case, std::int64_t{after.final}, after.outcome, after.revision, after.title,
                                  prepared.rows.category, seconds(changed_for_all(after)), prepared.rows.clock.warn,
                                  change.owner_party, prepared.head, prepared.search_hash, prepared.body, after.id,
                                  change.before.revision)
          : connection.change_one(update_case_and_clock, std::int64_t{after.final}, after.outcome, after.revision,
                                  after.title, prepared.rows.category, seconds(changed_for_all(after)),
                                  prepared.rows.clock.warn, change.owner_party, prepared.head, prepared.search_hash,
                                  prepared.body, prepared.rows.clock.due, wakeup, after.id, change.before.revision);
  if (!unmoved) {
    return refused(refusal(Code::conflict, {}));
  }
  if (change.before.state != after.state) {
    connection.send(update_state, after.state, after.id);
  }
  if (change.before.version != after.version) {
    connection.send(update_version, after.version, after.id);
  }
  if (change.before.closed != after.closed) {
    connection.send(update_closed, seconds(after.closed), after.id);
  }
  if (change.before.pending.size() != after.pending.size()) {
    connection.send(update_pending, static_cast<std::int64_t>(after.pending.size()), after.id);
  }
  if (before.row.search_hash != prepared.search_hash) {
    connection.send(update_search, indexed(connection, prepared, prepared.number), after.id);
  }
  return {};
}

Result<void> write(Connection& connection, PreparedChange& prepared) {
  auto done = prepared.before ? update(connection, prepared) : insert(connection, prepared);
  if (!done) {
    return done;
  }
  write_events(connection, prepared);
  write_handlers(connection, prepared);
  write_reached(connection, prepared);
  write_place(connection, prepared);
  write_parties(connection, prepared);
  write_deadlines(connection, prepared);
  write_links(connection, prepared);
  write_documents(connection, prepared);
  return {};
}

// Ready for the writer's turn.
struct PreparedAppend {
  std::vector<PreparedChange> changes;
  std::vector<std::string> outbox;  // bodies, canonical
};

Result<PreparedAppend> prepare_append(Readers& readers, RecentRows const& recent, Append& append) {
  auto const reader = readers.lease();
  auto changes = prepare(*reader, recent, std::move(append.changes));
  // A repeated request finds the case moved by itself: that is not a conflict.
  if (!changes && append.key && remembered_by(*reader, append.key->person, append.key->key))
    return refused(refusal(Code::key_reused, {}));
  if (!changes) return refused(std::move(changes.error()));
  PreparedAppend prepared{.changes = std::move(*changes), .outbox = {}};
  prepared.outbox.reserve(append.outbox.size());
  for (OutboxMessage const& message : append.outbox) prepared.outbox.push_back(canonical(message.body));
  return prepared;
}

Result<void> write_append(Connection& connection, Append const& append, PreparedAppend& prepared) {
  for (std::size_t place = 0; place < prepared.changes.size(); ++place) {
    catch_up(prepared.changes, place);
    if (auto done = write(connection, prepared.changes[place]); !done) return done;
  }
  for (std::size_t place = 0; place < prepared.outbox.size(); ++place) {
    connection.send(insert_outbox, append.outbox[place].kind, append.outbox[place].case_id, prepared.outbox[place],
                    seconds(append.at));
  }
  if (auto done = write_imported(connection, append.imported); !done) return done;
  // Last, so that the refusal that does happen, of a revision that has moved, comes before anything is written.
  if (!append.key) return {};
  bool const any = !prepared.changes.empty();
  std::string const subject = any ? prepared.changes.front().change.after.id : std::string();
  std::int64_t const revision = any ? prepared.changes.front().change.after.revision : 0;
  if (!connection.change_one(remember, append.key->person, append.key->key, append.key->request_hash, subject, revision,
                             seconds(append.at))) {
    return refused(refusal(Code::key_reused, {}));
  }
  return {};
}

// Cases that are there before those that are opened, whose numbers are given one after the other.
std::string rows_first_locked(std::vector<PreparedChange> const& prepared) {
  if (prepared.empty()) return {};
  auto const& first = prepared.front();
  return first.before ? first.change.after.id : '~' + first.change.number_scope;
}

}  // namespace

Result<Appended> Cases::append(Append append) {
  auto prepared = prepare_append(readers_, recent_, append);
  if (!prepared) return refused(std::move(prepared.error()));
  auto const written =
      writer_.write([&](Connection& connection) { return write_append(connection, append, *prepared); },
                    rows_first_locked(prepared->changes));
  if (!written) return refused(written.error());
  tell();
  Appended appended;
  for (PreparedChange& change : prepared->changes) appended.numbers.push_back(std::move(change.number));
  return appended;
}

Result<void> Cases::append_all(std::function<Appends()> const& begin) {
  auto const written = writer_.write([&](Connection& connection) -> Result<void> {
    auto const next = begin();
    while (true) {
      auto append = next();
      if (!append) return refused(std::move(append.error()));
      if (!*append) return {};
      auto prepared = prepare_append(readers_, recent_, **append);
      if (!prepared) return refused(std::move(prepared.error()));
      if (auto done = write_append(connection, **append, *prepared); !done) return done;
    }
  });
  if (written) tell();
  return written;
}

void Cases::when_appended(std::function<void()> told) {
  std::unique_lock const lock(telling_);
  told_ = std::move(told);
}

void Cases::tell() {
  std::shared_lock const lock(telling_);
  if (told_) {
    told_();
  }
}

}  // namespace bihuan::sql
