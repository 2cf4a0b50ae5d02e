// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <string_view>

#include "engine/store/sql/list_query.hpp"
#include "engine/store/sql/writer.hpp"
#include "engine/store/sqlite/schema.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/verify.hpp"
#include "tests/store/builders.hpp"

// What is SQLite's own: files, locks, schema, plans, faults.

namespace bihuan::sqlite {
namespace {

using sql::compose_list;
using sql::compose_worklist;
using sql::Dialect;
using sql::Position;
using sql::Writer;
using test::TemporaryDirectory;

std::vector<std::unique_ptr<sql::Connection>> alone(Connection connection) {
  std::vector<std::unique_ptr<sql::Connection>> one;
  one.push_back(std::make_unique<Connection>(std::move(connection)));
  return one;
}

std::unique_ptr<Store> open(std::filesystem::path const& directory) {
  auto store = open_sqlite_store(directory, {.durable = false});
  REQUIRE(store.has_value());
  return std::move(*store);
}

Code why_not(std::filesystem::path const& directory) {
  auto const store = open_sqlite_store(directory);
  REQUIRE_FALSE(store.has_value());
  return store.error().front().code;
}

void change(std::filesystem::path const& file, char const* script) {
  Connection connection(file, Connection::Mode::read_write);
  connection.execute("tamper", script);
}

std::string bytes_of(std::filesystem::path const& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("A fresh directory is created with both files, and nothing is left of the log after closing") {
  TemporaryDirectory const directory;
  auto const place = directory.path() / "a" / "b";
  open(place);
  CHECK(std::filesystem::exists(place / "bihuan.db"));
  CHECK(std::filesystem::exists(place / "attachments.db"));
  CHECK_FALSE(std::filesystem::exists(place / "bihuan.db-wal"));
  Connection connection(place / "bihuan.db", Connection::Mode::read_only);
  CHECK(connection.pragma("user_version") == static_cast<std::int64_t>(case_schema().size()));
  CHECK(connection.pragma("foreign_key_check") == 0);
}

TEST_CASE("A log that one append after another writes to is copied into the database meanwhile, and begins anew") {
  constexpr int cases = 300;
  auto const size_of_log = [&](int log_pages) {
    TemporaryDirectory const directory;
    auto store = open_sqlite_store(directory.path(), {.durable = false, .log_pages = log_pages});
    REQUIRE(store.has_value());
    for (int number = 0; number < cases; ++number) {
      test::Tale tale({.id = "c" + std::to_string(number)});
      test::must_append(**store, test::of(tale.open()));
    }
    auto const size = std::filesystem::file_size(directory.path() / "bihuan.db-wal");
    store->reset();
    auto const verified = verify(open(directory.path())->cases());
    CHECK(verified.faults.empty());
    CHECK(verified.cases == cases);
    return size;
  };
  CHECK(size_of_log(16) < size_of_log(1'000'000) / 10);
}

TEST_CASE("A directory that another has open is refused, and free again afterwards") {
  TemporaryDirectory const directory;
  auto store = open(directory.path());
  CHECK(why_not(directory.path()) == Code::store_in_use);
  store.reset();
  CHECK_NOTHROW(open(directory.path()));
}

TEST_CASE("A directory that cannot be written is refused") {
  TemporaryDirectory const directory;
  std::ofstream(directory.path() / "file") << "not a directory";
  CHECK(why_not(directory.path() / "file") == Code::store_read_only);
  CHECK(why_not(directory.path() / "file" / "below") == Code::store_read_only);
  CHECK(why_not("/proc/bihuan") == Code::store_read_only);
}

TEST_CASE("A database of a newer program is refused and left as it was") {
  for (char const* const name : {"bihuan.db", "attachments.db"}) {
    CAPTURE(name);
    TemporaryDirectory const directory;
    open(directory.path());
    change(directory.path() / name, "PRAGMA user_version = 999");
    auto const before = bytes_of(directory.path() / name);
    CHECK(why_not(directory.path()) == Code::newer_store);
    CHECK(bytes_of(directory.path() / name) == before);
  }
}

TEST_CASE("A store of before closing, pending and handling were kept gets them from its events") {
  TemporaryDirectory const directory;
  {
    auto const store = open(directory.path());
    test::Tale closed({.id = "closed"});
    test::must_append(*store, test::of(closed.open()));
    test::must_append(*store, test::of(closed.go("closed", true)));
    test::must_append(*store, test::of(closed.go("again", false)));
    test::must_append(*store, test::of(closed.go("closed", true)));
    test::must_append(*store, test::of(closed.comment("后来看过", "p7")));
    test::Tale waiting({.id = "waiting", .opener = "p2"});
    test::must_append(*store, test::of(waiting.open()));
    test::must_append(*store, test::of(waiting.ask("strike-off")));
  }
  {
    Connection connection(directory.path() / "bihuan.db", Connection::Mode::read_write);
    connection.execute("undo",
                       "DROP INDEX cases_closed; DROP INDEX cases_pending; DROP TABLE handled;"
                       "ALTER TABLE cases DROP COLUMN closed; ALTER TABLE cases DROP COLUMN pending;"
                       "UPDATE cases SET body = json_remove(body, '$.closed');");
    auto const schema = case_schema();
    auto const found = std::ranges::find(schema, std::string_view("closed, pending, handled"), &SchemaChange::name);
    REQUIRE(found != schema.end());
    auto const before = static_cast<std::size_t>(found - schema.begin());
    auto const set_version = [&connection](std::size_t version) {
      connection.execute("version", ("PRAGMA user_version = " + std::to_string(version)).c_str());
    };
    set_version(before);
    bring_up_to_date(connection, schema.first(before + 1));
    set_version(schema.size());
  }
  auto const store = open(directory.path());
  auto const list = [&store](CaseQuery const& query) {
    return test::ids(store->cases().list(query, test::everything(), test::at(0)).value());
  };
  using Ids = std::vector<std::string>;
  CHECK(store->cases().find("closed", test::everything())->closed == test::at(3));
  CHECK(list({.closed_from = test::at(3), .closed_to = test::at(3)}) == Ids{"closed"});
  CHECK(list({.pending = true}) == Ids{"waiting"});
  CHECK(list({.handler = "p7"}) == Ids{"closed"});
  CHECK(list({.handler = "p2"}) == Ids{"waiting"});
  CHECK(store->cases().verify_rows().empty());
}

TEST_CASE("A store of before rows went by opening is searched in that order afterwards") {
  TemporaryDirectory const directory;
  {
    auto const store = open(directory.path());
    for (auto const& [id, opened] : {std::pair("second", 20), {"first", 10}, {"third", 30}}) {
      test::Tale tale({.id = id,
                       .opened = opened,
                       .fields = {{"place", {{"latitude", 29.4781}, {"longitude", 106.5436 + opened * 0.0001}}}}});
      test::must_append(*store, test::of(tale.open()));
    }
  }
  change(directory.path() / "bihuan.db",
         "CREATE TABLE kept AS SELECT c.id, c.row, s.tokens, p.south, p.west FROM cases c"
         "  JOIN search s ON s.rowid = c.row JOIN place p ON p.row = c.row;"
         "DELETE FROM search; DELETE FROM place;"
         "UPDATE cases SET row = CASE id WHEN 'second' THEN 1 WHEN 'first' THEN 2 ELSE 3 END;"
         "INSERT INTO search (rowid, tokens) SELECT c.row, k.tokens FROM kept k JOIN cases c USING (id);"
         "INSERT INTO place SELECT c.row, k.south, k.south, k.west, k.west FROM kept k JOIN cases c USING (id);"
         "DROP TABLE kept; DROP INDEX cases_state_opened; DROP INDEX cases_counted; PRAGMA user_version = 11;");
  auto const store = open(directory.path());
  test::Tale tale({.id = "fourth", .opened = 30});
  test::must_append(*store, test::of(tale.open()));
  auto const list = [&store](CaseQuery const& query) {
    return test::ids(store->cases().list(query, test::everything(), test::at(0)).value());
  };
  using Ids = std::vector<std::string>;
  CHECK(list({.text = "污水"}) == Ids{"fourth", "third", "second", "first"});
  CHECK(list({.text = "污水", .sort = CaseQuery::Sort::opened_oldest}) == Ids{"first", "second", "third", "fourth"});
  CHECK(list({.opened_from = test::at(20), .opened_to = test::at(20), .text = "污水"}) == Ids{"second"});
  CHECK(list({.text = "污水", .near = Circle{.latitude = 29.4781, .longitude = 106.5466, .metres = 60}}) ==
        Ids{"third"});
  CHECK(store->cases().verify_rows().empty());
}

TEST_CASE("Words that very many cases have are looked for along the order that is asked for") {
  TemporaryDirectory const directory;
  auto const store = open(directory.path());
  std::vector<std::string> expected;
  for (int number = 0; number < 4; ++number) {
    test::Tale tale({.id = "case-" + std::to_string(number), .title = number == 2 ? "大气" : "某企业雨水口污水外溢"});
    test::must_append(*store, test::of(tale.open(40 - number)));
    if (number != 2) expected.insert(expected.begin(), tale.subject().id);
  }
  // Rows of no case, so that the test need not open so many.
  change(directory.path() / "bihuan.db",
         "INSERT INTO search (rowid, tokens) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
         "  WHERE i < 20001) SELECT -i, '污水' FROM n;");
  CaseQuery query{.text = "污水", .sort = CaseQuery::Sort::due_soonest, .limit = 2};
  auto const first = store->cases().list(query, test::everything(), test::at(0)).value();
  CHECK(test::ids(first) == std::vector<std::string>{expected[0], expected[1]});
  query.cursor = first.next_cursor;
  CHECK(test::ids(store->cases().list(query, test::everything(), test::at(0)).value()) ==
        std::vector<std::string>{expected[2]});
  query.cursor.clear();
  query.light = Light::red;
  CHECK(test::ids(store->cases().list(query, test::seen_by("water"), test::at(39)).value()) ==
        std::vector<std::string>{expected[0]});
}

TEST_CASE("A store of before states reached and places were kept gets them from its cases") {
  TemporaryDirectory const directory;
  {
    auto const store = open(directory.path());
    test::Tale tale({.id = "a", .fields = {{"place", {{"latitude", 29.4781}, {"longitude", 106.5436}}}}});
    test::must_append(*store, test::of(tale.open()));
    test::must_append(*store, test::of(tale.go("rectifying")));
    test::Tale nowhere({.id = "b", .fields = {{"place", {{"name", "某处"}}}}});
    test::must_append(*store, test::of(nowhere.open()));
  }
  {
    Connection connection(directory.path() / "bihuan.db", Connection::Mode::read_write);
    connection.execute("undo", "DROP TABLE reached; DROP TABLE place;");
    auto const schema = case_schema();
    auto const found = std::ranges::find(schema, std::string_view("states reached"), &SchemaChange::name);
    REQUIRE(found != schema.end());
    auto const before = static_cast<std::size_t>(found - schema.begin());
    auto const set_version = [&connection](std::size_t version) {
      connection.execute("version", ("PRAGMA user_version = " + std::to_string(version)).c_str());
    };
    set_version(before);
    bring_up_to_date(connection, schema.first(before + 2));
    set_version(schema.size());
  }
  auto const store = open(directory.path());
  auto const list = [&store](CaseQuery const& query) {
    return test::ids(store->cases().list(query, test::everything(), test::at(0)).value());
  };
  using Ids = std::vector<std::string>;
  CHECK(list({.reached = {"rectifying"}}) == Ids{"a"});
  CHECK(list({.reached = {"found"}, .sort = CaseQuery::Sort::opened_oldest}) == Ids{"a", "b"});
  CHECK(list({.near = Circle{29.4781, 106.5436, 1}}) == Ids{"a"});
  CHECK(store->cases().verify_rows().empty());
}

TEST_CASE("Rows of states and places that say something else than the cases are found") {
  for (auto const& [script, faults] :
       std::map<char const*, std::size_t>{{"DELETE FROM reached WHERE state = 'rectifying'", 1},
                                          {"INSERT INTO reached VALUES ('inspection-issue', 'closed', 0, 'a')", 1},
                                          {"UPDATE place SET south = south + 1, north = north + 1", 1},
                                          {"DELETE FROM place", 1},
                                          {"INSERT INTO place VALUES (99, 1, 1, 1, 1)", 1}}) {
    CAPTURE(script);
    TemporaryDirectory const directory;
    auto store = open(directory.path());
    test::Tale tale({.id = "a", .fields = {{"place", {{"latitude", 29.4781}, {"longitude", 106.5436}}}}});
    test::must_append(*store, test::of(tale.open()));
    test::must_append(*store, test::of(tale.go("rectifying")));
    CHECK(store->cases().verify_rows().empty());
    store.reset();
    change(directory.path() / "bihuan.db", script);
    CHECK(open(directory.path())->cases().verify_rows().size() == faults);
  }
}

TEST_CASE("A file that is no database is a fault") {
  TemporaryDirectory const directory;
  std::ofstream(directory.path() / "bihuan.db") << std::string(8192, 'x');
  CHECK_THROWS_AS((void)open_sqlite_store(directory.path()), StoreFault);
}

TEST_CASE("Schema changes are applied once each, in order, whole or not at all") {
  TemporaryDirectory const directory;
  Connection connection(directory.path() / "s.db", Connection::Mode::read_write);
  std::vector<SchemaChange> changes{{"one", "CREATE TABLE a (x); INSERT INTO a VALUES (1);"}};
  bring_up_to_date(connection, changes);
  bring_up_to_date(connection, changes);
  changes.push_back({"two", "INSERT INTO a VALUES (2); INSERT INTO nowhere VALUES (3);"});
  CHECK_THROWS_AS(bring_up_to_date(connection, changes), StoreFault);
  CHECK(connection.pragma("user_version") == 1);
  changes.back().script = "INSERT INTO a VALUES (2);";
  bring_up_to_date(connection, changes);
  CHECK(connection.pragma("user_version") == 2);
  constexpr static Sql count{"count", "SELECT count(*) FROM a"};
  auto row = connection.query(count);
  row.step();
  CHECK(row.integer(0) == 2);
}

TEST_CASE("Verification names what was altered behind the store's back") {
  struct Row {
    char const* script;
    char const* what;
  };
  for (Row const& row : {
           Row{"UPDATE event SET body = replace(body, 'one', 'two') WHERE revision = 2", "altered"},
           Row{"UPDATE event SET body = 'nonsense' WHERE revision = 2", "altered"},
           Row{"UPDATE event SET body = replace(body, '\"commented\"', '\"invented\"') WHERE revision = 2", "altered"},
           Row{"DELETE FROM event WHERE revision = 2", "altered"},
           Row{"DELETE FROM event WHERE revision = 3", "differs"},
           Row{"DELETE FROM event", "no events"},
           Row{"UPDATE cases SET state = 'closed'", "state"},
           Row{"UPDATE cases SET body = replace(body, '污水', '清水')", "differs"},
           Row{"UPDATE cases SET body = '{}'", "differs"},
           Row{"UPDATE cases SET title = 'x'", "title"},
           Row{"UPDATE cases SET due = due + 1", "due"},
           Row{"UPDATE party SET unit = 'housing' WHERE party = 'lead'", "parties"},
           Row{"INSERT INTO party SELECT case_id, 'spy', 'court', '', 1, 0, opened, due FROM party LIMIT 1", "parties"},
           Row{"UPDATE party SET owns_step = 0", "parties"},
           Row{"UPDATE deadline SET due = due + 1", "deadlines"},
           Row{"DELETE FROM deadline", "deadlines"},
           Row{"UPDATE cases SET number = 'BN-WT-2026-000009'", "number"},
           Row{"UPDATE event SET revision = 5 WHERE revision = 3", "altered"},
       }) {
    CAPTURE(std::string(row.script));
    TemporaryDirectory const directory;
    {
      auto const store = open(directory.path());
      test::Tale tale({.id = "a"});
      test::must_append(*store, test::of(tale.open(test::day)));
      test::must_append(*store, test::of(tale.comment("one")));
      test::must_append(*store, test::of(tale.go("rectifying")));
      CHECK(verify(store->cases()).faults.empty());
    }
    change(directory.path() / "bihuan.db", row.script);
    auto const store = open(directory.path());
    auto const faults = verify(store->cases()).faults;
    REQUIRE_FALSE(faults.empty());
    CHECK(faults.front().what.find(row.what) != std::string::npos);
  }
}

TEST_CASE("Verification misses a case that is gone with all its events") {
  TemporaryDirectory const directory;
  {
    auto const store = open(directory.path());
    for (char const* const id : {"a", "b", "c"}) {
      test::Tale tale({.id = id});
      test::must_append(*store, test::of(tale.open()));
    }
  }
  change(directory.path() / "bihuan.db",
         "DELETE FROM event WHERE case_id = 'b'; DELETE FROM party WHERE case_id = 'b'; DELETE FROM reached "
         "WHERE case_id = 'b'; DELETE FROM cases WHERE id = 'b'");
  auto const faults = verify(open(directory.path())->cases()).faults;
  REQUIRE(faults.size() == 1);
  CHECK(faults.front().what.find("BN-WT-2026-3 stands where 2") != std::string::npos);
}

TEST_CASE("What an upload left behind when the program died is purged at the next start") {
  TemporaryDirectory const directory;
  open(directory.path());
  change(directory.path() / "attachments.db",
         "INSERT INTO attachment VALUES (7, NULL, 0); INSERT INTO chunk (blob, place, bytes) VALUES (7, 0, "
         "x'00')");
  open(directory.path());
  Connection connection(directory.path() / "attachments.db", Connection::Mode::read_only);
  constexpr static Sql count{"count", "SELECT (SELECT count(*) FROM chunk) + (SELECT count(*) FROM attachment)"};
  auto row = connection.query(count);
  row.step();
  CHECK(row.integer(0) == 0);
}

TEST_CASE("The writer refuses more than its queue holds, and finishes what it took") {
  TemporaryDirectory const directory;
  Connection connection(directory.path() / "w.db", Connection::Mode::read_write);
  connection.execute("table", "PRAGMA journal_mode=WAL; CREATE TABLE a (x INTEGER)");
  constexpr static Sql insert{"insert", "INSERT INTO a VALUES (1)"};
  std::vector<std::future<bool>> waiting;
  {
    Writer writer(alone(std::move(connection)), {.queue = 2, .batch = 8});
    std::promise<void> started;
    std::promise<void> go_on;
    auto held = std::async(std::launch::async, [&] {
      return writer
          .write([&](sql::Connection& on) -> Result<void> {
            started.set_value();
            go_on.get_future().wait();
            on.run(insert);
            return {};
          })
          .has_value();
    });
    started.get_future().wait();
    auto const one = [&writer] {
      return writer.write([](sql::Connection& on) -> Result<void> { return on.run(insert), Result<void>(); })
          .has_value();
    };
    // With the writer held, exactly two of these find a place; the rest are answered at once.
    for (int number = 0; number < 6; ++number) {
      waiting.push_back(std::async(std::launch::async, one));
    }
    int refused_count = 0;
    while (refused_count < 4) {
      refused_count = static_cast<int>(std::count_if(waiting.begin(), waiting.end(), [](auto& answer) {
        return answer.wait_for(std::chrono::milliseconds(1)) == std::future_status::ready;
      }));
    }
    go_on.set_value();
    CHECK(held.get());
    CHECK(std::count_if(waiting.begin(), waiting.end(), [](auto& answer) { return answer.get(); }) == 2);
  }
  Connection after(directory.path() / "w.db", Connection::Mode::read_only);
  constexpr static Sql count{"count", "SELECT count(*) FROM a"};
  auto row = after.query(count);
  row.step();
  CHECK(row.integer(0) == 3);
}

TEST_CASE("A job that fails undoes its own work and leaves its neighbours in the batch alone") {
  TemporaryDirectory const directory;
  Connection connection(directory.path() / "w.db", Connection::Mode::read_write);
  connection.execute("table", "PRAGMA journal_mode=WAL; CREATE TABLE a (x INTEGER UNIQUE)");
  constexpr static Sql insert{"insert", "INSERT INTO a VALUES (?)"};
  Writer writer(alone(std::move(connection)), {});
  auto const put = [&writer](std::int64_t value, bool refuse) {
    return writer.write([=](sql::Connection& on) -> Result<void> {
      on.run(insert, value);
      if (refuse) {
        return refused(refusal(Code::conflict, {}));
      }
      return {};
    });
  };
  CHECK(put(1, false).has_value());
  CHECK_FALSE(put(2, true).has_value());
  CHECK_THROWS_AS((void)put(1, false), StoreFault);
  CHECK(put(2, false).has_value());
}

TEST_CASE("A commit that fails fails for all who shared it, and the writer goes on afterwards") {
  TemporaryDirectory const directory;
  auto const file = directory.path() / "w.db";
  Connection connection(file, Connection::Mode::read_write);
  // A deferred foreign key is only looked at by the commit.
  connection.execute("table",
                     "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; CREATE TABLE a (x INTEGER PRIMARY KEY);"
                     "CREATE TABLE b (x REFERENCES a DEFERRABLE INITIALLY DEFERRED)");
  constexpr static Sql insert{"insert", "INSERT INTO a VALUES (?)"};
  constexpr static Sql orphan{"orphan", "INSERT INTO b VALUES (99)"};
  Writer writer(alone(std::move(connection)), {});
  std::promise<void> started;
  std::promise<void> go_on;
  auto good = std::async(std::launch::async, [&] {
    return writer.write([&](sql::Connection& on) -> Result<void> {
      started.set_value();
      go_on.get_future().wait();
      on.run(insert, std::int64_t{1});
      on.run(orphan);
      return {};
    });
  });
  started.get_future().wait();
  go_on.set_value();
  CHECK_THROWS_AS((void)good.get(), StoreFault);
  CHECK(
      writer.write([](sql::Connection& on) -> Result<void> { return on.run(insert, std::int64_t{1}), Result<void>(); })
          .has_value());
}

namespace {

std::vector<std::string> plan_of(std::filesystem::path const& file, std::string const& sql) {
  Connection connection(file, Connection::Mode::read_only);
  Statement statement(connection.cached("plan", "EXPLAIN QUERY PLAN " + sql));
  std::vector<std::string> lines;
  while (statement.step()) {
    lines.push_back(statement.text(3));
  }
  return lines;
}

}  // namespace

TEST_CASE("The lists people wait for walk an index: nothing is scanned and nothing is sorted") {
  TemporaryDirectory const directory;
  auto const store = open(directory.path());
  auto const everything = test::everything();
  auto const officer = test::seen_by("water");
  auto const reader = test::seen_by("police", {"inspection-issue", "criminal-referral"});
  using enum CaseQuery::Sort;
  std::vector<std::pair<CaseQuery, Visibility>> const asked{
      {{.unit = "water", .light = Light::red}, officer},
      {{.unit = "water", .light = Light::red}, everything},
      {{.unit = "water", .light = Light::red}, reader},
      {{.light = Light::red}, everything},
      {{.light = Light::red}, officer},
      {{.light = Light::red}, reader},
      {{.workflow = "inspection-issue", .light = Light::red}, reader},
      {{.light = Light::yellow}, reader},
      {{}, everything},
      {{}, officer},
      {{}, reader},
      {{.workflow = "inspection-issue"}, everything},
      {{.workflow = "inspection-issue"}, reader},
      {{.workflow = "inspection-issue"}, officer},
      {{.unit = "water"}, reader},
      {{.opener = "p1"}, officer},
      {{.sort = due_soonest}, reader},
      {{.sort = opened_oldest}, reader},
      {{.sort = changed_newest}, everything},
      {{.workflow = "inspection-issue", .states = {"found"}}, reader},
      {{.workflow = "inspection-issue", .states = {"found", "reported", "found"}}, reader},
      {{.workflow = "inspection-issue", .states = {"found"}}, officer},
      {{.workflow = "inspection-issue", .reached = {"found"}}, reader},
      {{.workflow = "inspection-issue", .reached = {"found"}}, officer},
      {{.text = "污水"}, everything},
      {{.opened_from = test::at(0), .text = "污水 企业"}, reader},
      {{.text = "污水", .sort = opened_oldest}, officer},
  };
  std::optional<Position> const later{{.key = 5, .id = "x"}};
  for (auto const& [query, visibility] : asked) {
    for (auto const& [position, large] : {std::pair{std::optional<Position>(), false}, {later, false}, {later, true}}) {
      auto const composed = compose_list(query, visibility, 100, position, Dialect::sqlite, {.large_workflow = large});
      CAPTURE(composed.text);
      for (std::string const& line : plan_of(directory.path() / "bihuan.db", composed.text)) {
        CAPTURE(line);
        CHECK(line.find("TEMP B-TREE") == std::string::npos);
        bool const by_words = line.find("VIRTUAL TABLE INDEX") != std::string::npos;
        bool const whole_table = line.starts_with("SCAN") && line.find("USING INDEX") == std::string::npos && !by_words;
        CHECK_FALSE(whole_table);
      }
    }
  }
  auto const worklist = compose_worklist("water", "p1", 50, later, Dialect::sqlite);
  for (std::string const& line : plan_of(directory.path() / "bihuan.db", worklist.text)) {
    CAPTURE(line);
    CHECK(line.starts_with("SEARCH"));
  }
}

}  // namespace bihuan::sqlite
