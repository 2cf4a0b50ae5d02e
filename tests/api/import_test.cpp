// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <iconv.h>

#include <fstream>

#include "engine/format/csv.hpp"
#include "engine/format/table.hpp"
#include "engine/format/temporary_file.hpp"
#include "engine/store/verify.hpp"
#include "tests/api/contract.hpp"
#include "tests/api/district.hpp"
#include "tests/api/workbook.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

Answer send(District& district, std::string const& by, std::string const& file, std::string const& query = {}) {
  return district.ask({.method = "POST",
                       .target = "/api/v1/imports" + query,
                       .by = by,
                       .body = file,
                       .fields = "Content-Type: application/octet-stream\r\n",
                       .json = false});
}

Json summary_of(District& district, std::string const& by, std::string const& file, std::string const& query = {}) {
  auto const answer = send(district, by, file, query);
  REQUIRE_MESSAGE(answer.status == 200, answer.body);
  CHECK(departures(json_of(answer), "ImportSummary") == std::vector<std::string>{});
  return json_of(answer);
}

std::string replaced(std::string text, std::string const& what, std::string const& with) {
  auto const at = text.find(what);
  REQUIRE_MESSAGE(at != std::string::npos, what);
  return text.replace(at, what.size(), with);
}

// Of one case, as the supervisor sees it.
Json fields_of(District& district, std::string const& id) {
  return json_of(district.get("/api/v1/cases/" + id, "supervisor")).at("fields");
}

std::int64_t revision_of(District& district, std::string const& id) {
  return json_of(district.get("/api/v1/cases/" + id, "supervisor")).at("revision");
}

std::string in_gb18030(std::string text) {
  std::string encoded(text.size() * 2, '\0');
  auto* const handle = iconv_open("GB18030", "UTF-8");
  auto* in = text.data();
  auto* out = encoded.data();
  auto left = text.size();
  auto room = encoded.size();
  REQUIRE(iconv(handle, &in, &left, &out, &room) == 0);
  iconv_close(handle);
  encoded.resize(encoded.size() - room);
  return encoded;
}

// The code of the first fault and its column.
std::string first_fault(Json const& summary) {
  if (summary.at("faults").empty()) return {};
  auto const& fault = summary.at("faults").at(0);
  return std::to_string(fault.at("row").get<int>()) + " " +
         (fault.at("column").is_null() ? "-" : fault.at("column").get<std::string>()) + " " +
         fault.at("code").get<std::string>();
}

std::string const ledger = "/api/v1/ledger.csv?workflow=inspection-issue&sort=opened";

// "read", or for what it was refused; nothing follows then.
std::string opened(std::string const& bytes, TableLimits const& limits = {}) {
  TemporaryFile const file;
  std::ofstream(file.path(), std::ios::binary) << bytes;
  auto table = open_table(file.path(), limits);
  while (table) {
    auto row = (*table)->next();
    if (!row) {
      CHECK_FALSE((*table)->next().has_value());
      return std::string(code_name(row.error().front().code));
    }
    if (!*row) return "read";
  }
  return std::string(code_name(table.error().front().code));
}

}  // namespace

