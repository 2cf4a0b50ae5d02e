// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/seals.hpp"

#include "engine/store/sql/case_rows.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql next_events{"events after",
                          "SELECT sequence, case_id, revision, place, hash FROM event WHERE sequence > ?"
                          " ORDER BY sequence LIMIT ?"};
constexpr Sql next_bodies{"events after, whole",
                          "SELECT sequence, case_id, revision, place, hash, body FROM event WHERE sequence > ?"
                          " ORDER BY sequence LIMIT ?"};
constexpr Sql case_events{"events of a case",
                          "SELECT sequence, case_id, revision, place, hash FROM event WHERE case_id = ?"
                          " ORDER BY revision, place"};

constexpr Sql last_seal{"seal last",
                        "SELECT number, at, size, root, previous, key, signature, decoys, salt, first_sequence, events "
                        "FROM seal ORDER BY number DESC LIMIT 1"};
constexpr Sql find_seal{"seal find",
                        "SELECT number, at, size, root, previous, key, signature, decoys, salt, first_sequence, events "
                        "FROM seal WHERE number = ?"};
constexpr Sql find_seal_of_event{
    "seal of an event",
    "SELECT number, at, size, root, previous, key, signature, decoys, salt, first_sequence, events FROM seal WHERE "
    "first_sequence <= ?1 AND first_sequence + events > ?1"
    " ORDER BY first_sequence DESC LIMIT 1"};
constexpr Sql next_seals{"seals after",
                         "SELECT number, at, size, root, previous, key, signature, decoys, salt, first_sequence, "
                         "events FROM seal WHERE number > ? ORDER BY number LIMIT ?"};
constexpr Sql insert_seal{"seal append",
                          "INSERT INTO seal (number, at, size, root, previous, key, signature, decoys, salt,"
                          " first_sequence, events) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"};
constexpr Sql count_seals{"seal count", "SELECT coalesce(max(number), 0) FROM seal"};
constexpr Sql last_key{"seal key", "SELECT key FROM seal ORDER BY number DESC LIMIT 1"};

constexpr Sql find_tile{"tile find", "SELECT place, hashes FROM seal_tile WHERE level = ? AND place = ?"};
constexpr Sql find_last_tile{"tile last",
                             "SELECT place, hashes FROM seal_tile WHERE level = ? ORDER BY place DESC LIMIT 1"};
constexpr Sql put_tile{"tile put",
                       "INSERT INTO seal_tile (level, place, hashes) VALUES (?1, ?2, ?3)"
                       " ON CONFLICT (level, place) DO UPDATE SET hashes = excluded.hashes"};

LoggedEvent event_from_row(Statement const& row, bool with_body) {
  return {.sequence = row.integer(0),
          .case_id = row.text(1),
          .revision = row.integer(2),
          .index = static_cast<int>(row.integer(3)),
          .hash = row.text(4),
          .body = with_body ? row.text(5) : std::string()};
}

Seal seal_from_row(Statement const& row) {
  return {.head = {.number = row.integer(0),
                   .at = instant(row.integer(1)),
                   .size = row.integer(2),
                   .root = row.text(3),
                   .previous = row.text(4),
                   .key = row.text(5),
                   .signature = row.text(6)},
          .decoys = row.integer(7),
          .salt = row.text(8),
          .first_sequence = row.integer(9),
          .events = row.integer(10)};
}

// A tile whose bytes somebody cut short has the hashes that are whole.
Tile tile_from_row(Statement const& row, int level) {
  Tile tile{.level = level, .place = row.integer(0), .hashes = {}};
  auto const bytes = row.view(1);
  for (std::size_t at = 0; at + sizeof(MerkleHash) <= bytes.size(); at += sizeof(MerkleHash)) {
    MerkleHash hash{};
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), hash.size(), hash.begin());
    tile.hashes.push_back(hash);
  }
  return tile;
}

std::string bytes_of(Tile const& tile) {
  std::string bytes;
  bytes.reserve(tile.hashes.size() * sizeof(MerkleHash));
  for (auto const& hash : tile.hashes) bytes.append(hash.begin(), hash.end());
  return bytes;
}

template <class... Values>
std::optional<Seal> one_seal(Readers& readers, Sql const& sql, Values const&... values) {
  auto const reader = readers.lease();
  auto row = reader->query(sql, values...);
  if (!row.step()) return std::nullopt;
  return seal_from_row(row);
}

template <class... Values>
std::optional<Tile> one_tile(Readers& readers, Sql const& sql, int level, Values const&... values) {
  auto const reader = readers.lease();
  auto row = reader->query(sql, std::int64_t{level}, values...);
  if (!row.step()) return std::nullopt;
  return tile_from_row(row, level);
}

}  // namespace

std::vector<LoggedEvent> Seals::events_after(std::int64_t sequence, std::size_t limit, bool with_bodies) {
  std::vector<LoggedEvent> events;
  auto const reader = readers_.lease();
  auto rows = reader->query(with_bodies ? next_bodies : next_events, sequence, static_cast<std::int64_t>(limit));
  while (rows.step()) events.push_back(event_from_row(rows, with_bodies));
  return events;
}

std::vector<LoggedEvent> Seals::events_of(std::string const& case_id) {
  std::vector<LoggedEvent> events;
  auto const reader = readers_.lease();
  auto rows = reader->query(case_events, case_id);
  while (rows.step()) events.push_back(event_from_row(rows, false));
  return events;
}

std::optional<Seal> Seals::last() {
  return one_seal(readers_, last_seal);
}

std::optional<Seal> Seals::find(std::int64_t number) {
  return one_seal(readers_, find_seal, number);
}

std::optional<Seal> Seals::find_of_event(std::int64_t sequence) {
  return one_seal(readers_, find_seal_of_event, sequence);
}

std::vector<Seal> Seals::seals_after(std::int64_t number, std::size_t limit) {
  std::vector<Seal> seals;
  auto const reader = readers_.lease();
  auto rows = reader->query(next_seals, number, static_cast<std::int64_t>(limit));
  while (rows.step()) seals.push_back(seal_from_row(rows));
  return seals;
}

std::optional<Tile> Seals::tile(int level, std::int64_t place) {
  return one_tile(readers_, find_tile, level, place);
}

std::optional<Tile> Seals::last_tile(int level) {
  return one_tile(readers_, find_last_tile, level);
}

bool Seals::append(Seal const& seal, std::vector<Tile> const& tiles) {
  bool appended = false;
  writer_.must_write([&](Connection& connection) {
    {
      auto count = connection.query(count_seals);
      appended = count.step() && count.integer(0) == seal.head.number - 1;
    }
    if (!appended) return;
    auto const& head = seal.head;
    // Another node may have added it since.
    appended = connection.run(insert_seal, head.number, seconds(head.at), head.size, head.root, head.previous, head.key,
                              head.signature, seal.decoys, seal.salt, seal.first_sequence, seal.events) == 1;
    if (!appended) return;
    for (auto const& tile : tiles) {
      auto const bytes = bytes_of(tile);
      auto put = connection.query(put_tile, std::int64_t{tile.level}, tile.place);
      put.bind_bytes(3, bytes);
      put.send();
    }
  });
  return appended;
}

DataKey const& Seals::key() const {
  if (!key_) throw StoreFault("nothing can be signed without the key of the data directory");
  return *key_;
}

std::string Seals::sign(std::string_view text) const {
  return key().sign(text);
}

std::string Seals::public_key() const {
  return key().public_key();
}

std::string sealing_key_of(Connection& connection) {
  auto row = connection.query(last_key);
  return row.step() ? row.text(0) : std::string();
}

}  // namespace bihuan::sql
