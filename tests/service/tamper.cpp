// SPDX-License-Identifier: Apache-2.0
#include "tests/service/tamper.hpp"

#include <sstream>

#include "engine/store/chain.hpp"
#include "engine/store/sqlite/connection.hpp"

namespace bihuan::tamper {
namespace {

namespace fs = std::filesystem;
using sqlite::Connection;
using sqlite::Sql;

Connection connect(Copy const& copy) {
  Connection connection(copy.directory.path() / "bihuan.db", Connection::Mode::read_write);
  connection.execute("settings", "PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF");
  return connection;
}

std::string lines_of(SealsVerified const& verified) {
  std::ostringstream lines;
  for (auto const& fault : verified.faults)
    lines << "seal " << fault.seal << " event " << fault.sequence << " case " << fault.case_id << " revision "
          << fault.revision << ": " << fault.what << "\n";
  return lines.str();
}

}  // namespace

Original::Original() {
  SealedOffice office({.at_once = 32, .most_decoys = 50});
  for (int number = 0; number < 8; ++number) cases.push_back(office.open_case());
  for (int round = 0; round < 16; ++round) {
    for (auto const& id : cases) {
      office.now += std::chrono::minutes{7};
      office.comment(id, "第" + std::to_string(round) + "次记录");
    }
    heads.push_back(office.sealer.seal());
  }
  // Hashes above the leaves are to be there as well.
  while (heads.back().size <= 2 * tile_width) heads.push_back(office.sealer.seal());
  events = office.store->cases().last_change();
  seals = heads.back().number;
  leaves = heads.back().size;
  office.store.reset();
  for (auto const& name : {"bihuan.db", data_key_file})
    fs::copy_file(office.directory.path() / name, directory.path() / name);
}

Original const& original() {
  static Original const made;
  return made;
}

Copy::Copy() {
  for (auto const& name : {"bihuan.db", data_key_file})
    fs::copy_file(original().directory.path() / name, directory.path() / name);
}

void Copy::run(std::string const& script) const {
  connect(*this).execute("tamper", script.c_str());
}

std::int64_t Copy::ask(std::string const& query) const {
  auto connection = connect(*this);
  sqlite::Statement row(connection.cached("ask", query));
  return row.step() ? row.integer(0) : -1;
}

std::string Copy::ask_text(std::string const& query) const {
  auto connection = connect(*this);
  sqlite::Statement row(connection.cached("ask", query));
  return row.step() ? row.text(0) : std::string();
}

std::unique_ptr<Store> Copy::open() const {
  auto store = open_sqlite_store(directory.path(), {.durable = false, .key = SqliteOptions::Key::spared});
  REQUIRE(store.has_value());
  return std::move(*store);
}

void Copy::mend(std::string const& id) const {
  auto connection = connect(*this);
  static constexpr Sql read{"read", "SELECT sequence, body FROM event WHERE case_id = ? ORDER BY revision, place"};
  static constexpr Sql write{"write", "UPDATE event SET body = ?2, hash = ?3 WHERE sequence = ?1"};
  static constexpr Sql end{"end", "UPDATE cases SET head_hash = ?2 WHERE id = ?1"};
  std::vector<std::int64_t> sequences;
  std::vector<Event> events;
  for (auto row = connection.query(read, id); row.step();) {
    sequences.push_back(row.integer(0));
    events.push_back(event_from_json(Json::parse(row.view(1))));
  }
  auto const head = chain(events, "");
  for (std::size_t at = 0; at < events.size(); ++at) {
    auto const body = hashed_bytes(events[at]);
    connection.run(write, sequences[at], body, events[at].hash);
  }
  connection.run(end, id, head);
}

Found look(Copy const& copy) {
  auto const store = copy.open();
  std::ostringstream cases;
  for (auto const& fault : verify(store->cases()).faults)
    cases << "case " << fault.case_id << " revision " << fault.revision << ": " << fault.what << "\n";
  return {.cases = cases.str(),
          .log = lines_of(verify(store->seals())),
          .kept = lines_of(verify(store->seals(), original().heads))};
}

}  // namespace bihuan::tamper
