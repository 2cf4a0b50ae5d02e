// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "engine/store/audit_chain.hpp"
#include "tests/store/builders.hpp"
#include "tests/store/store_suite.hpp"

namespace bihuan::test {
namespace {

void with_each_store(std::function<void(Store&)> const& body) {
  for (StoreKind const& kind : store_kinds()) {
    CAPTURE(kind.name);
    TemporaryDirectory const directory;
    auto const store = kind.open(directory.path());
    body(*store);
  }
}

AuditEvent row(AuditKind kind, std::int64_t when, std::string person = "p1", std::string case_id = {}) {
  AuditEvent event;
  event.at = at(when);
  event.kind = kind;
  event.person = std::move(person);
  event.unit = "water";
  event.case_id = std::move(case_id);
  event.address = "192.0.2.7";
  event.detail = {{"shown", 3}, {"q", "某某\"电镀\""}};
  return event;
}

void must_append(Store& store, std::vector<AuditEvent> events) {
  REQUIRE(store.audit().append(std::move(events)).has_value());
}

std::vector<std::int64_t> sequences(std::vector<AuditEvent> const& events) {
  std::vector<std::int64_t> numbers;
  for (auto const& event : events) numbers.push_back(event.sequence);
  return numbers;
}

std::vector<std::int64_t> all_pages(Store& store, AuditQuery query) {
  std::vector<std::int64_t> numbers;
  do {
    auto const page = store.audit().list(query);
    REQUIRE(page.has_value());
    for (auto const number : sequences(page->items)) numbers.push_back(number);
    query.cursor = page->next_cursor;
  } while (!query.cursor.empty());
  return numbers;
}

void check_whole(Store& store) {
  for (auto const& fault : verify(store.audit()).faults) FAIL_CHECK(fault.sequence << ": " << fault.what);
}

}  // namespace

TEST_CASE("Rows of the audit come back as they went in, numbered and chained, over a restart as well") {
  for (StoreKind const& kind : store_kinds()) {
    TemporaryDirectory const directory;
    std::vector<AuditEvent> sent;
    for (auto const of_kind : all_audit_kinds()) {
      if (of_kind != AuditKind::audit_purged) sent.push_back(row(of_kind, 10, "p1", "a"));
    }
    {
      auto const store = kind.open(directory.path());
      must_append(*store, {sent.front()});
      must_append(*store, std::vector(sent.begin() + 1, sent.end()));
    }
    auto const store = kind.open(directory.path());
    auto page = store->audit().list({.limit = 200});
    REQUIRE(page.has_value());
    std::ranges::reverse(page->items);
    REQUIRE(page->items.size() == sent.size());
    std::string previous;
    for (std::size_t index = 0; index < sent.size(); ++index) {
      auto expected = sent[index];
      expected.sequence = static_cast<std::int64_t>(index) + 1;
      expected.previous = previous;
      expected.hash = page->items[index].hash;
      CHECK(page->items[index] == expected);
      previous = expected.hash;
    }
    check_whole(*store);
    CHECK(verify(store->audit()).rows == static_cast<std::int64_t>(sent.size()));
  }
}

TEST_CASE("The audit is searched by person, case, kind and time, newest first, however it is paged") {
  with_each_store([](Store& store) {
    must_append(store, {row(AuditKind::case_viewed, 10, "p1", "a"), row(AuditKind::cases_searched, 20, "p2"),
                        row(AuditKind::case_viewed, 20, "p1", "b"), row(AuditKind::case_viewed, 30, "p2", "a"),
                        row(AuditKind::signed_in, 25, "p1")});
    using Numbers = std::vector<std::int64_t>;
    for (std::size_t const limit : {1U, 2U, 3U, 50U}) {
      CAPTURE(limit);
      CHECK(all_pages(store, {.limit = limit}) == Numbers{4, 5, 3, 2, 1});
      CHECK(all_pages(store, {.person = "p1", .limit = limit}) == Numbers{5, 3, 1});
      CHECK(all_pages(store, {.case_id = "a", .limit = limit}) == Numbers{4, 1});
      CHECK(all_pages(store, {.kind = AuditKind::case_viewed, .limit = limit}) == Numbers{4, 3, 1});
      CHECK(all_pages(store, {.from = at(20), .to = at(25), .limit = limit}) == Numbers{5, 3, 2});
      CHECK(all_pages(store, {.person = "p2", .case_id = "a", .from = at(31), .limit = limit}).empty());
      CHECK(all_pages(store, {.person = "nobody", .limit = limit}).empty());
    }
  });
}

TEST_CASE("A cursor of another question about the audit is refused") {
  with_each_store([](Store& store) {
    must_append(store, {row(AuditKind::case_viewed, 1), row(AuditKind::case_viewed, 2)});
    auto const cursor = store.audit().list({.limit = 1})->next_cursor;
    for (auto const& wrong : {cursor + "x", std::string("x"), cursor}) {
      auto const page = store.audit().list({.person = "p1", .limit = 1, .cursor = wrong});
      REQUIRE_FALSE(page.has_value());
      CHECK(page.error().front().code == Code::bad_format);
    }
  });
}

TEST_CASE("Many at once write one unbroken log") {
  with_each_store([](Store& store) {
    {
      std::vector<std::jthread> threads;
      for (int thread = 0; thread < 8; ++thread) {
        threads.emplace_back([&store, thread] {
          for (int turn = 0; turn < 25; ++turn) {
            (void)store.audit().append({row(AuditKind::case_viewed, turn, "p" + std::to_string(thread)),
                                        row(AuditKind::history_viewed, turn)});
          }
        });
      }
    }
    CHECK(verify(store.audit()).rows == 400);
    check_whole(store);
  });
}

TEST_CASE("What is purged goes from the front, on record, and the rest stays verifiable") {
  with_each_store([](Store& store) {
    must_append(store, {row(AuditKind::case_viewed, 1 * day), row(AuditKind::case_viewed, 2 * day),
                        row(AuditKind::case_viewed, 5 * day), row(AuditKind::case_viewed, 3 * day)});
    CHECK(store.audit().purge(at(1 * day), at(6 * day)) == 0);
    // The fourth is older as well, but stands behind the third, which is kept.
    CHECK(store.audit().purge(at(4 * day), at(6 * day)) == 2);
    CHECK(store.audit().purge(at(4 * day), at(6 * day)) == 0);
    auto const kept = store.audit().list({});
    REQUIRE(kept.has_value());
    CHECK(sequences(kept->items) == std::vector<std::int64_t>{5, 3, 4});
    CHECK(kept->items.front().kind == AuditKind::audit_purged);
    CHECK(kept->items.front().detail.at("rows") == 2);
    CHECK(kept->items.front().detail.at("through") == 2);
    check_whole(store);
    // Everything: only the purge itself stays.
    CHECK(store.audit().purge(at(50 * day), at(51 * day)) == 3);
    CHECK(verify(store.audit()).rows == 1);
    check_whole(store);
    must_append(store, {row(AuditKind::case_viewed, 52 * day)});
    check_whole(store);
  });
}

}  // namespace bihuan::test
