// SPDX-License-Identifier: Apache-2.0
#include "engine/core/json.hpp"

#include <doctest/doctest.h>

#include <string>

namespace bihuan {
namespace {

struct Refused {
  std::string text;
  Code code;
  std::string pointer;
};

TEST_CASE("text that is not taken is refused with its code and its place") {
  std::vector<Refused> const table = {
      {"", Code::malformed_json, ""},
      {"{", Code::malformed_json, ""},
      {"[1,]", Code::malformed_json, ""},
      {"{} {}", Code::malformed_json, ""},
      {"{'a':1}", Code::malformed_json, ""},
      {"// no\n1", Code::malformed_json, ""},
      {"NaN", Code::malformed_json, ""},
      {"\"\xff\"", Code::malformed_json, ""},
      {"\"\xed\xa0\x80\"", Code::malformed_json, ""},
      {R"("\ud800")", Code::malformed_json, ""},
      {R"({"a":1,"a":1})", Code::duplicate_key, "/a"},
      {R"([{"a":{"b":1,"\u0062":2}}])", Code::duplicate_key, "/0/a/b"},
      {R"({"a/b":[],"c":[0,{"x":1,"x":2}]})", Code::duplicate_key, "/c/1/x"},
      {R"({"a/~b":[18446744073709551616]})", Code::number_out_of_range, "/a~1~0b/0"},
      {R"([-9223372036854775809])", Code::number_out_of_range, "/0"},
      {R"({"a":1e999})", Code::number_out_of_range, "/a"},
      {"[" + std::string(400, '9') + "]", Code::number_out_of_range, "/0"},
      {R"({"a":["b","\u0000"]})", Code::invalid_text, "/a/1"},
      {R"({"a":{"x\u0000":1}})", Code::invalid_text, "/a"},
  };
  for (auto const& row : table) {
    CAPTURE(row.text);
    auto const sorted = parse_json(row.text);
    auto const ordered = parse_ordered_json(row.text);
    REQUIRE_FALSE(sorted.has_value());
    REQUIRE_FALSE(ordered.has_value());
    CHECK(code_name(sorted.error().front().code) == code_name(row.code));
    CHECK(sorted.error().front().pointer == row.pointer);
    CHECK(ordered.error().front().pointer == row.pointer);
  }
}

TEST_CASE("numbers of the last size that fits are kept exactly") {
  auto const parsed = parse_json("[18446744073709551615,-9223372036854775808,1.5,1e308,1e-400,0]");
  REQUIRE(parsed.has_value());
  CHECK((*parsed)[0].get<std::uint64_t>() == 18446744073709551615U);
  CHECK((*parsed)[1].get<std::int64_t>() == std::numeric_limits<std::int64_t>::min());
  CHECK((*parsed)[2] == 1.5);
  CHECK((*parsed)[4] == 0.0);
}

TEST_CASE("a malformed text is answered with line, column and byte") {
  auto const parsed = parse_json("{\"名\":\n [1,x]}");
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().front().text.en.find("line 2, column 5 (byte 12)") != std::string::npos);
  CHECK(parsed.error().front().text.zh.find("第 2 行第 5 列") != std::string::npos);
  CHECK(parse_json("[1").error().front().text.en.find("ends too early") != std::string::npos);
}

TEST_CASE("size and depth are bounded, and the bound itself is taken") {
  JsonLimits const limits{.bytes = 12, .depth = 3};
  CHECK(parse_json("[[[1]]]     ", limits).has_value());
  CHECK(parse_json("[[[1]]]      ", limits).error().front().code == Code::too_large);
  CHECK(parse_json(R"([{"a":[{}]}])", limits).error().front().code == Code::too_deep);
  CHECK(parse_json(R"([{"a":[{}]}])", limits).error().front().pointer == "/0/a/0");
  CHECK(parse_json(std::string(1'000'000, '[')).error().front().code == Code::too_deep);
  std::string const deepest = std::string(64, '[') + std::string(64, ']');
  REQUIRE(parse_json(deepest).has_value());
  CHECK(canonical(*parse_json(deepest)) == deepest);
}

TEST_CASE("a wide object is read without looking each key up in all of them") {
  std::string text = "{";
  for (int number = 0; number < 20'000; ++number) {
    text += (number == 0 ? "\"k" : ",\"k") + std::to_string(number) + "\":1";
  }
  auto const parsed = parse_ordered_json(text + "}");
  REQUIRE(parsed.has_value());
  CHECK(parsed->size() == 20'000);
  CHECK(parse_ordered_json(text + ",\"k7\":2}").error().front().pointer == "/k7");
}

TEST_CASE("ordered JSON keeps the author's order, canonical JSON sorts") {
  std::string const text = R"({"b":1,"a":{"d":[true,null],"c":"é"}})";
  CHECK(parse_ordered_json(text)->dump() == text);
  CHECK(canonical(*parse_json(text)) == R"({"a":{"c":"é","d":[true,null]},"b":1})");
  CHECK(canonical(Json("\xff")) == "\"\xef\xbf\xbd\"");
}

TEST_CASE("JSON pointers escape what would end a token") {
  CHECK(pointer_to("", "a/b~c") == "/a~1b~0c");
  CHECK(pointer_to("/x", std::size_t{3}) == "/x/3");
  CHECK(pointer_to("/x", "") == "/x/");
}

}  // namespace
}  // namespace bihuan
