// SPDX-License-Identifier: Apache-2.0
#include "engine/service/audit_log.hpp"

#include <doctest/doctest.h>
#include <atomic>
#include <thread>

#include "engine/store/audit_chain.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "tests/service/fixture.hpp"

namespace bihuan {
namespace {

using namespace std::chrono_literals;

AuditEvent view_by(std::string person) {
  AuditEvent event;
  event.person = std::move(person);
  event.case_id = "case";
  return event;
}

std::size_t rows(Store& store) {
  return store.audit().list({.limit = 200})->items.size();
}

// Changes the database behind the store's back.
void change(std::filesystem::path const& directory, char const* script) {
  sqlite::Connection(directory / "bihuan.db", sqlite::Connection::Mode::read_write).execute("change", script);
}

}  // namespace

TEST_CASE("What is recorded is written in order, with the time of recording") {
  TemporaryDirectory const directory;
  auto const store = open_store(directory.path());
  Instant now = *parse_instant("2026-11-02T09:00:00+08:00");
  AuditLog log(*store, [&] { return now; });
  REQUIRE(log.record(view_by("p1")).has_value());
  CHECK(log.flush());
  now += 60s;
  REQUIRE(log.record(view_by("p2")).has_value());
  CHECK(log.flush());
  CHECK(log.flush());
  auto const page = store->audit().list({});
  REQUIRE(page->items.size() == 2);
  CHECK(page->items[0].person == "p2");
  CHECK(page->items[0].at == now);
  CHECK(page->items[1].at == now - 60s);
}

TEST_CASE("What is recorded within a moment shares a commit, and what waits is written at the end") {
  TemporaryDirectory const directory;
  auto const store = open_store(directory.path());
  {
    AuditLog log(*store, [] { return Instant(); }, {.gather = 1h});
    for (int turn = 0; turn < 100; ++turn) REQUIRE(log.record(view_by("p1")).has_value());
    CHECK(rows(*store) == 0);
  }
  CHECK(rows(*store) == 100);
  CHECK(verify(store->audit()).faults.empty());
}

TEST_CASE("When the queue is full nothing more is taken until there is room") {
  TemporaryDirectory const directory;
  auto const store = open_store(directory.path());
  change(directory.path(), "ALTER TABLE audit RENAME TO mislaid");
  std::atomic<int> faults = 0;
  AuditLog log(*store, [] { return Instant(); },
               {.queue = 3, .gather = 0ms, .retry = 1ms, .on_fault = [&](std::string const&) { ++faults; }});
  for (int turn = 0; turn < 3; ++turn) REQUIRE(log.record(view_by("p" + std::to_string(turn))).has_value());
  CHECK_FALSE(log.flush());
  CHECK(faults > 0);
  auto const refused = log.record(view_by("p9"));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().front().code == Code::busy);
  change(directory.path(), "ALTER TABLE mislaid RENAME TO audit");
  while (!log.flush()) continue;
  CHECK(rows(*store) == 3);
  CHECK(log.record(view_by("p3")).has_value());
  CHECK(log.flush());
  CHECK(verify(store->audit()).rows == 4);
  CHECK(verify(store->audit()).faults.empty());
}

TEST_CASE("Rows that can never be written are not lost in silence") {
  TemporaryDirectory const directory;
  auto const store = open_store(directory.path());
  change(directory.path(), "ALTER TABLE audit RENAME TO mislaid");
  std::string last;
  {
    AuditLog log(*store, [] { return Instant(); },
                 {.gather = 1h, .on_fault = [&](std::string const& reason) { last = reason; }});
    REQUIRE(log.record(view_by("p1")).has_value());
    REQUIRE(log.record(view_by("p2")).has_value());
  }
  CHECK(last == "2 rows of the audit are lost");
}

TEST_CASE("Many who look at once are all on record") {
  TemporaryDirectory const directory;
  auto const store = open_store(directory.path());
  AuditLog log(*store, [] { return Instant(); }, {.queue = 64, .gather = 0ms});
  std::atomic<std::size_t> taken = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 8; ++thread) {
      threads.emplace_back([&] {
        for (int turn = 0; turn < 200; ++turn) {
          if (log.record(view_by("p1"))) ++taken;
        }
      });
    }
  }
  CHECK(log.flush());
  CHECK(verify(store->audit()).rows == static_cast<std::int64_t>(taken.load()));
  CHECK(verify(store->audit()).faults.empty());
}

TEST_CASE("The audit is kept for its retention, to the day") {
  TemporaryDirectory const directory;
  auto const store = open_store(directory.path());
  Instant const start = *parse_instant("2026-01-01T00:00:00+08:00");
  Instant now = start;
  AuditLog log(*store, [&] { return now; });
  for (int day = 0; day < 10; ++day) {
    now = start + std::chrono::days(day);
    REQUIRE(log.record(view_by("p" + std::to_string(day))).has_value());
    REQUIRE(log.flush());
  }
  now = start + std::chrono::days(400);
  CHECK(log.purge_expired() == 0);
  now += 1s;
  CHECK(log.purge_expired() == 1);
  now = start + std::chrono::days(404);
  CHECK(log.purge_expired() == 3);
  auto const left = store->audit().list({.kind = AuditKind::case_viewed});
  CHECK(left->items.size() == 6);
  CHECK(left->items.back().person == "p4");
  CHECK(verify(store->audit()).faults.empty());
}

}  // namespace bihuan
