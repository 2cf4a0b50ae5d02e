// SPDX-License-Identifier: Apache-2.0
#include "engine/core/reader.hpp"

#include <doctest/doctest.h>

#include "engine/core/message.hpp"

namespace bihuan {
namespace {

std::vector<std::string> places(Refusals const& faults) {
  std::vector<std::string> all;
  for (auto const& fault : faults) {
    all.push_back(std::string(code_name(fault.code)) + " " + fault.pointer);
  }
  return all;
}

TEST_CASE("members of the right type are read and nothing is complained of") {
  auto const value = *parse_ordered_json(
      R"({"id":"a","count":3,"share":0.5,"on":true,"title":{"zh":"甲","en":"A"},"tags":["x","y"],"kind":"day","none":null})");
  Refusals faults;
  Reader reader(value, "/w", faults);
  CHECK(reader.text("id") == "a");
  CHECK(reader.integer_or("count", 0) == 3);
  CHECK(reader.number("share") == 0.5);
  CHECK(reader.boolean_or("on", false));
  CHECK(reader.bilingual("title") == Text{.zh = "甲", .en = "A"});
  CHECK(reader.texts("tags") == std::vector<std::string>{"x", "y"});
  CHECK(reader.choice("kind", {"hour", "day"}, "hour") == "day");
  CHECK(reader.text_or("none", "fallback") == "fallback");
  CHECK(reader.integer_or("absent", 7) == 7);
  CHECK_FALSE(reader.number("absent").has_value());
  CHECK(reader.find("absent") == nullptr);
  reader.finish();
  CHECK(places(faults) == std::vector<std::string>());
}

TEST_CASE("every fault is collected with its pointer") {
  auto const value = *parse_ordered_json(
      R"({"id":1,"count":1.5,"big":18446744073709551615,"on":"yes","title":{"zh":"甲","en":"","fr":"x"},"tags":["x",2],"kind":"week","a/b":0})");
  Refusals faults;
  Reader reader(value, "/w", faults);
  CHECK(reader.text("id").empty());
  CHECK(reader.text("name").empty());
  CHECK(reader.integer_or("count", 4) == 4);
  CHECK(reader.integer_or("big", 5) == 5);
  CHECK_FALSE(reader.boolean_or("on", false));
  (void)reader.bilingual("title");
  CHECK(reader.texts("tags") == std::vector<std::string>{"x"});
  CHECK(reader.choice("kind", {"hour", "day"}, "hour") == "hour");
  reader.finish();
  CHECK(places(faults) == std::vector<std::string>{"wrong_type /w/id", "missing /w/name", "wrong_type /w/count",
                                                   "number_out_of_range /w/big", "wrong_type /w/on",
                                                   "missing /w/title/en", "unknown_field /w/title/fr",
                                                   "wrong_type /w/tags/1", "not_a_choice /w/kind",
                                                   "unknown_field /w/a~1b"});
  CHECK(faults.front().text.en == "Expected a text, found a number.");
}

TEST_CASE("what is no object is complained of once, and nothing throws") {
  for (auto const* const text : {"[]", "1", "null", "\"x\""}) {
    CAPTURE(text);
    auto const value = *parse_ordered_json(text);
    Refusals faults;
    Reader reader(value, "/w", faults);
    CHECK(reader.text("id").empty());
    CHECK(reader.texts("tags").empty());
    reader.members("m", [](std::string const&, Reader&) { FAIL("there are no members"); });
    reader.finish();
    CHECK(places(faults) == std::vector<std::string>{"wrong_type /w"});
  }
}

TEST_CASE("members and elements are read in order, with the pointer of each") {
  auto const value = *parse_ordered_json(R"({"states":{"b":{"x":"1"},"a":{}},"list":[{"x":"2"},3],"bad":[]})");
  Refusals faults;
  Reader reader(value, "", faults);
  std::vector<std::string> seen;
  reader.members("states", [&](std::string const& key, Reader& state) { seen.push_back(key + state.text("x")); });
  reader.elements(
      "list", [&](std::size_t index, Reader& element) { seen.push_back(std::to_string(index) + element.text("x")); });
  reader.members("bad", [&](std::string const&, Reader&) { FAIL("a list has no members"); });
  reader.elements("absent", [&](std::size_t, Reader&) { FAIL("nothing is there"); });
  CHECK(seen == std::vector<std::string>{"b1", "a", "02", "1"});
  CHECK(places(faults) == std::vector<std::string>{"missing /states/a/x", "wrong_type /list/1", "wrong_type /bad"});
}

TEST_CASE("text with ill-formed bytes, control characters or too many bytes is not taken") {
  struct Row {
    std::string text;
    std::string code;
  };
  std::vector<Row> const table = {
      {"现场照片 😀\n\tok", ""},
      {"", ""},
      {std::string("a\0b", 3), "invalid_text"},
      {"a\x1b", "invalid_text"},
      {"\x7f", "invalid_text"},
      {"\xc2\x85", "invalid_text"},
      {"\xff", "invalid_text"},
      {"\xc0\x80", "invalid_text"},
      {"\xe4\xb8", "invalid_text"},
      {"\xed\xa0\x80", "invalid_text"},
      {"\xf4\x90\x80\x80", "invalid_text"},
      {"\xe0\x80\xaf", "invalid_text"},
      {std::string(41, 'x'), "too_large"},
  };
  for (auto const& row : table) {
    CAPTURE(row.text);
    auto const refusal = check_text(row.text, 40, "/t");
    CHECK((refusal ? std::string(code_name(refusal->code)) : std::string()) == row.code);
  }
}

}  // namespace
}  // namespace bihuan