TEST_CASE("a ledger that was taken out and comes back changes only what was edited, and a repeat changes nothing") {
  District district;
  auto const one = district.open_issue("=雨水口\n有“污水”, 外溢");
  district.move_clock(std::chrono::seconds(1));
  auto const other = district.open_issue("第二件");
  auto const file = district.get(ledger, "supervisor").body;
  auto const untouched = summary_of(district, "supervisor", file, "?dry_run=false");
  CHECK(untouched.at("unchanged") == 2);
  CHECK(untouched.at("stored") == true);
  CHECK(revision_of(district, one) == 1);

  auto const edited = replaced(replaced(file, "第二件,已发现", "改过的标题,已发现"), "水,", "大气,");
  auto const dry = summary_of(district, "supervisor", edited);
  CHECK_MESSAGE(dry.at("changed") == 2, dry.dump());
  CHECK(dry.at("stored") == false);
  CHECK(revision_of(district, one) == 1);
  auto const done = summary_of(district, "supervisor", edited, "?dry_run=false");
  CHECK(done.at("stored") == true);
  CHECK(fields_of(district, one).at("category") == "air");
  CHECK(fields_of(district, one).at("problem") == "=雨水口\n有“污水”, 外溢");
  CHECK(fields_of(district, other).at("problem") == "改过的标题");
  CHECK(fields_of(district, other).at("category") == "water");
  CHECK(revision_of(district, one) == 2);

  auto const again = summary_of(district, "supervisor", edited, "?dry_run=false");
  CHECK(again.at("repeated") == 2);
  CHECK(revision_of(district, one) == 2);
  // What has moved since then is not written over, and what was not edited does not mind.
  auto const moved = replaced(edited, "大气,", "噪声,");
  auto const refused = summary_of(district, "supervisor", moved, "?dry_run=false");
  CHECK(first_fault(refused) == "2 revision stale_version");
  CHECK(refused.at("stored") == false);
  CHECK(summary_of(district, "supervisor", file, "?dry_run=false").at("unchanged") == 2);
  CHECK(verify(district.store().cases()).faults.empty());
  CHECK(district.store().cases().verify_rows().empty());
  auto const history = json_of(district.get("/api/v1/cases/" + one + "/history", "supervisor")).at("items");
  CHECK(history.at(history.size() - 1).at("type") == "corrected");
  CHECK(history.at(history.size() - 1).at("actor").at("person") == "person-supervisor");
}

