// SPDX-License-Identifier: Apache-2.0
#include "engine/core/json_place.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string_view>

using namespace bihuan;

TEST_CASE("a pointer into a text is found by line and column, also past texts that look like something else") {
  constexpr std::string_view text =
      "{\n  \"标题\": \"]}\\\"{\", \"a/b\": {\"~\": 1},\n  \"list\": [true,\n    {\"x\": [1, 2,\n 3]}]\n}\n";
  struct Row {
    std::string_view pointer;
    TextPlace place;
  };
  std::array const rows{Row{"", {1, 1}},
                        Row{"/标题", {2, 9}},
                        Row{"/a~1b", {2, 25}},
                        Row{"/a~1b/~0", {2, 31}},
                        Row{"/list/0", {3, 12}},
                        Row{"/list/1", {4, 5}},
                        Row{"/list/1/x/2", {5, 2}},
                        Row{"/list/1/missing", {4, 5}},
                        Row{"/list/7", {3, 11}},
                        Row{"/nothing/at/all", {1, 1}},
                        Row{"other.json#/x", {1, 1}}};
  for (auto const& row : rows) {
    CAPTURE(row.pointer);
    auto const found = place_of(text, row.pointer);
    CHECK(found.line == row.place.line);
    CHECK(found.column == row.place.column);
  }
}

TEST_CASE("a text that is no JSON ends where it ceases to be one, and never leads out of itself") {
  CHECK(end_of_json("{\"a\": 1,\n \"b\": }") == TextPlace{2, 7});
  for (std::string_view const text : {"", "{", "{\"a", "{\"a\":", "{\"a\": \"\\", "[1, ", "[[[", "{\"a\" 1}", "]"}) {
    CAPTURE(text);
    CHECK(place_of(text, "/a/0").line == 1);
    CHECK(end_of_json(text).line == 1);
  }
}
