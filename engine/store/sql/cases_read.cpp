// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "engine/core/case_text.hpp"
#include "engine/core/stored_json.hpp"
#include "engine/store/chain.hpp"
#include "engine/store/sql/case_rows.hpp"
#include "engine/store/sql/cases.hpp"
#include "engine/store/sql/visible.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql find_remembered{
    "idempotency find", "SELECT request_hash, case_id, revision, at FROM idempotency WHERE person = ? AND key = ?"};
constexpr Sql find_history{"history",
                           "SELECT hash, body, revision, place FROM event WHERE case_id = ? ORDER BY revision, place"};
constexpr Sql find_due{"wakeup due",
                       "SELECT id FROM cases INDEXED BY cases_wakeup WHERE wakeup IS NOT NULL AND wakeup <= ?"
                       " ORDER BY wakeup, id LIMIT ?"};
constexpr Sql find_next_wakeup{
    "wakeup next", "SELECT wakeup FROM cases INDEXED BY cases_wakeup WHERE wakeup IS NOT NULL ORDER BY wakeup LIMIT 1"};
constexpr Sql count_version{"version count", "SELECT count(*) FROM cases WHERE workflow = ? AND version = ?"};
constexpr Sql walk_cases{"walk", "SELECT id, number, body FROM cases WHERE id > ? ORDER BY id LIMIT ?"};
constexpr std::int64_t walk_at_once = 500;  // rows: some databases hand over an answer as a whole

Event event_from_row(Statement const& row) {
  auto const stored = read_stored_json(row.view(1));
  if (!stored) throw std::runtime_error("an event cannot be read: " + row.text(0));
  Event event = event_from_json(*stored);
  event.hash = row.text(0);
  return event;
}

// A row that somebody altered may not even be an event any more; whoever verifies must still be told about
// it.
Event event_from_any_row(Statement const& row, std::string const& case_id) {
  // What is no JSON is no object either.
  if (auto event = parse_event(read_stored_json(row.view(1)).value_or(nullptr))) {
    event->hash = row.text(0);
    // By the columns: where they differ from what was hashed, the hash no longer holds.
    event->revision = row.integer(2);
    event->index = static_cast<int>(row.integer(3));
    return std::move(*event);
  }
  return {.case_id = case_id,
          .revision = row.integer(2),
          .index = static_cast<int>(row.integer(3)),
          .type = EventType::commented,
          .at = {},
          .actor = {},
          .body = {{"unreadable", row.text(1)}},
          .previous = {},
          .hash = row.text(0)};
}

std::vector<Event> events_of(Connection& connection, std::string const& id, bool any) {
  std::vector<Event> events;
  auto rows = connection.query(find_history, id);
  while (rows.step()) {
    events.push_back(any ? event_from_any_row(rows, id) : event_from_row(rows));
  }
  return events;
}

Case case_from_any_row(Statement const& row) {
  auto read = case_from_text(row.view(2));
  Case subject = read ? std::move(*read) : Case();
  subject.id = row.text(0);
  subject.number = row.text(1);
  return subject;
}

}  // namespace

Case case_from_row(std::string_view number, std::string_view body) {
  auto subject = case_from_text(body);
  if (!subject) throw std::runtime_error("the row of case " + std::string(number) + " cannot be read");
  subject->number = number;
  return std::move(*subject);
}

std::optional<Remembered> remembered_by(Connection& connection, std::string const& person, std::string const& key) {
  auto row = connection.query(find_remembered, person, key);
  if (!row.step()) {
    return std::nullopt;
  }
  return Remembered{
      .request_hash = row.text(0), .case_id = row.text(1), .revision = row.integer(2), .at = instant(row.integer(3))};
}

std::optional<Remembered> Cases::remembered(std::string const& person, std::string const& key) {
  auto const reader = readers_.lease();
  return remembered_by(*reader, person, key);
}

std::optional<Case> Cases::find(std::string const& id, Visibility const& visibility) {
  // One query: what may not be seen is not there, and takes no other way through the program than what is
  // not.
  Composed query;
  query
      .add(
          "SELECT c.number, c.body, c.revision, c.head_hash, c.search_hash, c.owner_party, c.wakeup FROM cases c"
          " WHERE c.id = ?",
          id)
      .add(visible(visibility));
  auto const reader = readers_.lease();
  ComposedQuery row(*reader, "case find", query);
  if (!row->step()) {
    return std::nullopt;
  }
  auto found = case_from_row(row->view(0), row->view(1));
  recent_.keep(id, {.revision = row->integer(2),
                    .head = row->text(3),
                    .search_hash = row->integer(4),
                    .owner_party = row->text(5),
                    .wakeup = row->maybe_integer(6),
                    .number = row->text(0)});
  return found;
}

std::optional<Attachment> find_document(Connection& connection, std::string const& sha256,
                                        Visibility const& visibility) {
  Composed query;
  query.add("SELECT d.name, d.type, d.size FROM document d CROSS JOIN cases c ON c.id = d.case_id WHERE d.sha256 = ?",
            sha256);
  query.add(visible(visibility)).add(" LIMIT 1");
  ComposedQuery row(connection, "document find", query);
  if (!row->step()) {
    return std::nullopt;
  }
  return Attachment{
      .sha256 = sha256, .name = row->text(0), .type = row->text(1), .size = row->integer(2), .uploader = {}};
}

std::vector<Event> Cases::history(std::string const& id) {
  auto const reader = readers_.lease();
  return events_of(*reader, id, false);
}

std::vector<std::string> Cases::due_for_wakeup(Instant now, std::size_t limit) {
  auto const reader = readers_.lease();
  std::vector<std::string> ids;
  auto rows = reader->query(find_due, seconds(now), static_cast<std::int64_t>(limit));
  while (rows.step()) {
    ids.push_back(rows.text(0));
  }
  return ids;
}

std::optional<Instant> Cases::next_wakeup() {
  auto const reader = readers_.lease();
  auto row = reader->query(find_next_wakeup);
  if (!row.step()) {
    return std::nullopt;
  }
  return instant(row.integer(0));
}

std::int64_t Cases::count_of_version(std::string const& workflow, std::string const& version) {
  auto const reader = readers_.lease();
  auto row = reader->query(count_version, workflow, version);
  row.step();
  return row.integer(0);
}

void Cases::for_each(std::function<void(Case const& stored, std::vector<Event> const& events)> const& each) {
  auto const reader = readers_.lease();
  // One moment for the whole walk: a case and its events are never of two.
  Transaction const snapshot(*reader, Transaction::Kind::read);
  std::string last;
  for (auto count = walk_at_once; count == walk_at_once;) {
    count = 0;
    auto const after = last;
    for (auto rows = reader->query(walk_cases, after, walk_at_once); rows.step(); ++count) {
      last = rows.text(0);
      each(case_from_any_row(rows), events_of(*reader, last, true));
    }
  }
}

}  // namespace bihuan::sql