TEST_CASE("a workbook comes back as a spreadsheet program writes it, and the report is one that can be put right") {
  District district;
  auto const id = district.open_issue();
  auto const out = district.get("/api/v1/ledger.xlsx?workflow=inspection-issue", "supervisor").body;
  CHECK(summary_of(district, "supervisor", out).at("unchanged") == 1);
  auto parts = parts_of(out);
  auto& sheet = parts["xl/worksheets/sheet1.xml"];
  sheet = replaced(sheet, "<t>水</t>", "<t>海水</t>");
  auto const wrong = workbook_of(parts);
  auto const summary = summary_of(district, "supervisor", wrong, "?dry_run=false");
  CHECK(first_fault(summary) == "2 环境要素 not_a_choice");
  CHECK(summary.at("stored") == false);
  auto const report = send(district, "supervisor", wrong, "?report=true");
  REQUIRE(report.status == 200);
  CHECK(report.header("Content-Type") == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  auto put_right = parts_of(report.body);
  auto& reported = put_right["xl/worksheets/sheet1.xml"];
  CHECK(reported.find("错误信息") != std::string::npos);
  CHECK(reported.find("环境要素: ") != std::string::npos);
  reported = replaced(reported, "<t>海水</t>", "<t>大气</t>");
  CHECK(summary_of(district, "supervisor", workbook_of(put_right), "?dry_run=false").at("changed") == 1);
  CHECK(fields_of(district, id).at("category") == "air");
}

TEST_CASE("new rows open cases, once each, in the encodings that spreadsheets write") {
  District district;
  std::string const file = "流程,问题描述,环境要素\r\n督察问题,河边堆垃圾,固体废物\r\n督察问题,河边堆垃圾,固体废物\r\n";
  for (auto const& [encoded, opened, repeated] : {std::tuple{in_gb18030(file), 2, 0}, std::tuple{file, 0, 2},
                                                  std::tuple{std::string(byte_order_mark) + file, 0, 2}}) {
    auto const summary = summary_of(district, "inspector", encoded, "?dry_run=false");
    CHECK_MESSAGE(summary.at("opened") == opened, summary.dump());
    CHECK(summary.at("repeated") == repeated);
  }
  auto const cases = json_of(district.get("/api/v1/cases", "inspector")).at("items");
  REQUIRE(cases.size() == 2);
  CHECK(cases.at(0).at("title") == "河边堆垃圾");
  CHECK(cases.at(0).at("fields").at("category") == "solid-waste");
  // Tabs, semicolons, and the workflow by the address.
  auto const tabs = std::string("问题描述\t环境要素\r\n另一处\t水\r\n");
  CHECK(summary_of(district, "inspector", tabs, "?dry_run=false&workflow=inspection-issue").at("opened") == 1);
  // Who may open none, opens none by a ledger either.
  CHECK(first_fault(summary_of(district, "police", file)) == "2 - not_your_part");
}

TEST_CASE("each fault is named by row and column, nothing is stored until that is wanted, and then what is good") {
  District district;
  std::string file = std::string("问题描述") + ",环境要素\r\n";
  for (int row = 0; row < 300; ++row)
    file += "第" + std::to_string(row) + "处," + (row % 3 == 0 ? "海水" : "水") + "\r\n";
  auto const query = std::string("&workflow=inspection-issue");
  auto const summary = summary_of(district, "inspector", file, "?dry_run=false" + query);
  CHECK(summary.at("refused") == 100);
  CHECK(summary.at("faults").size() == 100);
  CHECK(summary.at("faults").at(1).at("row") == 5);
  CHECK(summary.at("faults").at(1).at("column") == "环境要素");
  CHECK(summary.at("stored") == false);
  CHECK(json_of(district.get("/api/v1/cases", "inspector")).at("items").empty());
  auto const report = send(district, "inspector", file, "?report=true" + query).body;
  CHECK(report.starts_with(byte_order_mark));
  CHECK(report.find("第0处,海水,") != std::string::npos);
  CHECK(report.find("第1处,水,\r\n") != std::string::npos);
  auto const good = summary_of(district, "inspector", file, "?dry_run=false&skip_faulty=true" + query);
  CHECK(good.at("opened") == 200);
  CHECK(good.at("stored") == true);
  CHECK(json_of(district.get("/api/v1/reports/summary?by=state", "inspector")).at("total").at("open") == 200);
  // The report, put right, brings the others and none of these again.
  auto put_right = report;
  while (put_right.find("海水") != std::string::npos) put_right = replaced(put_right, "海水", "大气");
  auto const rest = summary_of(district, "inspector", put_right, "?dry_run=false" + query);
  CHECK(rest.at("opened") == 100);
  CHECK(rest.at("repeated") == 200);
  CHECK(verify(district.store().cases()).faults.empty());
}

TEST_CASE("rows with what a ledger cannot say are refused for what it is") {
  District district;
  auto const id = district.open_issue();
  auto const referral = district.open_referral();
  std::string const known = "id,revision,编号,状态,环境要素,整改时限\r\n";
  struct Row {
    std::string text;
    std::string fault;
  };
  for (auto const& [text, expected] :
       {Row{referral + ",1,,,水,", "2 id not_found"},
        Row{"019a0000-0000-7000-8000-000000000000,1,,,,", "2 id not_found"},
        Row{id + ",7,,,,", "2 revision bad_format"}, Row{id + ",,,,,", "2 revision bad_format"},
        Row{id + ",1,BN-WT-2026-000009,已发现,水,", "2 编号 bad_format"},
        Row{id + ",1,BN-WT-2026-000001,办结,水,", "2 状态 bad_format"},
        Row{id + ",1,BN-WT-2026-000001,已发现,水,2026-02-30", "2 整改时限 bad_format"},
        Row{id + ",1,BN-WT-2026-000001,已发现,水,46351", "2 整改时限 bad_format"},
        Row{",,BN-WT-2026-000001,,水,", "2 编号 missing"}, Row{",,,,水,", "2 流程 missing"}}) {
    CAPTURE(text);
    auto const summary = summary_of(district, "supervisor", known + text + "\r\n", "?dry_run=false");
    CHECK(first_fault(summary) == expected);
    CHECK(summary.at("stored") == false);
  }
  auto const twice = known + id + ",1,BN-WT-2026-000001,已发现,水,\r\n" + id + ",1,BN-WT-2026-000001,已发现,水,\r\n";
  CHECK(first_fault(summary_of(district, "supervisor", twice)) == "3 id duplicate_key");
  // A person without the right to correct is told so, by the engine and not by the form.
  auto const by_water = known + id + ",1,BN-WT-2026-000001,已发现,大气,\r\n";
  CHECK(first_fault(summary_of(district, "inspector", by_water)) == "2 - not_your_part");
  for (auto const* const file : {"", "\r\n\r\n", "编号,没有的列\r\n1,2\r\n", "编号,编号\r\n", "编号\r\n\"abc",
                                 "\xD0\xCF\x11\xE0", "PK\x03\x04zzz", "编号\r\n\x81\xFF\xFE\r\n"}) {
    CAPTURE(file);
    CHECK(send(district, "supervisor", file).status == 422);
  }
  CHECK(send(district, "supervisor", known, "?dry_run=perhaps").status == 400);
  CHECK(send(district, "supervisor", known, "?mapping=old-hotline").status == 403);
  CHECK(send(district, "administrator", known, "?mapping=no-such").status == 400);
  CHECK(revision_of(district, id) == 1);
}

TEST_CASE("a guess at what is masked is never told to be right") {
  District district;
  district.add_person("leader", "district-committee", {"district_leader"});
  auto const id = district.open_issue();
  REQUIRE(district.act(id, "comment", "inspector", {{"comment", "补充"}}).status == 200);
  auto const guess = [&](std::string const& by, std::string const& contact) {
    return summary_of(district, by, "id,revision,反映人联系方式\r\n" + id + ",1," + contact + "\r\n");
  };
  for (auto const* const contact : {"13800000000", "13800000001", ""})
    CHECK(first_fault(guess("leader", contact)) == "2 revision stale_version");
  CHECK(guess("supervisor", "13800000000").at("repeated") == 1);
}

TEST_CASE("a workbook with merged cells, hidden sheets, formulas, dates and words in several pieces") {
  District district;
  std::string const query = "?workflow=inspection-issue";
  auto const titles = raw_row(1, {std::string("问题描述"), "环境要素"});
  auto const ask = [&](std::vector<RawSheet> const& sheets) {
    return summary_of(district, "inspector", raw_workbook(sheets), query);
  };
  auto const merged =
      ask({{.name = "a",
            .rows = titles + raw_row(2, {"一", "水"}) + raw_row(3, {"二", "水"}) + raw_row(5, {"三", "水"}),
            .behind = "<mergeCells><mergeCell ref=\"B2:B3\"/></mergeCells>"}});
  CHECK(merged.at("refused") == 2);
  CHECK(merged.at("opened") == 1);
  CHECK(first_fault(merged) == "2 - bad_format");
  auto const hidden = ask({{.name = "说明", .rows = raw_row(1, {"别的"}), .state = "hidden"},
                           {.name = "a", .rows = titles + raw_row(2, {"一", "水"})},
                           {.name = "b", .rows = titles + raw_row(2, {"二", "水"})},
                           {.name = "空", .rows = {}},
                           {.name = "c", .rows = raw_row(1, {"x"}), .state = "veryHidden"}});
  CHECK(hidden.at("opened") == 2);
  CHECK(send(district, "inspector",
             raw_workbook({{.name = "a", .rows = titles + raw_row(2, {"一", "水"})},
                           {.name = "b", .rows = raw_row(1, {"别的"})}}),
             query)
            .status == 422);
  auto const formula =
      ask({{.name = "a", .rows = titles + "<row r=\"2\"><c r=\"A2\" t=\"str\"><f>B2</f><v>算</v></c></row>"}});
  CHECK(formula.at("refused") == 1);
  auto const pieces = ask(
      {{.name = "a",
        .rows = titles +
                "<row><c t=\"inlineStr\"><is><r><t>一</t></r><r><t>处</t></r><rPh><t>yi</t></rPh></is></c></row>"}});
  CHECK(pieces.at("opened") == 1);
}

TEST_CASE("a sheet whose rows are not in order, or whose titles are others, is refused and read no further") {
  auto const titles = raw_row(1, {"标题"});
  auto const rows = [&](int second, int third) {
    return raw_workbook({{.name = "a", .rows = titles + raw_row(second, {"一"}) + raw_row(third, {"二"})}});
  };
  CHECK(opened(rows(2, 3)) == "read");
  CHECK(opened(rows(2, 7)) == "read");
  CHECK(opened(rows(2, 2)) == "bad_format");
  CHECK(opened(rows(3, 2)) == "bad_format");
  CHECK(opened(rows(1, 2)) == "bad_format");
  CHECK(opened(rows(0, 2)) == "bad_format");
  CHECK(opened(raw_workbook({{.name = "a", .rows = titles + raw_row(2, {"一"})},
                             {.name = "b", .rows = raw_row(1, {"别的"}) + raw_row(2, {"二"})}})) == "bad_format");
}

TEST_CASE("an archive that explodes, or declares entities of its own, is not unpacked") {
  auto const rows = [](std::string const& more) {
    return raw_workbook({{.name = "a", .rows = raw_row(1, {"标题"}) + raw_row(2, {more})}});
  };
  CHECK(opened(rows("x")) == "read");
  CHECK(opened(rows(std::string(3'000'000, 'x')), {.sheet = 1'000'000}) == "too_large");
  CHECK(opened(rows(std::string(300'000, 'x'))) == "too_large");
  CHECK(opened(rows("x"), {.rows = 1}) == "too_large");
  CHECK(opened(rows("x"), {.parts = 2}) == "too_large");
  auto parts = parts_of(rows("&a;"));
  parts["xl/worksheets/sheet1.xml"] = "<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\">]><worksheet><sheetData/></worksheet>";
  CHECK(opened(workbook_of(parts)) == "bad_format");
  parts["xl/worksheets/sheet1.xml"] = "<worksheet><sheetData>";
  CHECK(opened(workbook_of(parts)) == "bad_format");
  parts.erase("xl/worksheets/sheet1.xml");
  CHECK(opened(workbook_of(parts)) == "bad_format");
}

TEST_CASE("the ledger of another system comes in as cases that stand where they stood there") {
  District district;
  std::string const file =
      "工单编号,受理时间,办结时间,办理状态,诉求内容,来电人,联系电话,诉求类型,污染类别,地址,承办单位,处理结果,备注,"
      "办理期限\r\n"
      "2025-1,2025/3/1 "
      "9:05,2025年3月12日,已办结,工厂排黑水,王女士,13800000000,举报,废水,界石镇,环保局,已责令改正,老系统,2025/3/16\r\n"
      "2025-2,2025-12-30,,办理中,夜间噪音,,,投诉,噪音,鱼洞,鱼洞街道,,,2026年1月15日\r\n"
      "2025-3,2025-12-30,,已办结,没有办结时间,,,投诉,噪音,鱼洞,环保局,,,\r\n"
      "2025-4,2025-13-30,,某状态,问题,,,歌唱,噪音,鱼洞,某局,,,三月底\r\n";
  auto const by = [&](std::string const& query) {
    return summary_of(district, "administrator", file, "?mapping=old-hotline" + query);
  };
  auto const dry = by("");
  CHECK_MESSAGE(dry.at("refused") == 2, dry.dump());
  auto const done = by("&dry_run=false&skip_faulty=true");
  CHECK_MESSAGE(done.at("opened") == 2, done.dump());
  CHECK(by("&dry_run=false&skip_faulty=true").at("repeated") == 2);
  auto const cases = json_of(district.get("/api/v1/cases?workflow=public-complaint", "ecology")).at("items");
  REQUIRE(cases.size() == 1);
  auto const whole = json_of(district.get("/api/v1/cases/" + cases.at(0).at("id").get<std::string>(), "ecology"));
  CHECK(whole.at("number") == "BN-TS-2025-000001");
  CHECK(whole.at("state") == "closed");
  CHECK(whole.at("opened") == "2025-03-01T09:05:00+08:00");
  CHECK(whole.at("closed") == "2025-03-12T00:00:00+08:00");
  CHECK(whole.at("fields").at("answer_summary") == "已责令改正");
  CHECK(whole.at("fields").at("channel") == "hotline");
  CHECK(whole.at("deadlines").empty());
  // What is not closed there is due here on the day that was set there.
  CaseQuery const open{.workflow = "public-complaint", .final = false};
  auto const stored = district.store().cases().list(open, Visibility::of_everything(), district.now()).value().items;
  REQUIRE(stored.size() == 1);
  auto const* const deadline = stored.front().deadline("handle");
  REQUIRE(deadline != nullptr);
  CHECK(deadline->owner == "yudong");
  CHECK(format_utc(deadline->started) == "2025-12-29T16:00:00Z");
  CHECK(format_utc(deadline->due) == "2026-01-15T15:59:59Z");
  CHECK(district.store().cases().due_for_wakeup(deadline->due, 1) == std::vector<std::string>{stored.front().id});
  CHECK(verify(district.store().cases()).faults.empty());
  CHECK(district.store().cases().verify_rows().empty());
}
