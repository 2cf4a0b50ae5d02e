// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sqlite3.h>

#include "engine/store/audit_chain.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tests/store/builders.hpp"

namespace bihuan::test {
namespace {

using sqlite::Connection;

std::unique_ptr<Store> open(std::filesystem::path const& directory) {
  auto store = open_sqlite_store(directory, {.durable = false});
  REQUIRE(store.has_value());
  return std::move(*store);
}

constexpr char const* without_triggers = "DROP TRIGGER audit_unchanging; DROP TRIGGER audit_kept;";

// Ten rows, of which two are purged: 3 to 10, and the record of the purge as 11.
void fill(std::filesystem::path const& directory) {
  auto const store = open(directory);
  for (std::int64_t number = 1; number <= 10; ++number) {
    AuditEvent event;
    event.at = at(number * day);
    event.person = "p" + std::to_string(number);
    event.case_id = "case";
    REQUIRE(store->audit().append({event}).has_value());
  }
  REQUIRE(store->audit().purge(at(3 * day), at(11 * day)) == 2);
}

void change(std::filesystem::path const& directory, std::string const& script) {
  Connection connection(directory / "bihuan.db", Connection::Mode::read_write);
  connection.execute("tamper", script.c_str());
}

}  // namespace

TEST_CASE("Whatever is changed in the audit behind the store's back is named") {
  struct Tampering {
    std::string how;
    char const* script;
    std::int64_t row;  // 0: none
  };
  for (auto const& [how, script, row] : std::initializer_list<Tampering>{
           {"nothing", "", 0},
           {"the person of a row", "UPDATE audit SET person = 'p99' WHERE sequence = 5", 5},
           {"the case of a row", "UPDATE audit SET case_id = 'other' WHERE sequence = 5", 5},
           {"the time of a row", "UPDATE audit SET at = at + 1 WHERE sequence = 5", 5},
           {"the address of a row", "UPDATE audit SET address = 'elsewhere' WHERE sequence = 11", 11},
           {"what was seen", "UPDATE audit SET detail = '{\"shown\":0}' WHERE sequence = 5", 5},
           {"a row and its own hash", "UPDATE audit SET hash = 'ab' WHERE sequence = 5", 5},
           {"a row is gone", "DELETE FROM audit WHERE sequence = 5", 6},
           {"the last row is gone", "DELETE FROM audit WHERE sequence = 11", 10},
           {"all rows are gone", "DELETE FROM audit", 2},
           {"the first row is gone", "DELETE FROM audit WHERE sequence = 3", 4},
           {"two rows change places",
            "UPDATE audit SET sequence = -5 WHERE sequence = 5; UPDATE audit SET sequence = 5 WHERE sequence "
            "= 6;"
            "UPDATE audit SET sequence = 6 WHERE sequence = -5",
            5},
           {"more is gone from the front than was purged",
            "UPDATE audit_ends SET purged_sequence = 4, purged_hash = (SELECT hash FROM audit WHERE sequence "
            "= 4);"
            "DELETE FROM audit WHERE sequence <= 4",
            4}}) {
    CAPTURE(how);
    TemporaryDirectory const directory;
    fill(directory.path());
    change(directory.path(), std::string(without_triggers) + script);
    auto const verified = verify(open(directory.path())->audit());
    REQUIRE(verified.faults.size() == (row == 0 ? 0 : 1));
    if (row != 0) CHECK(verified.faults.front().sequence == row);
  }
}

TEST_CASE("By mistake no row of the audit is changed or deleted") {
  TemporaryDirectory const directory;
  fill(directory.path());
  CHECK_THROWS_AS(change(directory.path(), "UPDATE audit SET person = 'p99' WHERE sequence = 5"), StoreFault);
  CHECK_THROWS_AS(change(directory.path(), "DELETE FROM audit WHERE sequence = 5"), StoreFault);
}

}  // namespace bihuan::test
