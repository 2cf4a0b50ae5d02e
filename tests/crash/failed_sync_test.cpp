// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/store_fault.hpp"
#include "tools/bihuan/scratch.hpp"
#include "tools/crash/faulty_disk.hpp"

namespace bihuan::crash {
namespace {

constexpr Mood syncs_fail_once{.failing_syncs = 1000, .failures = 1};

std::string put(Store& store, std::string const& bytes) {
  return store.attachments().put("现场.jpg", "image/jpeg", "p1", source_of(bytes)).sha256;
}

}  // namespace

// A system that could not write something may count it as written: the next sync does not try it again. What is
// confirmed later must not rest on it.
TEST_CASE("A sync that failed under one upload takes no later upload with it when the power goes") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    ScratchDirectory const scratch;
    auto const data = scratch.path() / "data";
    FaultyDisk disk(data, seed);
    auto store = std::move(open_sqlite_store(data).value());
    auto const before = put(*store, "before");
    disk.feel(syncs_fail_once);
    CHECK_THROWS_AS(put(*store, std::string(600'000, 'a')), StoreFault);
    disk.calm();
    auto const after = put(*store, "after");
    disk.stop();
    store.reset();
    disk.calm();
    disk.lose_power();
    store = std::move(open_sqlite_store(data).value());
    CHECK(store->attachments().find_upload(before, "p1"));
    CHECK(store->attachments().find_upload(after, "p1"));
  }
}

TEST_CASE("A sync that failed under one change takes no later change with it when the power goes") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    ScratchDirectory const scratch;
    auto const data = scratch.path() / "data";
    FaultyDisk disk(data, seed);
    auto store = std::move(open_sqlite_store(data).value());
    auto const unit = [](std::string id) {
      OrganisationUnit made;
      made.id = std::move(id);
      return made;
    };
    REQUIRE(store->units().put(unit("before"), 0).has_value());
    disk.feel(syncs_fail_once);
    CHECK_THROWS_AS((void)store->units().put(unit("failed"), 0), StoreFault);
    disk.calm();
    REQUIRE(store->units().put(unit("after"), 0).has_value());
    disk.stop();
    store.reset();
    disk.calm();
    disk.lose_power();
    store = std::move(open_sqlite_store(data).value());
    auto const units = store->units().all();
    CHECK(units.size() >= 2);
    CHECK(units.front().unit.id == "before");
    CHECK(units.back().unit.id == "after");
  }
}

}  // namespace bihuan::crash
