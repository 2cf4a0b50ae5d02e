// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <thread>

#include "engine/store/postgres/connection.hpp"
#include "engine/store/postgres/postgres_store.hpp"
#include "engine/store/postgres/replica.hpp"
#include "engine/store/shared_store.hpp"
#include "engine/store/store_fault.hpp"
#include "tests/store/builders.hpp"
#include "tests/store/postgres_proxy.hpp"
#include "tests/support/postgres_server.hpp"

// Readings from a standby, which is often behind, and sometimes gone.

namespace bihuan::test {
namespace {

using Kept = PostgresServer::Kept;

// Two nodes with the same standby to read from.
struct Place {
  PostgresServer primary{Kept::durably};
  std::string address = primary.database("bihuan");
  TemporaryDirectory directory;
  PostgresServer standby{PostgresServer::StandbyOf{.primary = primary, .waited_for = false}};
  PostgresProxy road{standby.directory(), directory.path()};  // to the standby
  std::unique_ptr<Store> one = open();
  std::unique_ptr<Store> other = open();

  std::unique_ptr<Store> open() {
    auto store =
        open_postgres_store(address, {.key_file = directory.path() / "secret.key",
                                      .replica = "postgresql:///bihuan?user=bihuan&host=" + directory.path().string(),
                                      .answer = std::chrono::milliseconds{2000}});
    REQUIRE(store.has_value());
    return std::move(*store);
  }
  void on_standby(std::string const& text) const { standby.run(standby.address("bihuan"), text); }
};

ReplicaReadings readings(Store& store) {
  return dynamic_cast<SharedStore&>(store).replica_readings().value();
}

std::size_t listed(Store& store) {
  auto const page = store.cases().list({.limit = 200}, everything(), at(0));
  REQUIRE(page.has_value());
  return page->items.size();
}

// Until the replica is read from.
void wait_for_replica(Store& store) {
  auto const before = readings(store).there;
  while (readings(store).there == before) (void)listed(store);
}

}  // namespace

TEST_CASE("lists are read from a replica, and what was confirmed on one node is always seen on the other") {
  Place place;
  wait_for_replica(*place.other);
  for (std::size_t round = 1; round <= 60; ++round) {
    auto& writing = round % 2 == 0 ? *place.one : *place.other;
    auto& reading = round % 2 == 0 ? *place.other : *place.one;
    wait_for_replica(reading);
    Tale tale({.id = "case" + std::to_string(round)});
    must_append(writing, of(tale.open()));
    CHECK(listed(reading) == round);
  }
  wait_for_replica(*place.one);
  auto const before = readings(*place.other).there;
  wait_for_replica(*place.other);
  CHECK(place.other->cases().open_in_states(std::nullopt).front().cases == 60);
  CHECK(place.other->cases().summary(SummaryBy::workflow, std::nullopt, everything(), at(0)).front().open == 60);
  CHECK(readings(*place.other).there >= before + 3);
  // These are the primary's alone.
  CHECK(place.other->cases().find("case1", everything()).has_value());
  CHECK(place.other->cases().history("case1").size() == 1);
}

TEST_CASE("a replica that is behind is not read from, and is again once it has caught up") {
  Place place;
  Tale tale({.id = "a"});
  must_append(*place.one, of(tale.open()));
  wait_for_replica(*place.other);
  place.on_standby("SELECT pg_wal_replay_pause()");
  Tale later({.id = "b"});
  must_append(*place.one, of(later.open()));
  auto const before = readings(*place.other);
  for (int round = 0; round < 20; ++round) CHECK(listed(*place.other) == 2);
  CHECK(readings(*place.other).there == before.there);
  CHECK(readings(*place.other).here == before.here + 20);
  place.on_standby("SELECT pg_wal_replay_resume()");
  wait_for_replica(*place.other);
  CHECK(listed(*place.other) == 2);
}

TEST_CASE("a replica that ends, does not answer or becomes a primary is not missed") {
  Place place;
  Tale tale({.id = "a"});
  must_append(*place.one, of(tale.open()));
  wait_for_replica(*place.one);
  place.standby.kill();
  CHECK(listed(*place.one) == 1);
  must_append(*place.one, of(tale.comment("without it")));
  CHECK(listed(*place.one) == 1);
  place.standby.start();
  wait_for_replica(*place.one);

  place.road.be_silent(true);
  CHECK(listed(*place.one) == 1);
  must_append(*place.one, of(tale.comment("nor can it be asked")));
  CHECK(listed(*place.other) == 1);
  place.road.be_silent(false);
  wait_for_replica(*place.one);

  place.standby.promote();
  auto const before = readings(*place.one);
  for (std::size_t round = 0; round < 20; ++round) {
    Tale further({.id = "further" + std::to_string(round)});
    must_append(*place.one, of(further.open()));
    CHECK(listed(*place.one) == round + 2);
  }
  CHECK(readings(*place.one).there == before.there);
}

TEST_CASE("a node starts and reads without its replica") {
  PostgresServer& server = PostgresServer::shared();
  TemporaryDirectory const directory;
  auto const address = server.database(directory.path().filename().string());
  auto const store = open_postgres_store(address, {.key_file = directory.path() / "secret.key",
                                                   .replica = "postgresql:///x?host=" + directory.path().string(),
                                                   .durable = false});
  REQUIRE(store.has_value());
  CHECK(listed(**store) == 0);
  CHECK(readings(**store).there == 0);
}

TEST_CASE("a standby of another history is not read from, however far it is") {
  PostgresServer primary{Kept::durably};
  auto const address = primary.database("bihuan");
  TemporaryDirectory const directory;
  auto const open = [&](std::string const& at) {
    return std::move(open_postgres_store(at, {.key_file = directory.path() / "secret.key"}).value());
  };
  open(address).reset();
  PostgresServer promoted{PostgresServer::StandbyOf{.primary = primary, .waited_for = false}};
  PostgresServer standby{PostgresServer::StandbyOf{.primary = primary, .waited_for = false}};
  auto const replicas_of = [&](std::string const& at, auto const& look) {
    auto const server = std::make_shared<postgres::Server>();
    server->uri = at;
    auto const connection = [&](postgres::Connection::Use use) {
      std::vector<std::unique_ptr<sql::Connection>> one;
      one.push_back(std::make_unique<postgres::Connection>(server, use));
      return one;
    };
    sql::Readers readers(connection(postgres::Connection::Use::reading));
    sql::Writer writer(connection(postgres::Connection::Use::writing), {});
    postgres::Replica replica(standby.address("bihuan"), {}, readers, writer);
    // Its first look marks the timeline.
    while (primary.ask(at,
                       "SELECT count(*) FROM timeline WHERE name ="
                       " substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)") == "0")
      std::this_thread::yield();
    look(replica);
  };
  replicas_of(address, [&](postgres::Replica& replica) {
    while (!replica.of_use()) std::this_thread::yield();
    CHECK_NOTHROW((void)replica.readers().lease());
  });
  promoted.promote();
  // The old primary goes on for a while, with nobody at it, and the standby follows it further than the new one is.
  primary.run(address,
              "SELECT count(pg_logical_emit_message(false, 'x', repeat('y', 100000))) FROM generate_series(1, 300)");
  auto const there = primary.ask(address, "SELECT pg_current_wal_flush_lsn()");
  while (standby.ask(standby.address("bihuan"), "SELECT pg_last_wal_replay_lsn() >= '" + there + "'") != "t")
    std::this_thread::yield();
  replicas_of(promoted.address("bihuan"), [&](postgres::Replica& replica) {
    CHECK_THROWS_AS((void)replica.readers().lease(), StoreFault);
    CHECK_FALSE(replica.of_use());
  });
}

}  // namespace bihuan::test
