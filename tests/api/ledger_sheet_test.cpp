// SPDX-License-Identifier: Apache-2.0
#include "engine/format/ledger_sheet.hpp"

#include <doctest/doctest.h>
#include <zip.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <pugixml.hpp>
#include <set>

#include "engine/format/temporary_file.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

// A workbook read back: what a spreadsheet program would find in it.
class Read {
 public:
  explicit Read(std::string bytes) : bytes_(std::move(bytes)) {
    auto* const source = zip_source_buffer_create(bytes_.data(), bytes_.size(), 0, nullptr);
    archive_ = zip_open_from_source(source, ZIP_RDONLY, nullptr);
    REQUIRE(archive_ != nullptr);
  }
  ~Read() { zip_discard(archive_); }
  Read(Read const&) = delete;
  Read& operator=(Read const&) = delete;

  [[nodiscard]] std::string text(std::string const& name) const {
    struct zip_stat about {};
    REQUIRE(zip_stat(archive_, name.c_str(), 0, &about) == 0);
    std::string content(about.size, '\0');
    auto* const file = zip_fopen(archive_, name.c_str(), 0);
    CHECK(zip_fread(file, content.data(), content.size()) == static_cast<zip_int64_t>(content.size()));
    zip_fclose(file);
    return content;
  }
  [[nodiscard]] pugi::xml_document part(std::string const& name) const {
    pugi::xml_document document;
    REQUIRE(document.load_string(text(name).c_str()));
    return document;
  }
  [[nodiscard]] pugi::xml_document sheet(int number = 1) const {
    return part("xl/worksheets/sheet" + std::to_string(number) + ".xml");
  }

 private:
  std::string bytes_;
  zip_t* archive_ = nullptr;
};

// Of a cell: the string that stands in it, or its number as written.
std::string said(pugi::xml_node cell) {
  return std::string_view(cell.attribute("t").value()) == "inlineStr" ? cell.child("is").child("t").text().get()
                                                                      : cell.child("v").text().get();
}

using Rows = std::vector<std::map<std::string, std::string>>;

// Each row by the letters of its columns.
Rows rows_of(pugi::xml_document const& sheet) {
  Rows rows;
  for (auto const row : sheet.child("worksheet").child("sheetData").children("row")) {
    auto& cells = rows.emplace_back();
    for (auto const cell : row.children("c")) {
      std::string const at = cell.attribute("r").value();
      cells[at.substr(0, at.find_first_of("0123456789"))] = said(cell);
    }
  }
  return rows;
}

pugi::xml_node cell_at(pugi::xml_document const& sheet, std::string const& at) {
  return sheet.find_node([&](pugi::xml_node node) { return node.attribute("r").value() == at; });
}

// The colour behind a cell: ARGB.
std::string ground_of(Read const& book, pugi::xml_node cell) {
  auto const part = book.part("xl/styles.xml");
  auto const styles = part.child("styleSheet");
  auto const format = *std::next(styles.child("cellXfs").begin(), cell.attribute("s").as_int());
  auto const fill = *std::next(styles.child("fills").begin(), format.attribute("fillId").as_int());
  return fill.child("patternFill").child("fgColor").attribute("rgb").value();
}

using Kind = LedgerCell::Kind;

Read written(std::vector<LedgerColumn> const& columns, NextRows const& rows) {
  TemporaryFile const file;
  write_sheet(columns, rows, {.author = "某人"}, file.path(), 100);
  std::ifstream stream(file.path(), std::ios::binary);
  return Read(std::string(std::istreambuf_iterator<char>(stream), {}));
}

Read sheet_of(District const& district, std::string const& query, std::string const& by,
              std::string const& fields = {}) {
  auto answer = district.get("/api/v1/ledger.xlsx" + query, by, fields);
  REQUIRE(answer.status == 200);
  return Read(std::move(answer.body));
}

}  // namespace

