// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <set>

#include "engine/format/csv.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

std::vector<std::string> lines_of(std::string const& text) {
  std::vector<std::string> lines;
  for (std::size_t start = 0; start < text.size();) {
    auto const end = text.find("\r\n", start);
    lines.push_back(text.substr(start, end - start));
    start = end + 2;
  }
  return lines;
}

}  // namespace

TEST_CASE("a text that a spreadsheet would take for a formula is guarded, and what would break a line is quoted") {
  struct Row {
    char const* given;
    char const* written;
  };
  for (auto const& [given, written] :
       {Row{"=1+1", "'=1+1"}, Row{"+86", "'+86"}, Row{"-1", "'-1"}, Row{"@a", "'@a"}, Row{"  =1", "'  =1"},
        Row{"\ta", "'\ta"}, Row{"＝1", "'＝1"}, Row{"=\"a\",1", "\"'=\"\"a\"\",1\""}, Row{"a,b", "\"a,b\""},
        Row{"a\nb", "\"a\nb\""}, Row{"污水", "污水"}, Row{"1-2", "1-2"}, Row{"", ""}}) {
    CAPTURE(given);
    CsvLine line;
    line.text(given);
    line.plain("-3");
    CHECK(line.take() == std::string(written) + ",-3\r\n");
  }
}

TEST_CASE("a ledger holds what the list of the same filters holds, masked alike, and its taking out is on record") {
  District district;
  auto const issue = district.open_issue("=HYPERLINK(\"http://a\")");
  district.move_clock(std::chrono::seconds(1));  // within a second the order of opening is not kept
  (void)district.open_issue("第二件");
  (void)district.open_referral();
  auto const answer = district.get("/api/v1/ledger.csv?workflow=inspection-issue&sort=opened", "supervisor");
  REQUIRE(answer.status == 200);
  CHECK(answer.header("Content-Type") == "text/csv; charset=utf-8");
  CHECK(answer.header("Content-Disposition") == "attachment; filename=\"ledger-2026-03-02.csv\"");
  CHECK(answer.body.starts_with(byte_order_mark));
  auto const lines = lines_of(answer.body);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].starts_with("\xEF\xBB\xBF编号,流程,标题,状态,预警灯,期限,当前责任单位,登记时间,办结时间,"));
  CHECK(lines[1].starts_with(
      "BN-WT-2026-000001,督察问题,\"'=HYPERLINK(\"\"http://a\"\")\",已发现,绿灯,2026-03-09T23:59:59+08:00,"));
  CHECK(lines[1].find("13800000000") == std::string::npos);
  CHECK(lines[1].find("***") != std::string::npos);
  auto const english = lines_of(district.get("/api/v1/ledger.csv", "supervisor", "Accept-Language: en\r\n").body);
  REQUIRE(english.size() == 3);
  CHECK(english[0] == "\xEF\xBB\xBFNumber,Workflow,Title,State,Light,Due,With,Opened,Closed,id,revision");
  // A link cannot say what its browser sends.
  CHECK(district.get("/api/v1/ledger.csv?lang=en", "supervisor", "Accept-Language: zh\r\n").body.find("Number,") == 3);
  CHECK(lines_of(district.get("/api/v1/ledger.csv", "water").body).size() == 1);
  CHECK(district.get("/api/v1/ledger.csv?limit=1", "supervisor").status == 400);
  CHECK(district.get("/api/v1/ledger.csv?light=purple", "supervisor").status == 400);
  auto const kept = json_of(district.get("/api/v1/audit-events?kind=exported", "auditor")).at("items");
  REQUIRE(kept.size() == 4);
  CHECK(kept.at(3).at("detail").at("filter").at("workflow") == "inspection-issue");
  CHECK(kept.at(3).at("person") == "person-supervisor");
}

TEST_CASE("a ledger goes over its pages") {
  District district;
  for (int number = 0; number < 205; ++number) (void)district.open_issue("问题 " + std::to_string(number));
  auto const lines = lines_of(district.get("/api/v1/ledger.csv?sort=opened", "supervisor").body);
  REQUIRE(lines.size() == 206);
  std::set<std::string> numbers;
  for (std::size_t place = 1; place < lines.size(); ++place)
    numbers.insert(lines[place].substr(0, lines[place].find(',')));
  CHECK(numbers.size() == 205);
  CHECK(numbers.contains("BN-WT-2026-000205"));
}
