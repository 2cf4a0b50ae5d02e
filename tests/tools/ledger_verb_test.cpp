// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "engine/core/json.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tools/bihuan/demo.hpp"
#include "tools/bihuan/insight.hpp"
#include "tools/bihuan/ledger.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/scratch.hpp"

using namespace bihuan;
namespace fs = std::filesystem;

namespace {

// A district that has been at work for some time, and somebody who oversees it.
struct Worked {
  ScratchDirectory scratch;
  std::string supervisor;

  Worked() {
    std::ostringstream out;
    std::ostringstream err;
    REQUIRE(run_demo({.data = data(), .workflows = workflows(), .cases = 40, .now = "2026-11-02T09:00:00+08:00"}, out,
                     err) == done);
    auto const store = open_sqlite_store(data());
    for (auto const& person : (*store)->people().list_people()) {
      bool const oversees = std::ranges::find(person.roles, "supervisor") != person.roles.end();
      if (oversees && person.unit == "inspection-office") supervisor = person.name;
    }
    REQUIRE_FALSE(supervisor.empty());
  }

  [[nodiscard]] fs::path data() const { return scratch.path() / "data"; }
  static fs::path workflows() { return fs::path(BIHUAN_SOURCE_DIR) / "workflows"; }
  [[nodiscard]] LedgerOptions options(std::string const& file) const {
    LedgerOptions options;
    options.data = data();
    options.workflows = workflows();
    options.user = supervisor;
    options.file = scratch.path() / file;
    options.workflow = "inspection-issue";
    return options;
  }
};

std::string read(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("what export writes, import knows again; a mapping that is none is refused with its faults") {
  Worked const worked;
  for (auto const* const name : {"ledger.csv", "ledger.xlsx"}) {
    CAPTURE(name);
    std::ostringstream out;
    std::ostringstream err;
    auto options = worked.options(name);
    REQUIRE_MESSAGE(run_export(options, out, err) == done, err.str());
    options.json = true;
    out.str({});
    CHECK_MESSAGE(run_import_verb(options, out, err) == done, err.str());
    auto const summary = Json::parse(out.str());
    CHECK(summary.at("rows") > 3);
    CHECK(summary.at("unchanged") == summary.at("rows"));
    CHECK(summary.at("stored") == true);
  }
  std::ostringstream out;
  std::ostringstream err;
  auto options = worked.options("ledger.csv");
  options.mapping = worked.scratch.path() / "mapping.json";
  std::ofstream(options.mapping)
      << R"({"source":"a","workflow":"inspection-issue","columns":{"x":{"field":"no-such"}}})";
  CHECK(run_import_verb(options, out, err) == said_no);
  CHECK(err.str().find("/columns") != std::string::npos);
  options = worked.options("ledger.csv");
  options.user = "nobody";
  CHECK(run_export(options, out, err) == said_no);
}

TEST_CASE("import says what is wrong with each row, in words and in a report, and stores nothing then") {
  Worked const worked;
  std::ostringstream out;
  std::ostringstream err;
  auto options = worked.options("bad.csv");
  std::ofstream(options.file) << "问题描述,环境要素\r\n一处,海水\r\n另一处,水\r\n";
  options.report = worked.scratch.path() / "report.csv";
  CHECK(run_import_verb(options, out, err) == said_no);
  CHECK(out.str().find("2\t环境要素\t") != std::string::npos);
  CHECK(out.str().find("没有存入") != std::string::npos);
  CHECK(read(options.report).find("错误信息") != std::string::npos);
  options.skip_faulty = true;
  options.report.clear();
  out.str({});
  CHECK(run_import_verb(options, out, err) == done);
  CHECK(out.str().find("新登记 1") != std::string::npos);
}

TEST_CASE("insight says where cases wait as text, as numbers and on the diagram") {
  Worked const worked;
  auto const look = [&](std::string const& format) {
    std::ostringstream out;
    std::ostringstream err;
    InsightOptions options;
    options.data = worked.data();
    options.workflows = worked.workflows();
    options.workflow = "inspection-issue";
    options.format = format;
    REQUIRE_MESSAGE(run_insight(options, out, err) == done, err.str());
    return out.str();
  };
  CHECK(look("text").find("督察问题：") == 0);
  auto const numbers = Json::parse(look("json"));
  CHECK(numbers.at("cases") > 3);
  CHECK_FALSE(numbers.at("ways").empty());
  CHECK(look("svg").find("×") != std::string::npos);
  std::ostringstream out;
  std::ostringstream err;
  InsightOptions wrong;
  wrong.data = worked.data();
  wrong.workflows = worked.workflows();
  wrong.workflow = "no-such";
  CHECK(run_insight(wrong, out, err) == said_no);
}
