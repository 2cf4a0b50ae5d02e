// SPDX-License-Identifier: Apache-2.0
#include "engine/store/postgres/replica.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace bihuan::postgres {
namespace {

using namespace std::chrono_literals;

// What is confirmed is durable. Where a store is not kept durably, what was confirmed may be in memory still.
constexpr Sql find_durable_place{
    "replica place",
    "SELECT pg_current_wal_flush_lsn()::text, coalesce((SELECT mark FROM timeline WHERE name ="
    " substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)), '')"};
constexpr Sql find_last_place{
    "replica place",
    "SELECT pg_current_wal_insert_lsn()::text, coalesce((SELECT mark FROM timeline WHERE name ="
    " substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)), '')"};
constexpr Sql put_mark{"timeline mark",
                       "INSERT INTO timeline (name, mark) SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8),"
                       " gen_random_uuid()::text ON CONFLICT (name) DO NOTHING"};
constexpr Sql has_replayed{"replica replayed",
                           "SELECT CASE WHEN pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= ?::text::pg_lsn AND"
                           " (SELECT mark FROM timeline ORDER BY number DESC LIMIT 1) = ?::text THEN 1 ELSE 0 END"};

// What was confirmed just now comes within moments, where nothing is wrong.
constexpr auto worth_waiting = 20ms;
constexpr auto between_questions = 1ms;
constexpr auto between_looks = 1s;
// One that does not answer in this time is no help to those who read.
constexpr auto longest_look = 1s;

}  // namespace

Replica::Replica(std::string const& uri, PostgresOptions const& options, sql::Readers& primary, sql::Writer& writer)
    : primary_(primary), writer_(writer), durable_(options.durable) {
  auto const server_for = [&](std::chrono::milliseconds answer) {
    auto server = std::make_shared<Server>();
    server->uri = uri;
    server->durable = options.durable;
    server->answer = answer;
    return server;
  };
  auto const server = server_for(options.answer);
  std::vector<std::unique_ptr<sql::Connection>> connections;
  for (std::size_t number = 0; number < std::max<std::size_t>(options.readers, 2); ++number)
    connections.push_back(std::make_unique<Connection>(server, Connection::Use::replica));
  readers_ = std::make_unique<sql::Readers>(std::move(connections), [this](sql::Connection& each) { admit(each); });
  looked_at_ = server_for(std::min<std::chrono::milliseconds>(options.answer, longest_look));
  thread_ = std::jthread([this](std::stop_token const& stop) { run(stop); });
}

Replica::~Replica() = default;

Replica::Place Replica::place_of_primary() {
  auto const reader = primary_.lease();
  auto row = reader->query(durable_ ? find_durable_place : find_last_place);
  if (!row.step()) throw StoreFault("the primary does not say where it is");
  return {.position = row.text(0), .mark = row.text(1)};
}

void Replica::admit(sql::Connection& connection) {
  auto const place = place_of_primary();
  if (place.mark.empty()) throw StoreFault("the primary's timeline is not marked yet");
  auto const until = std::chrono::steady_clock::now() + worth_waiting;
  for (;; std::this_thread::sleep_for(between_questions)) {
    auto row = connection.query(has_replayed, place.position, place.mark);
    if (row.step() && row.integer(0) == 1) return;
    if (std::chrono::steady_clock::now() >= until) throw StoreFault("the replica is behind");
  }
}

void Replica::run(std::stop_token const& stop) {
  Connection connection(looked_at_, Connection::Use::replica);
  while (!stop.stop_requested()) {
    look(connection);
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, between_looks, [] { return false; });
  }
}

void Replica::look(sql::Connection& connection) {
  try {
    if (place_of_primary().mark.empty()) writer_.must_write([](sql::Connection& writing) { writing.run(put_mark); });
    admit(connection);
    of_use_ = true;
  } catch (StoreFault const&) {
    of_use_ = false;
  }
}

}  // namespace bihuan::postgres
