// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <thread>

#include "engine/store/postgres/connection.hpp"
#include "engine/store/postgres/postgres_store.hpp"
#include "engine/store/postgres/schema.hpp"
#include "engine/store/shared_store.hpp"
#include "engine/store/store_fault.hpp"
#include "tests/store/builders.hpp"
#include "tests/support/postgres_server.hpp"

// Nodes of this program on a database that a newer one changes meanwhile.

namespace bihuan::test {
namespace {

using namespace std::chrono_literals;
using postgres::SchemaChange;

PostgresServer& server() {
  return PostgresServer::shared();
}

// This program as it is, on a database of its own.
struct Older {
  TemporaryDirectory directory;
  std::string address = server().database(directory.path().filename().string());
  std::unique_ptr<Store> store = std::move(open().value());

  [[nodiscard]] Result<std::unique_ptr<Store>> open() const {
    return open_postgres_store(address, {.key_file = directory.path() / "secret.key", .durable = false});
  }

  // A program that knows one change more starts.
  void upgrade(SchemaChange const& change, std::chrono::milliseconds patience) const {
    auto const known = postgres::schema_changes();
    std::vector<SchemaChange> changes(known.begin(), known.end());
    changes.push_back(change);
    auto const shared = std::make_shared<postgres::Server>();
    shared->uri = address;
    postgres::Connection connection(shared, postgres::Connection::Use::writing);
    REQUIRE(postgres::bring_up_to_date(connection, changes, patience).has_value());
  }
};

constexpr SchemaChange a_further_table{"further", "CREATE TABLE further (id bigint)", true};
constexpr SchemaChange another_meaning{"another meaning", "CREATE TABLE meant AS SELECT last FROM event_counter"};

}  // namespace

TEST_CASE("a change that older programs go on with lets their nodes serve and start") {
  Older older;
  Tale tale({.id = "a"});
  must_append(*older.store, of(tale.open()));
  older.upgrade(a_further_table, 0ms);
  must_append(*older.store, of(tale.comment("after it")));
  CHECK(older.store->cases().find("a", everything())->revision == 2);
  CHECK_NOTHROW(older.store->check());
  CHECK_FALSE(outdated(*older.store));
  CHECK(leads(*older.store));
  auto const again = older.open();
  REQUIRE(again.has_value());
  CHECK((*again)->cases().find("a", everything())->revision == 2);
}

TEST_CASE("nodes are asked to end before a change that they must not go on with, and serve until they do") {
  Older older;
  Tale tale({.id = "a"});
  must_append(*older.store, of(tale.open()));
  std::jthread const newer([&] { older.upgrade(another_meaning, 30s); });
  while (!outdated(*older.store)) std::this_thread::yield();
  must_append(*older.store, of(tale.comment("what was still to be said")));
  CHECK(server().ask(older.address, "SELECT to_regclass('meant') IS NULL") == "t");
  older.store.reset();
}

TEST_CASE("nothing that an older node writes is there after a change that it must not go on with") {
  Older older;
  constexpr int threads = 8;
  std::atomic<int> confirmed{0};
  std::atomic<int> writing{0};
  std::vector<std::jthread> people;
  for (int person = 0; person < threads; ++person) {
    people.emplace_back([&, person] {
      Tale tale({.id = "own" + std::to_string(person)});
      bool opened = false;
      try {
        for (;;) {
          must_append(*older.store, of(opened ? tale.comment("more") : tale.open()));
          if (!opened) ++writing;
          opened = true;
          ++confirmed;
        }
      } catch (StoreFault const&) {
        // From then on it always is one.
      }
    });
  }
  while (writing < threads) std::this_thread::yield();
  // Nobody ends: as if none of them had heard.
  older.upgrade(another_meaning, 0ms);
  people.clear();
  auto const last = server().ask(older.address, "SELECT last FROM event_counter");
  CHECK(last == server().ask(older.address, "SELECT last FROM meant"));
  CHECK(last == std::to_string(confirmed));
  CHECK(outdated(*older.store));
  while (leads(*older.store)) std::this_thread::yield();
  CHECK_THROWS_AS(older.store->check(), StoreFault);
  CHECK_THROWS_AS((void)older.store->cases().find("own0", everything()), StoreFault);
  auto const again = older.open();
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().front().code == Code::newer_store);
}

}  // namespace bihuan::test