TEST_CASE("a ledger as a workbook holds what the list holds, masked alike, and its taking out is on record") {
  District district;
  auto const issue = district.open_issue("=HYPERLINK(\"http://a\")");
  district.move_clock(std::chrono::hours(24 * 30));
  (void)district.open_issue("第二件");
  (void)district.open_referral();
  auto const answer = district.get("/api/v1/ledger.xlsx?workflow=inspection-issue&sort=opened", "supervisor");
  REQUIRE(answer.status == 200);
  CHECK(answer.header("Content-Type") == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  CHECK(answer.header("Content-Disposition") == "attachment; filename=\"ledger-2026-04-01.xlsx\"");
  CHECK(answer.header("Content-Length") == std::to_string(answer.body.size()));
  Read const book(answer.body);
  auto const sheet = book.sheet();
  auto const rows = rows_of(sheet);
  REQUIRE(rows.size() == 3);
  std::string titles;
  for (auto const* const column : {"A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K"})
    titles += rows[0].at(column) + ' ';
  CHECK(titles == "id revision 编号 流程 标题 状态 预警灯 期限 当前责任单位 登记时间 办结时间 ");
  CHECK(rows[1].at("A") == issue);
  CHECK(rows[1].at("B") == "1");
  CHECK(rows[1].at("C") == "BN-WT-2026-000001");
  CHECK(rows[1].at("F") == "已发现");
  // A string that begins as a formula does is a string, as it was typed.
  CHECK(rows[1].at("E") == "=HYPERLINK(\"http://a\")");
  CHECK_FALSE(sheet.find_node([](pugi::xml_node node) { return std::string_view(node.name()) == "f"; }));
  CHECK(book.text("xl/worksheets/sheet1.xml").find("13800000000") == std::string::npos);
  CHECK(book.text("xl/worksheets/sheet1.xml").find("***") != std::string::npos);
  // Days since 1899-12-30, on the district's clock: 2026-03-09 23:59:59.
  CHECK(std::stod(rows[1].at("H")) == doctest::Approx(46090 + 86399.0 / 86400).epsilon(1e-9));
  CHECK(rows[1].at("G") == "红灯");
  CHECK(rows[2].at("G") == "绿灯");
  CHECK(ground_of(book, cell_at(sheet, "G2")) == "FFFDE8E6");
  CHECK(ground_of(book, cell_at(sheet, "G3")) == "FFE3F3E8");

  CHECK(district.get("/api/v1/ledger.xlsx?limit=1", "supervisor").status == 400);
  CHECK(district.get("/api/v1/ledger.xlsx?lang=fr", "supervisor").status == 400);
  CHECK(rows_of(sheet_of(district, "", "water").sheet()).size() == 1);
  auto const kept = json_of(district.get("/api/v1/audit-events?kind=exported", "auditor")).at("items");
  REQUIRE(kept.size() == 2);
  CHECK(kept.at(1).at("detail").at("format") == "xlsx");
  CHECK(kept.at(1).at("detail").at("filter") == Json{{"workflow", "inspection-issue"}, {"sort", "opened"}});
}

TEST_CASE("a workbook's titles stay in sight and filter, ids are hidden, and what can be chosen is a list") {
  District district;
  (void)district.open_issue();
  auto const book = sheet_of(district, "?workflow=inspection-issue&lang=en", "supervisor", "Accept-Language: zh\r\n");
  auto const document = book.sheet();
  auto const sheet = document.child("worksheet");
  auto const pane = sheet.child("sheetViews").child("sheetView").child("pane");
  CHECK(std::string(pane.attribute("state").value()) == "frozen");
  CHECK(std::string(pane.attribute("topLeftCell").value()) == "D2");
  CHECK(std::string(sheet.child("autoFilter").attribute("ref").value()).starts_with("C1:"));
  auto const hidden = sheet.child("cols").child("col");
  CHECK(hidden.attribute("min").as_int() == 1);
  CHECK(hidden.attribute("max").as_int() == 2);
  CHECK(hidden.attribute("hidden").as_bool());

  auto const titles = rows_of(document).at(0);
  CHECK(titles.at("C") == "Number");
  auto const part = book.part("xl/workbook.xml");
  auto const sheets = part.child("workbook").child("sheets");
  auto const lists = *std::next(sheets.begin());
  CHECK(std::string(lists.attribute("name").value()) == "Choices");
  CHECK(std::string(lists.attribute("state").value()) == "hidden");
  auto const choices = rows_of(book.sheet(2));
  auto const rules = sheet.child("dataValidations").children("dataValidation");
  std::size_t list = 0;
  std::set<std::string> listed;
  for (auto const rule : rules) {
    auto const& row = choices.at(list++);
    std::string const cells = rule.attribute("sqref").value();
    auto const letters = cells.substr(0, cells.find_first_of("0123456789"));
    CAPTURE(cells);
    CHECK(row.at("A") == titles.at(letters));
    listed.insert(row.at("A"));
    auto const last = std::prev(row.end(), 1)->first;
    std::string const range = rule.child("formula1").text().get();
    CHECK(range.starts_with("'Choices'!$B$" + std::to_string(list) + ":$"));
    CHECK(range.ends_with("$" + std::to_string(list)));
  }
  CHECK(list == choices.size());
  CHECK(listed.contains("State"));
  CHECK(listed.contains("Category"));
}

TEST_CASE("a ledger goes on on another sheet where one is full") {
  int given = 0;
  auto const book = written({{.key = "number", .title = "编号"}}, [&given] {
    std::vector<LedgerRow> rows;
    while (given < 205 && rows.size() < 60)
      rows.push_back({.id = "x", .revision = 1, .cells = {{Kind::text, "BN-" + std::to_string(++given)}}});
    return rows;
  });
  std::set<std::string> numbers;
  for (auto const& [number, count] : std::map<int, std::size_t>{{1, 100}, {2, 100}, {3, 5}}) {
    auto const found = rows_of(book.sheet(number));
    REQUIRE(found.size() == count + 1);
    CHECK(found[0].at("C") == "编号");
    for (std::size_t place = 1; place < found.size(); ++place) numbers.insert(found[place].at("C"));
  }
  CHECK(numbers.size() == 205);
}

TEST_CASE("what a cell has no room for is cut and says so, and what is no exact number stays as it was written") {
  std::string long_text;
  for (int number = 0; number < 32767; ++number) long_text += "线";
  std::vector<LedgerRow> rows{{.id = "x",
                               .revision = 1,
                               .cells = {{Kind::text, long_text},
                                         {Kind::text, long_text + "长"},
                                         {Kind::number, "9007199254740993"},
                                         {Kind::number, "12.5"},
                                         {Kind::date, "2026-02-28"},
                                         {}}}};
  auto const book = written({{.key = "a", .title = "a"},
                             {.key = "b", .title = "b"},
                             {.key = "c", .title = "c"},
                             {.key = "d", .title = "d"},
                             {.key = "e", .title = "e"},
                             {.key = "f", .title = "f"}},
                            [&rows] { return std::exchange(rows, {}); });
  auto const found = rows_of(book.sheet()).at(1);
  CHECK(found.at("C") == long_text);
  CHECK(found.at("D").size() == long_text.size());
  CHECK(found.at("D").ends_with("线…"));
  CHECK(found.at("E") == "9007199254740993");
  CHECK(found.at("F") == "12.5");
  CHECK(found.at("G") == "46081");
  CHECK_FALSE(found.contains("H"));
}

TEST_CASE("a temporary file is gone with the answer that it was for") {
  std::string path;
  {
    TemporaryFile const file;
    path = file.path();
    CHECK(std::filesystem::exists(path));
    CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::others_all) ==
          std::filesystem::perms::none);
  }
  CHECK_FALSE(std::filesystem::exists(path));
}
