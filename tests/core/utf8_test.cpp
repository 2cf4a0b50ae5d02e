// SPDX-License-Identifier: Apache-2.0
#include "engine/core/utf8.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace bihuan {

TEST_CASE("texts that look the same are made the same") {
  struct Row {
    std::string given;
    std::string composed;
  };
  std::vector<Row> const rows{
      {"", ""},
      {"雨水口有污水外溢（3处），COD≥100", "雨水口有污水外溢（3处），COD≥100"},
      {"e\u0301cole", "\u00E9cole"},                                 // an accent of its own joins its letter
      {"\u1112\u1161\u11AB", "\uD55C"},                              // Hangul letters become a syllable
      {"a\u0323\u0307 b\u0307\u0323", "\u1EA1\u0307 \u1E05\u0307"},  // marks in any order
      {"ＡＢ１", "ＡＢ１"},                                          // wide letters stay: C, not KC
      {"\uF900", "\u8C48"},                                          // a compatibility ideograph is its unified one
      {std::string("\xFF"
                   "e\u0301"),
       std::string("\xFF"
                   "e\u0301")},  // ill-formed: left as it is
  };
  for (auto const& row : rows) {
    CAPTURE(row.given);
    CHECK(composed(row.given) == row.composed);
    CHECK(composed(row.composed) == row.composed);
  }
}

}  // namespace bihuan
