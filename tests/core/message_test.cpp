// SPDX-License-Identifier: Apache-2.0
#include "engine/core/message.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

namespace bihuan {
namespace {

nlohmann::json catalogue(std::string const& language) {
  std::ifstream file(BIHUAN_SOURCE_DIR "/engine/messages/" + language + ".json");
  return nlohmann::json::parse(file);
}

std::set<std::string> placeholders(std::string const& text) {
  static std::regex const pattern(R"(\{([a-z_]+)\})");
  std::set<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
    names.insert((*at)[1]);
  }
  return names;
}

TEST_CASE("both catalogues have the same keys with the same placeholders") {
  auto const zh = catalogue("zh");
  auto const en = catalogue("en");
  for (auto const& [key, text] : zh.items()) {
    CAPTURE(key);
    REQUIRE(en.contains(key));
    CHECK_FALSE(text.get<std::string>().empty());
    CHECK(placeholders(text.get<std::string>()) == placeholders(en[key].get<std::string>()));
  }
  for (auto const& [key, text] : en.items()) {
    CAPTURE(key);
    CHECK(zh.contains(key));
    CHECK_FALSE(text.get<std::string>().empty());
  }
}

TEST_CASE("every code has a name of its own and a text") {
  auto const en = catalogue("en");
  std::set<std::string_view> names;
  for (auto const code : all_codes()) {
    CAPTURE(code_name(code));
    CHECK(names.insert(code_name(code)).second);
    CHECK(en.contains("refusal." + std::string(code_name(code))));
  }
  CHECK(all_codes().front() == Code::malformed_json);
  CHECK(names.contains("expectation_failed"));
}

TEST_CASE("a message takes its arguments by name, each language its own") {
  auto const text =
      message("refusal.unknown_reference", {{"kind", Text{.zh = "状态", .en = "state"}}, {"name", "{kind}"}});
  CHECK(text.zh == "本定义中没有状态“{kind}”。");
  CHECK(text.en == "“{kind}” is not a state of this definition.");
}

TEST_CASE("a refusal carries its remedy when what the remedy names is known") {
  auto const full = refusal(Code::document_missing, "/documents/photo", {{"document", "photo"}});
  CHECK(full.pointer == "/documents/photo");
  CHECK(full.remedy.en == "Attach “photo” and try again.");
  auto const bare = refusal(Code::guard_failed, {}, {{"text", "No."}});
  CHECK(bare.text.en == "No.");
  CHECK(bare.remedy == Text());
}

}  // namespace
}  // namespace bihuan
