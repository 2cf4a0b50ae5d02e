// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "engine/store/digest.hpp"
#include "engine/store/postgres/dialect.hpp"
#include "engine/store/postgres/postgres_store.hpp"
#include "engine/store/seals.hpp"
#include "engine/store/shared_store.hpp"
#include "engine/store/store_fault.hpp"
#include "engine/store/verify.hpp"
#include "tests/store/builders.hpp"
#include "tests/store/postgres_proxy.hpp"
#include "tests/support/postgres_server.hpp"

// What is PostgreSQL's own: several nodes, and a database that goes away and comes back.

namespace bihuan::test {
namespace {

PostgresServer& server() {
  return PostgresServer::shared();
}

std::string fresh(TemporaryDirectory const& directory) {
  return server().database(directory.path().filename().string());
}

PostgresOptions options(TemporaryDirectory const& directory) {
  return {.key_file = directory.path() / "secret.key", .durable = false};
}

std::unique_ptr<Store> open(std::string const& address, PostgresOptions const& wanted) {
  auto store = open_postgres_store(address, wanted);
  REQUIRE(store.has_value());
  return std::move(*store);
}

Code why_not(std::string const& address, PostgresOptions const& wanted) {
  auto const store = open_postgres_store(address, wanted);
  REQUIRE_FALSE(store.has_value());
  return store.error().front().code;
}

// The sequences are 1, 2, 3 …, and each case's chain holds.
void check_sound(Store& store, std::int64_t events) {
  auto const logged = store.seals().events_after(0, 100'000, false);
  CHECK(static_cast<std::int64_t>(logged.size()) == events);
  std::int64_t expected = 0;
  for (auto const& event : logged) CHECK(event.sequence == ++expected);
  auto const verified = verify(store.cases());
  for (auto const& fault : verified.faults) FAIL_CHECK(fault.case_id << ": " << fault.what);
}

// Waits until somebody was told as often as this.
class Bell {
 public:
  void ring() {
    std::scoped_lock const lock(mutex_);
    ++rung_;
    changed_.notify_all();
  }
  [[nodiscard]] bool wait_for(int times) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return rung_ >= times; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int rung_ = 0;
};

// Puts this directory in the place of the server's in the address; the server's.
std::string lead_through(std::string& address, std::filesystem::path const& own) {
  auto const begin = address.find("host=") + 5;
  auto const size = address.find('&', begin) - begin;
  auto server = address.substr(begin, size);
  address.replace(begin, size, own.string());
  return server;
}

}  // namespace

TEST_CASE("One node leads, and another when that one ends or is cut off") {
  TemporaryDirectory const directory;
  auto const address = fresh(directory);
  auto first = open(address, options(directory));
  auto const second = open(address, options(directory));
  CHECK(leads(*first));
  CHECK_FALSE(leads(*second));
  first.reset();
  while (!leads(*second)) std::this_thread::yield();
  auto const third = open(address, options(directory));
  CHECK_FALSE(leads(*third));
  server().run(address,
               "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
               " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
  while (leads(*second) == leads(*third)) std::this_thread::yield();
}

TEST_CASE("A statement of the shared kind is read by PostgreSQL") {
  using postgres::translated;
  CHECK(translated("SELECT a FROM b WHERE c = ? AND d = ?") == "SELECT a FROM b WHERE c = $1 AND d = $2");
  CHECK(translated("UPDATE a SET b = ?2 WHERE c = ?1") == "UPDATE a SET b = $2 WHERE c = $1");
  CHECK(translated("FROM p INDEXED BY p_x CROSS JOIN c ON c.i = p.i WHERE d = '?'") ==
        "FROM p JOIN c ON c.i = p.i WHERE d = '?'");
}

TEST_CASE("What one node appends the other is told of and reads") {
  TemporaryDirectory const directory;
  auto const address = fresh(directory);
  auto const one = open(address, options(directory));
  auto const other = open(address, options(directory));
  Bell bell;
  other->cases().when_appended([&bell] { bell.ring(); });
  Tale tale({.id = "a"});
  must_append(*one, of(tale.open()));
  CHECK(bell.wait_for(1));
  REQUIRE(other->cases().find("a", everything()).has_value());
  must_append(*other, of(tale.comment("from the other")));
  CHECK(one->cases().find("a", everything())->revision == 2);
  check_sound(*one, one->cases().last_change());
}

TEST_CASE("Nodes that write at once leave no gap in numbers and sequences, and no change is lost") {
  TemporaryDirectory const directory;
  auto const address = fresh(directory);
  std::vector<std::unique_ptr<Store>> nodes;
  for (int node = 0; node < 3; ++node) nodes.push_back(open(address, options(directory)));
  constexpr int threads = 12;
  constexpr int rounds = 10;
  std::atomic<int> refusals{0};
  {
    std::vector<std::jthread> people;
    for (int person = 0; person < threads; ++person) {
      people.emplace_back([&, person] {
        auto& node = *nodes[static_cast<std::size_t>(person) % nodes.size()];
        // Each has a case of their own, and all want the same one as well.
        Tale own({.id = "own" + std::to_string(person)});
        must_append(node, of(own.open()));
        for (int round = 0; round < rounds; ++round) {
          must_append(node, of(own.comment(std::to_string(round))));
          Tale shared({.id = "shared"});
          auto const present = node.cases().find("shared", everything());
          if (present) {
            shared.go_on_from(*present);
            refusals += node.cases().append(of(shared.comment("by " + std::to_string(person)))).has_value() ? 0 : 1;
          } else {
            refusals += node.cases().append(of(shared.open())).has_value() ? 0 : 1;
          }
        }
      });
    }
  }
  auto const opened = static_cast<std::int64_t>(threads + 1);
  std::vector<std::string> numbers;
  nodes[0]->cases().for_each([&](Case const& subject, auto const&) { numbers.push_back(subject.number); });
  std::ranges::sort(numbers);
  REQUIRE(static_cast<std::int64_t>(numbers.size()) == opened);
  CHECK(numbers.back() == "BN-WT-2026-0000" + std::to_string(opened));
  check_sound(*nodes[1], nodes[2]->cases().last_change());
  auto const written = nodes[0]->cases().find("shared", everything())->revision;
  CHECK(written == threads * rounds - refusals);
}

TEST_CASE("Nodes that start at once on an empty database make its tables once") {
  TemporaryDirectory const directory;
  auto const address = fresh(directory);
  std::vector<std::future<std::unique_ptr<Store>>> starting;
  for (int node = 0; node < 4; ++node) {
    starting.push_back(std::async(std::launch::async, [&] { return open(address, options(directory)); }));
  }
  for (auto& node : starting) CHECK_NOTHROW(node.get()->check());
}

TEST_CASE("A database with changes that this program does not know is refused") {
  TemporaryDirectory const directory;
  auto const address = fresh(directory);
  open(address, options(directory));
  server().run(address, "INSERT INTO schema_change (number, name) VALUES (99, 'later')");
  CHECK(why_not(address, options(directory)) == Code::newer_store);
}

TEST_CASE("A node without the others' key, or with another, does not start") {
  TemporaryDirectory const directory;
  TemporaryDirectory const elsewhere;
  auto const address = fresh(directory);
  open(address, options(directory));
  CHECK(why_not(address, options(elsewhere)) == Code::key_missing);
  CHECK_FALSE(std::filesystem::exists(elsewhere.path() / "secret.key"));
  (void)DataKey::make(elsewhere.path() / "secret.key", false);
  CHECK(why_not(address, options(elsewhere)) == Code::key_wrong);
  std::filesystem::copy_file(directory.path() / "secret.key", elsewhere.path() / "secret.key",
                             std::filesystem::copy_options::overwrite_existing);
  CHECK_NOTHROW(open(address, options(elsewhere)));
}

TEST_CASE("A database that is not there is a fault, and not a store") {
  TemporaryDirectory const directory;
  CHECK_THROWS_AS((void)open_postgres_store("postgresql:///x?host=" + directory.path().string(), options(directory)),
                  StoreFault);
}

TEST_CASE("Connections that the database ended go unseen") {
  TemporaryDirectory const directory;
  auto const address = fresh(directory);
  auto const store = open(address, options(directory));
  Bell bell;
  store->cases().when_appended([&bell] { bell.ring(); });
  Tale tale({.id = "a"});
  must_append(*store, of(tale.open()));
  server().run(address,
               "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
               " AND pid <> pg_backend_pid()");
  CHECK(store->cases().find("a", everything()).has_value());
  must_append(*store, of(tale.comment("after it")));
  CHECK(store->cases().history("a").size() == 2);
  CHECK(store->attachments().put("a", "text/plain", "p1", source_of("bytes")).size == 5);
  CHECK_NOTHROW(store->check());
  // Of its own two appends, and once because something may have been missed.
  CHECK(bell.wait_for(3));
  check_sound(*store, 2);
}

TEST_CASE("A database that dies is a fault until it is back, and what was confirmed is there") {
  PostgresServer dying(PostgresServer::Kept::durably);
  TemporaryDirectory const directory;
  auto const address = dying.database("bihuan");
  auto wanted = options(directory);
  wanted.durable = true;
  auto const store = open(address, wanted);
  Tale tale({.id = "a"});
  must_append(*store, of(tale.open()));
  must_append(*store, of(tale.comment("confirmed")));
  dying.kill();
  Tale late = tale;
  CHECK_THROWS_AS((void)store->cases().append(of(late.comment("to nobody"))), StoreFault);
  CHECK_THROWS_AS((void)store->cases().find("a", everything()), StoreFault);
  CHECK_THROWS_AS(store->check(), StoreFault);
  dying.start();
  auto const back = [&] {
    try {
      store->check();
      return true;
    } catch (StoreFault const&) {
      return false;
    }
  };
  while (!back()) std::this_thread::yield();
  CHECK(store->cases().find("a", everything())->revision == 2);
  must_append(*store, of(tale.comment("again")));
  check_sound(*store, 3);
}

TEST_CASE("An upload of which a stopped database lost a part is a fault, and is taken whole the next time") {
  TemporaryDirectory const directory;
  auto const address = fresh(directory);
  auto const store = open(address, options(directory));
  std::string const bytes(600'000, 'p');
  auto const whole = source_of(bytes);
  std::size_t given = 0;
  // What is committed without waiting for the disk is gone when the database stops: here it is taken away.
  CHECK_THROWS_AS((void)store->attachments().put("现场.jpg", "image/jpeg", "p1",
                                                 [&](std::span<char> into) {
                                                   if (given > 0 && given < bytes.size())
                                                     server().run(address, "DELETE FROM chunk WHERE place = 0");
                                                   auto const size = whole(into);
                                                   given += size;
                                                   return size;
                                                 }),
                  StoreFault);
  CHECK_FALSE(store->attachments().find_upload(hash_of(bytes), "p1").has_value());
  auto const again = store->attachments().put("现场.jpg", "image/jpeg", "p1", source_of(bytes));
  CHECK(again.sha256 == hash_of(bytes));
  std::string read(bytes.size(), '\0');
  CHECK(store->attachments().read(again.sha256, 0, read) == bytes.size());
  CHECK(read == bytes);
}

TEST_CASE("A commit whose answer is lost is confirmed when it was made, and made when it was not") {
  TemporaryDirectory const directory;
  fresh(directory);
  auto const direct = fresh(directory);
  auto address = direct;
  PostgresProxy proxy(lead_through(address, directory.path()), directory.path());
  auto const store = open(address, options(directory));
  Tale tale({.id = "a"});
  must_append(*store, of(tale.open()));
  for (auto const cut : {PostgresProxy::Cut::before_commit, PostgresProxy::Cut::after_commit}) {
    proxy.cut_next(cut);
    must_append(*store, of(tale.comment("once")));
    CHECK(proxy.has_cut());
  }
  CHECK(store->cases().find("a", everything())->revision == 3);
  check_sound(*store, 3);
  // The same for what has no event to be known by.
  for (auto const cut : {PostgresProxy::Cut::before_commit, PostgresProxy::Cut::after_commit}) {
    proxy.cut_next(cut);
    AuditEvent seen;
    seen.person = "p1";
    CHECK(store->audit().append({seen}).has_value());
    CHECK(proxy.has_cut());
  }
  CHECK(store->audit().list({})->items.size() == 2);
}

TEST_CASE("A commit that a crash of the database lost is made again, whoever got its number meanwhile") {
  TemporaryDirectory const directory;
  PostgresServer dying(PostgresServer::Kept::durably);
  auto const direct = dying.database("bihuan");
  auto address = direct + "&connect_timeout=2";
  PostgresProxy proxy(lead_through(address, directory.path()), directory.path());
  auto wanted = options(directory);
  wanted.durable = true;
  auto const store = open(address, wanted);
  Tale tale({.id = "a"});
  must_append(*store, of(tale.open()));
  proxy.cut_next(PostgresProxy::Cut::before_commit);
  auto late = std::async(std::launch::async, [&] { return store->cases().append(of(tale.comment("once"))); });
  while (!proxy.has_cut()) std::this_thread::yield();
  proxy.be_silent(true);
  dying.kill();
  dying.start();
  for (int other = 0; other < 100; ++other) dying.run(direct, "SELECT pg_current_xact_id()");
  proxy.be_silent(false);
  CHECK(late.get().has_value());
  CHECK(store->cases().find("a", everything())->revision == 2);
  check_sound(*store, 2);
}

TEST_CASE("A network that swallows everything is a fault in bounded time, and then forgotten") {
  TemporaryDirectory const directory;
  auto const direct = fresh(directory);
  auto address = direct + "&connect_timeout=2";
  PostgresProxy proxy(lead_through(address, directory.path()), directory.path());
  auto wanted = options(directory);
  wanted.answer = std::chrono::milliseconds{500};
  auto const store = open(address, wanted);
  Tale tale({.id = "a"});
  must_append(*store, of(tale.open()));
  proxy.be_silent(true);
  Tale late = tale;
  CHECK_THROWS_AS((void)store->cases().append(of(late.comment("into the void"))), StoreFault);
  CHECK_THROWS_AS((void)store->cases().find("a", everything()), StoreFault);
  proxy.be_silent(false);
  auto const back = [&] {
    try {
      return store->cases().find("a", everything()).has_value();
    } catch (StoreFault const&) {
      return false;
    }
  };
  while (!back()) std::this_thread::yield();
  CHECK(store->cases().find("a", everything())->revision == 1);
  must_append(*store, of(tale.comment("heard")));
  check_sound(*store, 2);
  SUBCASE("also where it begins to with a connection that was just made") {
    proxy.be_silent(true);
    CHECK_THROWS_AS((void)store->cases().find("a", everything()), StoreFault);
    proxy.be_silent(false);
    proxy.cut_next(PostgresProxy::Cut::after_greeting);
    while (!proxy.has_cut()) CHECK_FALSE(back());
    while (!back()) std::this_thread::yield();
    CHECK(store->cases().find("a", everything())->revision == 2);
  }
}

}  // namespace bihuan::test
