// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "engine/store/sql/search_text.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tests/store/builders.hpp"
#include "tests/store/store_suite.hpp"
#include "tests/support/postgres_server.hpp"

namespace bihuan::sqlite {
namespace {

using sql::number_tokens;
using sql::search_query;
using sql::search_tokens;

constexpr Sql insert{"insert", "INSERT INTO t (rowid, tokens) VALUES (1, ?)"};
constexpr Sql search{"search", "SELECT count(*) FROM t WHERE t MATCH ?"};

// As PostgreSQL's own words have it.
bool finds_there(std::string const& tokens, std::string const& typed) {
  auto& server = test::PostgresServer::shared();
  return server.ask(server.database("search"), "SELECT $a$" + sql::search_vector(tokens) + "$a$::tsvector @@ $a$" +
                                                   sql::vector_query(typed) + "$a$::tsquery") == "t";
}

bool finds(std::string const& tokens, std::string const& typed) {
  Connection connection(":memory:", Connection::Mode::read_write);
  connection.execute("table", "CREATE VIRTUAL TABLE t USING fts5 (tokens, tokenize = 'unicode61 remove_diacritics 2')");
  connection.run(insert, tokens);
  auto const query = search_query(typed);
  if (query.empty()) {
    return false;
  }
  auto row = connection.query(search, query);
  row.step();
  bool const found = row.integer(0) == 1;
  CHECK(finds_there(tokens, typed) == found);
  return found;
}

}  // namespace

TEST_CASE("Text becomes pairs of ideographs and lower-case words") {
  CHECK(search_tokens("污水处理") == "污水 水处 处理 理");
  CHECK(search_tokens("水") == "水");
  CHECK(search_tokens("COD超标，见A3栋") == "cod 超标 标 见 a3 栋");
  CHECK(search_tokens("ＣＯＤ１２") == "cod12");
  CHECK(search_tokens(" ,。!") == "");
  CHECK(search_tokens("\xff\xfe水") == "水");
  CHECK(number_tokens("BN-WT-2026-000123") == "bn wt 2026 000123 00123 0123 123");
  CHECK(number_tokens("BN-WT-2026-000007") == "bn wt 2026 000007 00007 0007 007 7");
}

TEST_CASE("What is typed finds the texts that hold it, and no other") {
  struct Row {
    char const* text;
    char const* typed;
    bool found;
  };
  for (Row const& row : {Row{"某企业雨水口污水外溢", "污水", true},
                         {"某企业雨水口污水外溢", "雨水口", true},
                         {"某企业雨水口污水外溢", "水口污", true},
                         {"某企业雨水口污水外溢", "溢", true},
                         {"某企业雨水口污水外溢", "某", true},
                         {"某企业雨水口污水外溢", "污水 企业", true},
                         {"某企业雨水口污水外溢", "水雨", false},
                         {"某企业雨水口污水外溢", "污水 大气", false},
                         {"水污染，企业排水", "污水", false},
                         {"雨水口和水口污", "雨水口污", false},
                         {"COD超标", "cod", true},
                         {"COD超标", "co", true},
                         {"COD超标", "cod超标", true},
                         {"Überlauf", "uberlauf", true},
                         {"第12号", "12", true},
                         {"第12号", "1", false},
                         {"𠀀𠀁", "𠀀𠀁", true}}) {
    CAPTURE(row.text);
    CAPTURE(row.typed);
    CHECK(finds(search_tokens(row.text), row.typed) == row.found);
  }
}

TEST_CASE("A case is found by its number and by the last digits of it") {
  auto const tokens = search_tokens("河道垃圾") + " " + number_tokens("BN-WT-2026-000123");
  for (char const* const typed :
       {"BN-WT-2026-000123", "bn-wt-2026-000123", "000123", "0123", "123", "2026-000123", "BN-WT"}) {
    CAPTURE(typed);
    CHECK(finds(tokens, typed));
  }
  for (char const* const typed : {"23", "BN-WT-2026-000124", "WT-BN", "1234"}) {
    CAPTURE(typed);
    CHECK_FALSE(finds(tokens, typed));
  }
}

TEST_CASE("Nothing typed is taken as the syntax of the index") {
  for (char const* const typed :
       {"\"", "a\" OR \"b", "NEAR(污水 企业)", "tokens:污水", "污水*", "-污水", "^污水", "(", "AND", "NOT 水"}) {
    CAPTURE(typed);
    CHECK_NOTHROW((void)finds(search_tokens("污水"), typed));
  }
  CHECK_FALSE(finds(search_tokens("污水"), "tokens:污水"));
  CHECK_FALSE(finds(search_tokens("污水"), "气 OR 污水"));
  CHECK(finds(search_tokens("a or b"), "a\" OR \"b"));
}

TEST_CASE("A very long text is searched by its first words") {
  std::string many;
  for (int number = 0; number < 1000; ++number) {
    many += "水 ";
  }
  CHECK(search_query(many).size() < 1000);
}

TEST_CASE("A case is found by its new title and its number after it was corrected, and not by the old title") {
  for (auto const& kind : test::store_kinds()) {
    CAPTURE(kind.name);
    test::TemporaryDirectory const directory;
    auto const store = kind.open(directory.path());
    test::Tale tale({.id = "a", .title = "河道垃圾"});
    test::must_append(*store, test::of(tale.open()));
    test::must_append(*store, test::of(tale.comment("看过")));
    test::must_append(*store, test::of(tale.retitle("扬尘污染")));
    for (auto const& [typed, found] : std::vector<std::pair<std::string, std::size_t>>{
             {"河道", 0}, {"扬尘", 1}, {"BN-WT-2026-000001", 1}, {"1", 1}}) {
      CAPTURE(typed);
      CHECK(store->cases().list({.text = typed}, test::everything(), test::at(0))->items.size() == found);
    }
  }
}

}  // namespace bihuan::sqlite
