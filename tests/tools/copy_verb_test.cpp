// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <set>
#include <sstream>

#include "engine/core/json.hpp"
#include "engine/store/copy/copy.hpp"
#include "engine/store/copy/tables.hpp"
#include "engine/store/feeds.hpp"
#include "engine/store/postgres/copy_side.hpp"
#include "engine/store/postgres/postgres_store.hpp"
#include "engine/store/sqlite/copy_side.hpp"
#include "engine/store/webhooks.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/tools/office.hpp"
#include "tools/bihuan/copy.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/scratch.hpp"

using namespace bihuan;
using bihuan::test::PostgresServer;

namespace {

namespace fs = std::filesystem;

Instant moment(std::int64_t seconds) {
  return Instant(std::chrono::seconds(1'790'000'000 + seconds));
}

// Something in every table.
void fill_the_rest(Store& store) {
  auto& people = store.people();
  for (auto const* const id : {"p1", "p2"}) {
    Person const person{
        .id = id, .name = id, .full_name = "某", .unit = "water", .roles = {"handler"}, .password_hash = "hash"};
    people.put_people(std::span(&person, 1));
  }
  people.put_session({"s1", "p1", moment(0), moment(900), moment(1), "10.0.0.1"});
  people.put_token({"t1", "h1", "p1", "export", TokenScope::act, moment(0), moment(900), {}});
  REQUIRE(people.put_second_factor("p1", "GEZDGNBVGY3TQOJQ"));
  REQUIRE(people.take_step("p1", "GEZDGNBVGY3TQOJQ", 5));
  store.substitutions().put(
      {.id = "u1", .absent = "p1", .substitute = "p2", .from = moment(0), .to = moment(900), .recorded_by = "p1"});
  OrganisationUnit unit;
  unit.id = "new-unit";
  unit.title = {"新设单位", "New unit"};
  unit.kind = "administrative";
  REQUIRE(store.units().put(unit, 0).has_value());
  for (std::int64_t number = 1; number <= 6; ++number) {
    AuditEvent event;
    event.at = moment(number * 86'400);
    event.person = "p1";
    event.case_id = "case";
    REQUIRE(store.audit().append({event}).has_value());
  }
  REQUIRE(store.audit().purge(moment(3 * 86'400), moment(7 * 86'400)) == 2);
  store.feeds().put({.id = "f1", .token_hash = "h1", .person = "p1", .name = "a", .created = moment(10)});
  Webhook hook{.id = "w1", .person = "p1", .url = "https://example.invalid/", .created = moment(100)};
  hook.secrets.push_back({.id = "w1-1", .secret = "whsec_one", .made = moment(100)});
  store.webhooks().put(hook);
  store.webhooks().progress("w1", {.told_up_to = 3},
                            DeadLetter{.id = "c.1",
                                       .webhook = "w1",
                                       .case_id = "c",
                                       .revision = 1,
                                       .attempts = 9,
                                       .fault = "refused",
                                       .at = moment(200)});
  std::string const large(600'000, 'x');  // three chunks
  (void)store.attachments().put("大.pdf", "application/pdf", "p1", source_of(large));
}

std::unique_ptr<Store> open(fs::path const& data) {
  auto store = open_sqlite_store(data, {.durable = false});
  REQUIRE(store.has_value());
  return std::move(*store);
}

std::unique_ptr<Store> open(std::string const& address, fs::path const& key) {
  auto store = open_postgres_store(address, {.key_file = key, .durable = false});
  REQUIRE(store.has_value());
  return std::move(*store);
}

// One line for each row.
std::vector<std::string> ask(fs::path const& file, std::string const& query) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
  std::vector<std::string> values;
  char* fault = nullptr;
  sqlite3_exec(
      database, query.c_str(),
      [](void* into, int count, char** row, char**) {
        std::string text;
        for (int at = 0; at < count; ++at)
          text += std::string(at == 0 ? "" : "|") + (row[at] == nullptr ? "" : row[at]);
        static_cast<std::vector<std::string>*>(into)->push_back(text);
        return 0;
      },
      &values, &fault);
  INFO(query);
  CHECK(std::string(fault == nullptr ? "" : fault).empty());
  sqlite3_close(database);
  return values;
}

// A database of its own, and a data directory with something in it.
struct House {
  ScratchDirectory scratch;
  fs::path data = scratch.path() / "data";
  std::string address = PostgresServer::shared().database(scratch.path().filename().string());

  explicit House(int cases = 7) {
    {
      Office office(data);
      for (int number = 0; number < cases; ++number) office.work("no " + std::to_string(number));
      (void)office.sealer().seal();
      office.work("after the seal");
      fill_the_rest(office.store());
    }
    (void)ask(data / "bihuan.db",
              "INSERT INTO idempotency SELECT 'p1', 'key', 'hash', id, 1, 5 FROM cases LIMIT 1;"
              " INSERT INTO imported SELECT 'ledger', '7', id FROM cases LIMIT 1;"
              " INSERT INTO link SELECT id, 'press', 1, 'other', 'w', 's', '', 0 FROM cases LIMIT 1;"
              " INSERT INTO outbox SELECT 9, 'notify', id, '{}', 5 FROM cases LIMIT 1");
  }
  [[nodiscard]] std::string sqlite(char const* name = "data") const {
    return "sqlite:" + (scratch.path() / name).string();
  }
};

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome copy(std::string const& from, std::string const& to) {
  std::ostringstream out;
  std::ostringstream err;
  auto const status = run_copy({.from = from, .to = to, .json = true, .at_once = 3}, out, err);
  return {status, out.str(), err.str()};
}

// Tables of a data directory's two files, without those that belong to a virtual one.
std::vector<std::string> tables_of(fs::path const& file) {
  return ask(file,
             "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')"
             " AND name NOT LIKE 'sqlite_%' ORDER BY name");
}

// All that a row says, without the number that the database gave a case: that goes by the order of opening.
std::string rows_query(fs::path const& file, std::string const& table) {
  if (table == "search") return "SELECT c.id, s.tokens FROM search s JOIN cases c ON c.row = s.rowid ORDER BY c.id";
  if (table == "place") return "SELECT c.id, p.south, p.west FROM place p JOIN cases c ON c.row = p.row ORDER BY c.id";
  std::string columns;
  for (auto const& column : ask(file, "SELECT name FROM pragma_table_info('" + table + "')")) {
    if (column != "row" || table == "unit") columns += (columns.empty() ? "" : ", ") + column;
  }
  return "SELECT " + columns + " FROM " + table + " ORDER BY " + columns;
}

void check_same_rows(fs::path const& left, fs::path const& right) {
  for (auto const* const name : {"bihuan.db", "attachments.db"}) {
    auto const tables = tables_of(left / name);
    CHECK(tables == tables_of(right / name));
    for (auto const& table : tables) {
      if (table == "probe") continue;
      CAPTURE(table);
      auto const query = rows_query(left / name, table);
      auto const expected = ask(left / name, query);
      CHECK_FALSE(expected.empty());
      CHECK(ask(right / name, query) == expected);
    }
  }
}

}  // namespace

TEST_CASE("what a store has, a copy takes: no table and no column is forgotten") {
  House const house(1);
  REQUIRE(copy(house.sqlite(), house.address).status == done);
  // Rows that the databases number by themselves, or make of others.
  std::set<std::string> const left_out{"place", "probe", "search", "cases.row", "chunk.row"};
  std::set<std::string> const postgres_alone{"event_counter",      "schema_change", "store_key", "timeline",
                                             "attachment.started", "account",       "writer"};
  std::set<std::string> copied;
  for (auto const& table : copied_tables()) {
    copied.insert(table.name);
    for (auto const& column : columns_of(table)) copied.insert(std::string(table.name) + "." + column.name);
  }
  std::set<std::string> expected;
  for (auto const* const name : {"bihuan.db", "attachments.db"}) {
    for (auto const& table : tables_of(house.data / name)) {
      if (left_out.contains(table)) continue;
      expected.insert(table);
      for (auto const& column : ask(house.data / name, "SELECT name FROM pragma_table_info('" + table + "')"))
        expected.insert(table + "." + column);
    }
  }
  for (auto const& name : left_out) expected.erase(name);
  CHECK(copied == expected);
  auto const there = PostgresServer::shared().ask(
      house.address,
      "SELECT string_agg(table_name || '.' || column_name, ' ') FROM information_schema.columns"
      " WHERE table_schema = 'public'");
  std::istringstream words(there);
  for (std::string word; words >> word;) {
    auto const table = word.substr(0, word.find('.'));
    if (left_out.contains(table) || postgres_alone.contains(table) || left_out.contains(word) ||
        postgres_alone.contains(word))
      continue;
    CAPTURE(word);
    CHECK(copied.contains(word));
  }
}

TEST_CASE("a store moves to PostgreSQL and back with every row as it was, and both verify") {
  House const house;
  auto const there = copy(house.sqlite(), house.address);
  CAPTURE(there.err);
  REQUIRE(there.status == done);
  CHECK(there.err.find("event") != std::string::npos);
  std::istringstream lines(there.out);
  std::string line;
  std::getline(lines, line);
  CHECK(Json::parse(line).at("tables").at("cases") == 8);
  std::getline(lines, line);
  CHECK(Json::parse(line).at("ok") == true);
  CHECK(Json::parse(line).at("sealed_events") > 0);
  auto const back = copy(house.address, house.sqlite("back"));
  CAPTURE(back.err);
  REQUIRE(back.status == done);
  check_same_rows(house.data, house.scratch.path() / "back");
}

TEST_CASE("a copied store goes on where the other stopped: words, secrets by the same key, numbers and sequences") {
  House const house;
  REQUIRE(copy(house.sqlite(), house.address).status == done);
  auto const expected = open(house.data);
  auto const store = open(house.address, house.data / data_key_file);
  CHECK(store->people().find_second_factor("p1")->secret == "GEZDGNBVGY3TQOJQ");
  CHECK(store->people().find_session("s1").has_value());
  CHECK(store->webhooks().find("w1")->secrets.front().secret == "whsec_one");
  for (auto const* const text : {"污水", "雨水口", "倾倒"}) {
    auto const words = [&](Store& one) {
      return one.cases().list({.text = text}, Visibility::of_everything(), moment(0)).value().items.size();
    };
    CHECK(words(*store) == words(*expected));
  }
  auto library = Library::load(fs::path(BIHUAN_SOURCE_DIR) / "workflows").value();
  REQUIRE(library.reconcile(*store).has_value());
  CaseService service(*store, library, wall_clock_now);
  OpenCaseRequest request;
  request.workflow = "inspection-issue";
  request.fields = Json(library.current(request.workflow)->example.at("fields"));
  request.documents["site-photo"] = {
      store->attachments().put("现场.jpg", "image/jpeg", "in", source_of("another")).sha256};
  auto const opened = service.open(request, {"in", "yudong", {"inspector"}, false});
  REQUIRE(opened.has_value());
  CHECK(opened->subject.number.ends_with("000009"));
  CHECK(store->cases().last_change() > expected->cases().last_change());
}

TEST_CASE("a copy that is killed again and again goes on each time, and nothing is there twice") {
  House const house;
  for (auto const& [from, to] : {std::pair{house.sqlite(), house.address}, {house.address, house.sqlite("back")}}) {
    int killed = 0;
    for (bool over = false; !over;) {
      auto const child = ::fork();
      if (child == 0) {
        int batches = 0;
        auto const side = [](std::string const& name, CopyEnd end) {
          return names_postgres(name) ? postgres_copy_side(name, end) : sqlite_copy_side(name.substr(7), end);
        };
        auto const source = side(from, CopyEnd::from);
        auto const target = side(to, CopyEnd::to);
        if (!source || !target) ::_exit(3);
        auto const copied =
            copy_store(*source, *target, {.at_once = 2, .progress = [&](CopyProgress const& now) {
                                            if (now.step == CopyProgress::Step::copying && ++batches == 9)
                                              ::kill(::getpid(), SIGKILL);
                                          }});
        ::_exit(copied ? 0 : 4);
      }
      int status = 0;
      REQUIRE(::waitpid(child, &status, 0) == child);
      over = WIFEXITED(status);
      if (over) {
        CHECK(WEXITSTATUS(status) == 0);
      } else {
        ++killed;
        // Nobody opens it meanwhile.
        auto const half = names_postgres(to) ? open_postgres_store(to, {.key_file = house.data / data_key_file})
                                             : open_sqlite_store(to.substr(7));
        REQUIRE_FALSE(half.has_value());
        CHECK(half.error().front().code == Code::store_in_use);
        REQUIRE(killed < 50);
      }
    }
    CHECK(killed > 3);
  }
  check_same_rows(house.data, house.scratch.path() / "back");
}

TEST_CASE("a copy refuses a target with something in it, another source's, and what somebody has open") {
  House const house(1);
  auto const said = [](Outcome const& outcome, char const* what) {
    CAPTURE(outcome.err);
    CHECK(outcome.status == said_no);
    CHECK(outcome.err.find(what) != std::string::npos);
  };
  CHECK(copy("data", house.address).status == wrong_use);
  said(copy(house.sqlite("nowhere"), house.address), "no data here");
  {
    auto const served = open(house.data);
    said(copy(house.sqlite(), house.address), "store_in_use");
  }
  {
    auto const served = open(house.address, house.scratch.path() / "other.key");
    said(copy(house.sqlite(), house.address), "store_in_use");
  }
  // Begun, and then somebody worked at the source.
  {
    auto const source = sqlite_copy_side(house.data, CopyEnd::from);
    auto const target = postgres_copy_side(house.address, CopyEnd::to);
    REQUIRE(source.has_value());
    REQUIRE(target.has_value());
    struct Stopped {};
    CHECK_THROWS_AS((void)copy_store(*source, *target, {.progress = [](CopyProgress const&) { throw Stopped(); }}),
                    Stopped);
  }
  said(copy(house.address, house.sqlite("back")), "bihuan copy");
  {
    AuditEvent event;
    event.at = moment(9 * 86'400);
    REQUIRE(open(house.data)->audit().append({event}).has_value());
  }
  said(copy(house.sqlite(), house.address), "another source");
  // Whole, it is not empty any more.
  REQUIRE(copy(house.sqlite(), house.sqlite("other")).status == done);
  said(copy(house.sqlite(), house.sqlite("other")), "empty");
}

TEST_CASE("a row that somebody changed in an unfinished copy keeps it closed") {
  House const house(2);
  auto const run = [&](CopyStoreOptions const& options) {
    auto const source = sqlite_copy_side(house.data, CopyEnd::from);
    auto const target = postgres_copy_side(house.address, CopyEnd::to);
    REQUIRE(source.has_value());
    REQUIRE(target.has_value());
    return copy_store(*source, *target, options);
  };
  struct Stopped {};
  CHECK_THROWS_AS((void)run({.progress =
                                 [](CopyProgress const& now) {
                                   if (now.step == CopyProgress::Step::comparing) throw Stopped();
                                 }}),
                  Stopped);
  PostgresServer::shared().run(house.address, "UPDATE cases SET title = title || '。' WHERE opened > 0");
  auto const found = run({});
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().front().text.en.find("cases") != std::string::npos);
  CHECK_FALSE(open_postgres_store(house.address, {.key_file = house.data / data_key_file}).has_value());
}
