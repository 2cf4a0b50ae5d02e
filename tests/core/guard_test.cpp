// SPDX-License-Identifier: Apache-2.0
#include "engine/core/guard.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

namespace bihuan {
namespace {

struct Case {
  std::string rule;
  std::string data;
  std::string result;  // as canonical JSON; "bad_rule" where the rule is refused
};

void check_all(std::vector<Case> const& table) {
  for (auto const& row : table) {
    CAPTURE(row.rule);
    CAPTURE(row.data);
    auto const result = evaluate(*parse_json(row.rule), *parse_json(row.data));
    CHECK((result ? canonical(*result) : std::string(code_name(result.error().front().code))) == row.result);
  }
}

TEST_CASE("what is no operation is itself") {
  check_all({
      {"7", "{}", "7"},
      {"null", "{}", "null"},
      {"{}", "{}", "{}"},
      {R"({"var":"a","if":1})", "{}", R"({"if":1,"var":"a"})"},
      {R"([1,{"+":[1,1]},[{"var":"a"}]])", R"({"a":"x"})", R"([1,2,["x"]])"},
      {R"({"depth":[1]})", "{}", "bad_rule"},
      {R"({"":1})", "{}", "bad_rule"},
      {R"({"if":[true,1,{"no-such":1}]})", "{}", "1"},
  });
}

TEST_CASE("var walks objects, lists and texts") {
  std::string const data = R"({"case":{"fields":{"level":"grave","count":0,"gone":null}},"l":[[5,6],"河长"],"n":4})";
  check_all({
      {R"({"var":"case.fields.level"})", data, R"("grave")"},
      {R"({"var":["case.fields.count",9]})", data, "0"},
      {R"({"var":["case.fields.gone",9]})", data, "null"},
      {R"({"var":["case.fields.other",9]})", data, "9"},
      {R"({"var":"case.fields.gone.more"})", data, "null"},
      {R"({"var":"l.0.1"})", data, "6"},
      {R"({"var":"l.1.1"})", data, R"("长")"},
      {R"({"var":"l.1.length"})", data, "2"},
      {R"({"var":"l.length"})", data, "2"},
      {R"({"var":"l.00"})", data, "null"},
      {R"({"var":"n.x"})", data, "null"},
      {R"({"var":1})", R"(["a","b"])", R"("b")"},
      {R"({"var":1.0})", R"({"1":{"0":"no"}})", R"({"0":"no"})"},
      {R"({"var":""})", R"([3])", "[3]"},
      {R"({"var":[]})", R"(8)", "8"},
      {R"({"var":null})", R"("x")", R"("x")"},
      {R"({"var":{"cat":["l.",1]}})", data, R"("河长")"},
      {R"({"var":["zz",{"var":"n"}]})", data, "4"},
      {R"({"var":"toString"})", "{}", "null"},
  });
}

TEST_CASE("missing and missing_some name the keys that are absent, null or empty") {
  check_all({
      {R"({"missing":["a","b","c","d"]})", R"({"a":0,"b":"","c":null})", R"(["b","c","d"])"},
      {R"({"missing":"a.x"})", R"({"a":{"x":false}})", "[]"},
      {R"({"missing":[["a","b"]]})", R"({"b":1})", R"(["a"])"},
      {R"({"missing":{"merge":["a",{"if":[{"var":"loan"},["rate"],[]]}]}})", R"({"loan":true,"a":1})", R"(["rate"])"},
      {R"({"missing":[]})", "{}", "[]"},
      {R"({"missing":[[["a","fallback"]]]})", "{}", "[]"},
      {R"({"missing_some":[1,["a","b"]]})", R"({"b":1})", "[]"},
      {R"({"missing_some":[2,["a","b"]]})", R"({"b":1})", R"(["a"])"},
      {R"({"missing_some":[1]})", "{}", "bad_rule"},
  });
}

TEST_CASE("if, and, or choose, and evaluate no more than they need") {
  check_all({
      {R"({"if":[]})", "{}", "null"},
      {R"({"if":"only"})", "{}", R"("only")"},
      {R"({"if":[false,1]})", "{}", "null"},
      {R"({"if":[0,"a",[],"b","0","c","d"]})", "{}", R"("c")"},
      {R"({"?:":["",1,{"var":"x"}]})", R"({"x":[2]})", "[2]"},
      {R"({"and":[]})", "{}", "null"},
      {R"({"and":[1,"",{"no":1}]})", "{}", R"("")"},
      {R"({"and":[1,{"var":"x"}]})", R"({"x":{}})", "{}"},
      {R"({"or":[0,[],null]})", "{}", "null"},
      {R"({"or":[0,"x",{"no":1}]})", "{}", R"("x")"},
      {R"({"or":true})", "{}", "true"},
  });
}

TEST_CASE("equality coerces as JavaScript does, or not at all") {
  check_all({
      {R"({"==":[1,"1.0"]})", "{}", "true"},
      {R"({"==":["",0]})", "{}", "true"},
      {R"({"==":[" 0x1f\n",31]})", "{}", "true"},
      {R"({"==":[null,0]})", "{}", "false"},
      {R"({"==":[null]})", "{}", "true"},
      {R"({"==":[[],false]})", "{}", "true"},
      {R"({"==":[[1,[2,null]],"1,2,"]})", "{}", "true"},
      {R"({"==":[{},"[object Object]"]})", "{}", "true"},
      {R"({"==":[[1],[1]]})", "{}", "false"},
      {R"({"==":[{"var":"a"},{"var":"a"}]})", R"({"a":[1]})", "true"},
      {R"({"==":["1x",1]})", "{}", "false"},
      {R"({"===":[1,"1"]})", "{}", "false"},
      {R"({"===":[1,1.0]})", "{}", "true"},
      {R"({"===":[null]})", "{}", "false"},
      {R"({"!=":[1,true]})", "{}", "false"},
      {R"({"!==":[1,true]})", "{}", "true"},
      {R"({"!":[[]]})", "{}", "true"},
      {R"({"!":[]})", "{}", "true"},
      {R"({"!":"0"})", "{}", "false"},
      {R"({"!!":[[0]]})", "{}", "true"},
      {R"({"!!":{"a":1,"b":2}})", "{}", "true"},
  });
}

TEST_CASE("comparison takes texts as texts, anything else as numbers, and three arguments as a range") {
  check_all({
      {R"({"<":["10","9"]})", "{}", "true"},
      {R"({"<":[10,"9"]})", "{}", "false"},
      {R"({"<":[1,2,3]})", "{}", "true"},
      {R"({"<":[1,3,3]})", "{}", "false"},
      {R"({"<=":[1,3,3]})", "{}", "true"},
      {R"({"<":[null,1]})", "{}", "true"},
      {R"({"<":[1]})", "{}", "false"},
      {R"({">=":[null,0]})", "{}", "true"},
      {R"({">":["b",["a"]]})", "{}", "true"},
      {R"({">":["x",1]})", "{}", "false"},
      {R"({"<":["2026-01-02","2026-01-10"]})", "{}", "true"},
      {"{\"<\":[\"\xef\xbf\xae\",\"\xf0\x9f\x98\x80\"]}", "{}", "false"},
  });
}

TEST_CASE("arithmetic gives whole numbers as such and what is no number as null") {
  check_all({
      {R"({"+":[]})", "{}", "0"},
      {R"({"+":["3.5kg","1e1"]})", "{}", "13.5"},
      {R"({"+":"-7"})", "{}", "-7"},
      {R"({"+":[1,null]})", "{}", "null"},
      {R"({"+":[0.5,1.5]})", "{}", "2"},
      {R"({"-":[5]})", "{}", "-5"},
      {R"({"-":["0b11","1"]})", "{}", "2"},
      {R"({"-":[0]})", "{}", "0"},
      {R"({"-":[]})", "{}", "null"},
      {R"({"*":["2"]})", "{}", R"("2")"},
      {R"({"*":[2,"3",0.5]})", "{}", "3"},
      {R"({"*":[]})", "{}", "bad_rule"},
      {R"({"/":[1,4]})", "{}", "0.25"},
      {R"({"/":[1,0]})", "{}", "null"},
      {R"({"%":[-7,3]})", "{}", "-1"},
      {R"({"%":[5.5,2]})", "{}", "1.5"},
      {R"({"max":[1,"12",true]})", "{}", "12"},
      {R"({"max":[]})", "{}", "null"},
      {R"({"min":[3,null]})", "{}", "0"},
      {R"({"min":[3,"x"]})", "{}", "null"},
  });
}

TEST_CASE("lists are mapped, filtered, folded and asked") {
  std::string const data = R"({"deadlines":[{"late":true,"days":3},{"late":false,"days":5}],"one":1,"none":[]})";
  check_all({
      {R"({"map":[{"var":"deadlines"},{"+":[{"var":"days"},1]}]})", data, "[4,6]"},
      {R"({"map":[{"var":"one"},{"var":""}]})", data, "[]"},
      {R"({"map":[[1,2]]})", "{}", "[null,null]"},
      {R"({"filter":[{"var":"deadlines"},{"var":"late"}]})", data, R"([{"days":3,"late":true}])"},
      {R"({"reduce":[{"var":"deadlines"},{"+":[{"var":"accumulator"},{"var":"current.days"}]},0]})", data, "8"},
      {R"({"reduce":[[1,2],{"var":"accumulator"}]})", "{}", "null"},
      {R"({"reduce":[{"var":"one"},{"var":"current"},{"var":"one"}]})", data, "1"},
      {R"({"reduce":[[7],{"var":""},0]})", "{}", R"({"accumulator":0,"current":7})"},
      {R"({"all":[{"var":"deadlines"},{">":[{"var":"days"},2]}]})", data, "true"},
      {R"({"all":[{"var":"deadlines"},{"var":"late"}]})", data, "false"},
      {R"({"all":[{"var":"none"},true]})", data, "false"},
      {R"({"some":[{"var":"deadlines"},{"var":"late"}]})", data, "true"},
      {R"({"some":[{"var":"none"},true]})", data, "false"},
      {R"({"none":[{"var":"deadlines"},{"var":"late"}]})", data, "false"},
      {R"({"none":[{"var":"none"},true]})", data, "true"},
      {R"({"merge":[1,[2,[3]],null,[]]})", "{}", "[1,2,[3],null]"},
      {R"({"merge":[]})", "{}", "[]"},
      {R"({"in":["b",["a","b"]]})", "{}", "true"},
      {R"({"in":["1",[1]]})", "{}", "false"},
      {R"({"in":["局","水利局"]})", "{}", "true"},
      {R"({"in":[1,"a1"]})", "{}", "true"},
      {R"({"in":["",""]})", "{}", "false"},
      {R"({"in":["a",{"a":1,"b":2}]})", "{}", "false"},
      {R"({"in":["a",{"indexOf":1,"b":2}]})", "{}", "bad_rule"},
  });
}

TEST_CASE("texts are joined and cut in UTF-16 units, numbers written as JavaScript writes them") {
  check_all({
      {R"({"cat":["a",1,1.50,true,null,[2,[3,null]],{}]})", "{}", R"("a11.5true2,3,[object Object]")"},
      {R"({"cat":[1e21,"|",1e20,"|",0.000001,"|",1.5e-7,"|",-0.25,"|",123456.789]})", "{}",
       R"("1e+21|100000000000000000000|0.000001|1.5e-7|-0.25|123456.789")"},
      {R"({"cat":[{"/":[1,0]},{"-":["x"]}]})", "{}", R"("InfinityNaN")"},
      {R"({"cat":[]})", "{}", R"("")"},
      {R"({"substr":["案件流转记录",2]})", "{}", R"("流转记录")"},
      {R"({"substr":["案件流转记录",-2]})", "{}", R"("记录")"},
      {R"({"substr":["案件流转记录",1,3]})", "{}", R"("件流转")"},
      {R"({"substr":["案件流转记录",1,-2]})", "{}", R"("件流转")"},
      {R"({"substr":["abc",5]})", "{}", R"("")"},
      {R"({"substr":["abc",-9,2]})", "{}", R"("ab")"},
      {R"({"substr":[12345,1,"2"]})", "{}", R"("23")"},
      {"{\"substr\":[\"😀x\",2]}", "{}", R"("x")"},
      {"{\"substr\":[\"😀x\",0,1]}", "{}", "\"\xef\xbf\xbd\""},
      {"{\"cat\":[{\"substr\":[\"😀\",0,1]},{\"substr\":[\"😀\",1]}]}", "{}", "\"😀\""},
      {R"({"cat":[{"var":"o"}]})", R"({"o":{"toString":1,"b":2}})", "bad_rule"},
      {R"({"log":"seen"})", "{}", R"("seen")"},
  });
}

TEST_CASE("truth is JSON Logic's own") {
  CHECK_FALSE(truthy(Json::array()));
  CHECK(truthy(Json::array({0})));
  CHECK(truthy(Json::object()));
  CHECK(truthy("0"));
  CHECK_FALSE(truthy(""));
  CHECK_FALSE(truthy(0));
  CHECK_FALSE(truthy(std::nan("")));
  CHECK(truthy(-1));
  CHECK_FALSE(truthy(nullptr));
}

std::string refusal_of(Json const& rule, Json const& data, GuardLimits limits = {}) {
  auto const result = evaluate(rule, data, limits);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().front().code == Code::bad_rule);
  return result.error().front().text.en;
}

TEST_CASE("a rule that works too long, grows too large or nests too deep is refused with the limit") {
  auto const numbers = Json::array({1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  Json nested = 1;
  for (int level = 0; level < 7; ++level) {
    nested = Json{{"map", {numbers, nested}}};
  }
  CHECK(refusal_of(nested, {}).find("100000 steps") != std::string::npos);

  auto const list = Json(std::vector<int>(40, 0));
  auto const twice = Json::parse(R"({"cat":[{"var":"accumulator"},{"var":"accumulator"}]})");
  CHECK(refusal_of({{"reduce", {list, twice, "ab"}}}, {}).find("1048576 bytes") != std::string::npos);
  // Cheap to make, since its halves are shared, but endless to write out.
  auto const halves = Json::parse(R"([{"var":"accumulator"},{"var":"accumulator"}])");
  CHECK(refusal_of({{"reduce", {list, halves, "ab"}}}, {}).find("1048576 bytes") != std::string::npos);

  auto const many = Json(std::vector<int>(500, 0));
  auto const deeper = Json::parse(R"([{"var":"accumulator"}])");
  CHECK(refusal_of({{"reduce", {many, deeper, 0}}}, {}).find("64 levels") != std::string::npos);
  CHECK(refusal_of({{"reduce", {many, {{"var", ""}}, 0}}}, {}).find("64 levels") != std::string::npos);
  Json deep = 1;
  for (int level = 0; level < 65; ++level) {
    deep = Json{{"!", deep}};
  }
  CHECK(refusal_of(deep, {}).find("64 levels") != std::string::npos);
  CHECK(evaluate(deep["!"], {}).value() == true);
  CHECK(refusal_of(Json::parse(R"({"+":[1,2,3]})"), {}, {.steps = 3}).find("3 steps") != std::string::npos);
  auto const large = Json{{"text", std::string(900'000, 'x')}};
  CHECK(evaluate({{"var", "text"}}, large).has_value());
  CHECK(refusal_of({{"cat", {{{"var", "text"}}}}}, large).find("bytes") != std::string::npos);
}

TEST_CASE("a guard over missing data does not hold and names what it came by") {
  struct Row {
    std::string rule;
    bool holds;
    std::vector<std::string> missing;
  };
  auto const data = *parse_json(R"({"a":1,"gone":null,"empty":"","l":[{"x":1},{"y":2}]})");
  std::vector<Row> const table = {
      {R"({"==":[{"var":"a"},1]})", true, {}},
      {R"({"==":[{"var":"a"},2]})", false, {}},
      {R"({"!":{"var":"b.c"}})", false, {"b.c"}},
      {R"({"<":[{"var":"gone"},5]})", false, {"gone"}},
      {R"({"==":[{"var":"empty"},""]})", true, {}},
      {R"({"==":[{"var":["b",0]},0]})", true, {}},
      {R"({"==":[{"var":["gone",null]},null]})", true, {}},
      {R"({"!":{"missing":["a"]}})", true, {}},
      {R"({"missing":["b"]})", true, {}},
      {R"({"missing_some":[2,["b","c"]]})", true, {}},
      {R"({"or":[{"var":"a"},{"var":"b"}]})", true, {}},
      {R"({"or":[{"var":"b"},{"var":"c"},{"var":"a"},{"var":"b"}]})", false, {"b", "c"}},
      {R"({"if":[{"var":"a"},true,{"var":"b"}]})", true, {}},
      {R"({"var":["a",{"var":"b"}]})", true, {}},
      {R"({"var":["c",{"var":"b"}]})", false, {"b"}},
      {R"({"some":[{"var":"l"},{"var":"x"}]})", true, {}},
      {R"({"all":[{"var":"l"},{"or":[{"var":"x"},true]}]})", false, {"x"}},
      {R"({"reduce":[[3,4],{"+":[{"var":"current"},{"or":[{"var":"accumulator"},0]}]}]})", true, {}},
      {R"([])", false, {}},
  };
  for (auto const& row : table) {
    CAPTURE(row.rule);
    auto const verdict = check_guard(*parse_json(row.rule), data);
    REQUIRE(verdict.has_value());
    CHECK(verdict->holds == row.holds);
    CHECK(verdict->missing == row.missing);
  }
  CHECK(check_guard(Json{{"nope", 1}}, data).error().front().code == Code::bad_rule);
}

TEST_CASE("what a rule may read is known without running it") {
  struct Row {
    std::string rule;
    std::set<std::string> paths;
    bool dynamic;
  };
  std::vector<Row> const table = {
      {"true", {}, false},
      {R"({"var":""})", {}, false},
      {R"({"if":[{"var":"a.b"},{"var":["c",{"var":"d"}]},{"var":0}]})", {"0", "a.b", "c", "d"}, false},
      {R"({"missing":["a",["b"]]})", {"a"}, true},
      {R"({"missing":[["a","b"]]})", {"a", "b"}, false},
      {R"({"missing":{"merge":["a",{"var":"b"}]}})", {"b"}, true},
      {R"({"missing_some":[1,["x.y","z"]]})", {"x.y", "z"}, false},
      {R"({"var":{"cat":["a.",{"var":"k"}]}})", {"k"}, true},
      {R"({"all":[{"var":"l"},{"==":[{"var":"x"},{"missing":["y"]}]}]})", {"l"}, false},
      {R"({"reduce":[{"var":"l"},{"var":"current.x"},{"var":"start"}]})", {"l", "start"}, false},
      {R"({"map":[{"var":"l"},{"filter":[{"var":"inner"},{"var":"x"}]}]})", {"l"}, false},
      {R"([{"var":"a"},{"b":{"var":"c"},"d":1}])", {"a"}, false},
  };
  for (auto const& row : table) {
    CAPTURE(row.rule);
    auto const reads = reads_of(*parse_json(row.rule));
    REQUIRE(reads.has_value());
    CHECK(reads->paths == row.paths);
    CHECK(reads->dynamic == row.dynamic);
  }
}

TEST_CASE("an operator that does not exist is found wherever it stands, with its place") {
  struct Row {
    std::string rule;
    std::string pointer;
  };
  for (auto const& row : std::vector<Row>{
           {R"({"foo":1})", "/foo"},
           {R"({"and":[true,{"a/b":[]}]})", "/and/1/a~1b"},
           {R"({"map":[[1],{"!":{"nope":1}}]})", "/map/1/!/nope"},
       }) {
    CAPTURE(row.rule);
    auto const reads = reads_of(*parse_json(row.rule));
    REQUIRE_FALSE(reads.has_value());
    CHECK(reads.error().front().code == Code::bad_rule);
    CHECK(reads.error().front().pointer == row.pointer);
  }
}

TEST_CASE("every operator is known to the evaluation and to the reading alike") {
  for (auto const* const name :
       {"var", "missing", "missing_some", "if",  "?:",   "==",   "===",   "!=", "!==", "!",      "!!", "or",
        "and", ">",       ">=",           "<",   "<=",   "max",  "min",   "+",  "-",   "*",      "/",  "%",
        "map", "reduce",  "filter",       "all", "none", "some", "merge", "in", "cat", "substr", "log"}) {
    CAPTURE(name);
    Json const rule{{name, Json::array({1, Json::array()})}};
    CHECK(evaluate(rule, {}).has_value());
    CHECK(reads_of(rule).has_value());
  }
}

}  // namespace
}  // namespace bihuan
