// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tools/bihuan/print.hpp"
#include "tools/bihuan/rights.hpp"
#include "tools/bihuan/scratch.hpp"

using namespace bihuan;

namespace {

std::string const issue = (std::filesystem::path(BIHUAN_SOURCE_DIR) / "workflows" / "inspection-issue.json").string();

struct Said {
  int status;
  std::string out;
  std::string err;
};

Said rights(RightsVerbOptions const& options) {
  std::ostringstream out, err;
  auto const status = run_rights(options, out, err);
  return {status, out.str(), err.str()};
}

bool has(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("rights prints the matrix of a definition as text and as a page, in both languages") {
  struct Row {
    std::string format;
    std::string language;
    std::vector<std::string> holds;
  };
  for (auto const& [format, language, holds] :
       {Row{"text", "zh", {"督察问题 (inspection-issue ", "报送单位的部门主要负责人", " report ", "●"}},
        Row{"text", "en", {"(inspection-issue ", "a department head of the Reporter", " report ", "●"}},
        Row{"html", "zh", {"<!DOCTYPE html>", "督察问题", "<code>report</code>", "●"}},
        Row{"html", "en", {"<!DOCTYPE html>", "lang=\"en\"", "<code>report</code>", "●"}}}) {
    CAPTURE(format);
    CAPTURE(language);
    auto const said = rights({.file = issue, .format = format, .language = language});
    CHECK(said.status == done);
    CHECK(said.err.empty());
    for (auto const& part : holds) CHECK_MESSAGE(has(said.out, part), part);
  }
  CHECK_FALSE(has(rights({.file = issue}).out, "<"));
}

TEST_CASE("rights says what is wrong with its options and with a definition") {
  auto const format = rights({.file = issue, .format = "pdf"});
  CHECK(format.status == wrong_use);
  CHECK(has(format.err, "--format"));
  CHECK(rights({.file = issue, .language = "fr"}).status == wrong_use);
  ScratchDirectory const scratch;
  auto const broken = scratch.path() / "broken.json";
  std::ofstream(broken) << R"({"id": "broken"})";
  auto const said = rights({.file = broken.string()});
  CHECK(said.status == said_no);
  CHECK(has(said.err, "missing"));
  CHECK(said.out.empty());
  CHECK(rights({.file = (scratch.path() / "none.json").string()}).status == said_no);
}
