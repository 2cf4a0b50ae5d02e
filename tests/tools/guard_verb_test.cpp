// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <sstream>
#include <vector>

#include "engine/core/json.hpp"
#include "tools/bihuan/guard.hpp"

using namespace bihuan;

namespace {

std::vector<std::string> answers(std::string const& input) {
  std::istringstream in(input);
  std::ostringstream out;
  CHECK(run_guard(in, out) == 0);
  std::istringstream lines(out.str());
  std::vector<std::string> result;
  for (std::string line; std::getline(lines, line);) result.push_back(line);
  return result;
}

}  // namespace

TEST_CASE("guard answers each line with one line, and a bad one does not stop it") {
  auto const found = answers(
      "{\"rule\":{\"var\":\"a\"},\"data\":{\"a\":[1,\"二\",null]}}\n"
      "not json\n"
      "{\"data\":{}}\n"
      "[]\n"
      "\n"
      "{\"rule\":{\"no-such-operator\":[1]}}\n"
      "{\"rule\":{\"+\":[1,2]}}");
  REQUIRE(found.size() == 7);
  CHECK(found[0] == R"({"result":[1,"二",null]})");
  for (std::size_t i = 1; i < 6; ++i) {
    CAPTURE(i);
    auto const answer = Json::parse(found[i]);
    REQUIRE(answer.size() == 1);
    CHECK_FALSE(answer.at("error").get<std::string>().empty());
  }
  CHECK(found[2].find("missing /rule") != std::string::npos);
  CHECK(found[5].find("bad_rule") != std::string::npos);
  CHECK(Json::parse(found[6]).at("result") == 3);
}

TEST_CASE("a line that is too deep or too long is an answer, not the end") {
  auto const deep = "{\"rule\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  auto const found = answers(deep + "\n" + std::string(2'000'000, ' ') + "\n{\"rule\":1}\n");
  REQUIRE(found.size() == 3);
  CHECK(found[0].find("too_deep") != std::string::npos);
  CHECK(found[1].find("too_large") != std::string::npos);
  CHECK(found[2] == R"({"result":1})");
}
