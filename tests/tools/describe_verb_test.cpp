// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include "engine/core/message.hpp"
#include "engine/service/library.hpp"
#include "tools/bihuan/describe.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/rule_words.hpp"
#include "tools/bihuan/scratch.hpp"

using namespace bihuan;

namespace {

namespace fs = std::filesystem;

fs::path const workflows = fs::path(BIHUAN_SOURCE_DIR) / "workflows";

std::string read(fs::path const& file) {
  std::ifstream stream(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

bool has(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

Definition shipped(std::string const& id) {
  auto definition = read_definition(*read_json_file(workflows / (id + ".json")));
  REQUIRE(definition);
  return std::move(*definition);
}

std::string unsure(Mark mark, std::string const& language) {
  char const* const key = mark == Mark::secondary ? "mark.secondary"
                          : mark == Mark::memory  ? "mark.memory"
                                                  : "mark.local";
  auto const words = message(key);
  return "<span class=\"unsure\">" + (language == "zh" ? words.zh : words.en) + "</span>";
}

// The row of the page with this id.
std::string row_of(std::string const& page, std::string const& id) {
  auto const start = page.find("<tr id=\"" + id + "\">");
  REQUIRE(start != std::string::npos);
  return page.substr(start, page.find("</tr>", start) - start);
}

}  // namespace

TEST_CASE("describe writes a page for every definition, and every id of it stands there") {
  ScratchDirectory const scratch;
  for (auto const* const language : {"zh", "en"}) {
    auto const output = scratch.path() / language;
    std::ostringstream out, err;
    REQUIRE(run_describe({.files = {}, .workflows = workflows, .output = output, .language = language}, out, err) ==
            done);
    CHECK(out.str().empty());
    for (auto const& entry : fs::directory_iterator(workflows)) {
      if (entry.path().extension() != ".json") continue;
      auto const definition = shipped(entry.path().stem().string());
      CAPTURE(definition.id);
      CHECK(has(read(output / "index.html"), "href=\"" + definition.id + ".html\""));
      auto const page = read(output / (definition.id + ".html"));
      CHECK(has(page, "<svg"));
      std::set<std::string> ids{"step-open"};
      for (auto const& state : definition.states) ids.insert("state-" + state.id);
      for (auto const& transition : definition.transitions) ids.insert("step-" + transition.id);
      for (auto const& deadline : definition.deadlines) ids.insert("deadline-" + deadline.id);
      for (auto const& basis : definition.basis) ids.insert("basis-" + basis.source.id);
      for (auto const& id : ids) {
        CAPTURE(id);
        CHECK(has(page, "<tr id=\"" + id + "\">"));
      }
      for (auto const& basis : definition.basis) {
        CAPTURE(basis.source.id);
        auto const row = row_of(page, "basis-" + basis.source.id);
        if (basis.mark == Mark::verified)
          CHECK_FALSE(has(row, "class=\"unsure\""));
        else
          CHECK(has(row, unsure(basis.mark, language)));
      }
      for (auto const& transition : definition.transitions) {
        CAPTURE(transition.id);
        auto const row = row_of(page, "step-" + transition.id);
        for (auto const& id : transition.basis) {
          auto const mark = definition.find_basis(id)->mark;
          if (mark != Mark::verified) CHECK(has(row, unsure(mark, language)));
        }
      }
      std::regex const link("href=\"#([^\"]+)\"");
      for (std::sregex_iterator found(page.begin(), page.end(), link), end; found != end; ++found) {
        CAPTURE((*found)[1].str());
        CHECK(has(page, "id=\"" + (*found)[1].str() + "\""));
      }
    }
  }
}

TEST_CASE("a step says who takes it, what it demands, which deadline it starts, its law, and what nobody checked") {
  std::ostringstream out, err;
  REQUIRE(run_describe(
              {.files = {workflows / "criminal-referral.json"}, .workflows = workflows, .output = {}, .language = "zh"},
              out, err) == done);
  auto const page = out.str();
  auto const transfer = row_of(page, "step-transfer");
  CHECK(has(transfer, "环环监〔2017〕17号"));
  CHECK(has(transfer, "须附："));
  CHECK(has(transfer, "href=\"#deadline-papers-check\""));
  CHECK_FALSE(has(transfer, "class=\"unsure\""));
  auto const reply = row_of(page, "deadline-opinion-reply");
  CHECK(has(reply, "2个月"));
  CHECK(has(reply, "<span class=\"unsure\">凭记忆，未核对原文</span>"));
  auto const basis = row_of(page, "basis-R18-SPP");
  CHECK(has(basis, "凭记忆"));
  CHECK(has(basis, "href=\"#deadline-opinion-reply\""));
}

TEST_CASE("a condition is read out with the titles of what it reads") {
  auto const referral = shipped("criminal-referral");
  auto const in_words = [&](char const* rule) { return rule_in_words(Json::parse(rule), referral).en; };
  CHECK(in_words(R"({"==": [{"var": "case.fields.goods_seized"}, true]})") ==
        "“" + referral.find_field("goods_seized")->title.en + "” is yes");
  CHECK(in_words(R"({"and": [{"!": {"var": "link.final"}}, {">": [{"var": ["links.issue.count", 0]}, 1]}]})") ==
        "not (the linked case is closed), and the number of linked cases “issue” is more than 1");
  CHECK(has(in_words(R"({"%": [5, 2]})"), "\"%\""));
}

TEST_CASE("describe refuses what it cannot do and writes nothing then") {
  ScratchDirectory const scratch;
  std::ofstream(scratch.path() / "broken.json") << R"({"id": "broken"})";
  std::ostringstream out, err;
  auto const output = scratch.path() / "pages";
  CHECK(run_describe({.files = {workflows / "commendation.json", scratch.path() / "broken.json"},
                      .workflows = workflows,
                      .output = output,
                      .language = "zh"},
                     out, err) == said_no);
  CHECK(has(err.str(), "broken.json#"));
  CHECK_FALSE(fs::exists(output));
  CHECK(run_describe({.files = {}, .workflows = workflows, .output = {}, .language = "zh"}, out, err) == wrong_use);
  CHECK(run_describe({.files = {}, .workflows = workflows, .output = output, .language = "fr"}, out, err) == wrong_use);
  std::ofstream(scratch.path() / "taken") << "a file";
  CHECK(run_describe({.files = {workflows / "commendation.json"},
                      .workflows = workflows,
                      .output = scratch.path() / "taken",
                      .language = "zh"},
                     out, err) == said_no);
  CHECK(out.str().empty());
}
