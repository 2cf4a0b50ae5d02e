// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "engine/store/audit_chain.hpp"
#include "engine/store/digest.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

std::string papers_of(std::string const& id) {
  return "/api/v1/cases/" + id + "/papers";
}

Answer issue(District const& district, std::string const& id, std::string const& kind, std::string const& by,
             Json const& body = Json::object()) {
  auto const tag = district.get("/api/v1/cases/" + id, by).header("ETag").value_or("\"1\"");
  return district.post(papers_of(id) + "/" + kind, by, body, "If-Match: " + tag + "\r\n");
}

bool has(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

Json paper(Json const& page, std::string const& kind) {
  for (auto const& item : page.at("items")) {
    if (item.at("kind") == kind) return item;
  }
  FAIL("no such paper: " << kind);
  return {};
}

}  // namespace

TEST_CASE("a paper is filled from its case, with every value escaped, and shown under a policy of its own") {
  District district;
  auto const id = district.open_issue("<script>alert(1)</script> & 污水外溢");
  auto const page = district.get(papers_of(id) + "/assignment-notice", "inspector");
  REQUIRE(page.status == 200);
  CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
  auto const policy = page.header("Content-Security-Policy").value_or("");
  CHECK(has(policy, "default-src 'none'"));
  CHECK(has(policy, "style-src 'unsafe-inline'"));
  CHECK(has(policy, "sandbox"));
  CHECK(has(page.body, "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 污水外溢"));
  CHECK_FALSE(has(page.body, "<script"));
  CHECK(has(page.body, "size: A4"));
  CHECK(has(page.body, "交办单"));
  CHECK(has(page.body, "Assignment notice"));
  CHECK_FALSE(has(page.body, "{{"));
  // A look changes nothing.
  CHECK(district.get("/api/v1/cases/" + id, "inspector").header("ETag") == "\"1\"");
}

TEST_CASE("an issued paper is numbered, kept and attached, and its number is given once") {
  District district;
  auto const id = district.open_issue();
  auto const number = json_of(district.get("/api/v1/cases/" + id, "inspector")).at("number").get<std::string>();
  CHECK(paper(json_of(district.get(papers_of(id), "inspector")), "assignment-notice").at("number") ==
        number + "号 交办单 第1号");
  auto const first = issue(district, id, "assignment-notice", "inspector");
  REQUIRE(first.status == 200);
  CHECK(first.header("ETag") == "\"2\"");
  auto const second =
      issue(district, id, "assignment-notice", "inspector", {{"fields", {{"rectify_by", "2026-12-15"}}}});
  REQUIRE(second.status == 200);
  auto const papers = json_of(second).at("documents").at("assignment-notice");
  REQUIRE(papers.size() == 2);
  CHECK(papers.at(0).at("name") == number + "号 交办单 第1号.html");
  CHECK(papers.at(1).at("name") == number + "号 交办单 第2号.html");
  CHECK(papers.at(0).at("type") == "text/html");
  // What it was given for this paper alone is not in the case.
  CHECK_FALSE(json_of(second).at("fields").contains("rectify_by"));
  auto const kept = district.get("/api/v1/attachments/" + papers.at(1).at("sha256").get<std::string>(), "supervisor");
  CHECK(kept.status == 200);
  CHECK(has(kept.body, number + "号 交办单 第2号"));
  CHECK(has(kept.body, "2026年12月15日"));
  // Its count is by kind.
  auto const now = json_of(district.get(papers_of(id), "inspector"));
  CHECK(paper(now, "assignment-notice").at("issued") == 2);
  CHECK(paper(now, "archive-index").at("number") == number + "号 一案一档目录 第1号");
  // Two who saw the same case do not both get the next number.
  auto const stale =
      district.post(papers_of(id) + "/assignment-notice", "inspector", Json::object(), "If-Match: \"2\"\r\n");
  CHECK(stale.status == 412);
  CHECK(district.post(papers_of(id) + "/assignment-notice", "inspector", Json::object()).status == 428);
  CHECK(paper(json_of(district.get(papers_of(id), "inspector")), "assignment-notice").at("issued") == 2);
}

TEST_CASE("a repeated request issues one paper") {
  District district;
  auto const id = district.open_issue();
  auto const once = [&] {
    return district.post(papers_of(id) + "/assignment-notice", "inspector", Json::object(),
                         "If-Match: \"1\"\r\nIdempotency-Key: the-one\r\n");
  };
  auto const first = once();
  auto const again = once();
  CHECK(first.status == 200);
  CHECK(again.status == 200);
  CHECK(json_of(again).at("documents") == json_of(first).at("documents"));
}

TEST_CASE("a request that attaches nothing keeps no paper either") {
  District district;
  auto const id = district.open_issue();
  auto const ask = [&](std::string const& fields) {
    return district.post(papers_of(id) + "/assignment-notice", "inspector", Json::object(), fields);
  };
  REQUIRE(ask("If-Match: \"1\"\r\nIdempotency-Key: the-one\r\n").status == 200);
  // Whatever is issued next would be these bytes.
  auto const next = hash_of(district.get(papers_of(id) + "/assignment-notice", "inspector").body);
  auto const is_kept = [&] { return district.store().attachments().find_upload(next, "").has_value(); };
  CHECK(ask("If-Match: \"1\"\r\nIdempotency-Key: the-one\r\n").status == 200);
  CHECK_FALSE(is_kept());
  CHECK(ask("If-Match: \"1\"\r\n").status == 412);
  CHECK_FALSE(is_kept());
  // The same key for something else is refused, and so is somebody else's.
  CHECK(ask("If-Match: \"2\"\r\nIdempotency-Key: the-one\r\n").status == 422);
  CHECK_FALSE(is_kept());
  CHECK(ask("If-Match: \"2\"\r\n").status == 200);
  CHECK(is_kept());
}

TEST_CASE("who has no part in a case finds none of its papers") {
  District district;
  auto const id = district.open_referral();
  for (auto const* const name : {"water", "supervisor", "auditor"}) {
    CAPTURE(name);
    CHECK(district.get(papers_of(id), name).status == 404);
    CHECK(district.get(papers_of(id) + "/transfer-letter", name).status == 404);
    CHECK(issue(district, id, "transfer-letter", name).status == 404);
  }
  CHECK(district.get(papers_of(id) + "/transfer-letter", "ecology").status == 200);
  CHECK(district.get(papers_of(id) + "/no-such-kind", "ecology").status == 404);
  // A kind without a form is no paper.
  CHECK(district.get(papers_of(id) + "/test-report", "ecology").status == 404);
}

TEST_CASE("who reads a case without being a party may look at its papers and issue none") {
  District district;
  auto const id = district.open_issue();
  district.add_person("other-supervisor", "seeb", {"supervisor"});
  auto const reader = std::string("auditor");
  CHECK(district.get(papers_of(id) + "/assignment-notice", reader).status == 200);
  auto const item = paper(json_of(district.get(papers_of(id), reader)), "assignment-notice");
  CHECK(item.at("possible") == false);
  CHECK(item.at("refusals").at(0).at("code") == "not_your_part");
  auto const refused = issue(district, id, "assignment-notice", reader);
  CHECK(refused.status == 403);
  CHECK(code_of(refused) == "not_your_part");
}

TEST_CASE("fields that the paper does not read, that the case has, or that are wrong are refused by name") {
  District district;
  auto const id = district.open_issue();
  auto const refused_at = [&](Json const& fields) {
    auto const answer = issue(district, id, "assignment-notice", "inspector", {{"fields", fields}});
    CHECK(answer.status == 422);
    auto const problem = json_of(answer);
    return problem.at("code").get<std::string>() + " " + problem.at("errors").at(0).at("pointer").get<std::string>();
  };
  CHECK(refused_at({{"problem", "别的问题"}}) == "unknown_field /fields/problem");
  CHECK(refused_at({{"reporter_contact", "13900000000"}}) == "unknown_field /fields/reporter_contact");
  CHECK(refused_at({{"no_such", 1}}) == "unknown_field /fields/no_such");
  CHECK(refused_at({{"rectify_by", "soon"}}) == "bad_format /fields/rectify_by");
  CHECK(issue(district, id, "assignment-notice", "inspector", {{"colour", "red"}}).status == 422);
  CHECK(district.get("/api/v1/cases/" + id, "inspector").header("ETag") == "\"1\"");
}

TEST_CASE("a paper that needs a field waits for it, or takes it for itself") {
  District district;
  auto const opened = district.post("/api/v1/cases", "ecology",
                                    {{"workflow", "criminal-referral"},
                                     {"fields",
                                      {{"case_title", "某厂偷排案"},
                                       {"offence", "pollution"},
                                       {"facts", "利用暗管排放电镀废水"},
                                       {"suspects", {"赵某"}},
                                       {"case_officers", {"张一", "李二"}}}}});
  REQUIRE(opened.status == 201);
  auto const id = json_of(opened).at("id").get<std::string>();
  auto const item = paper(json_of(district.get(papers_of(id), "ecology")), "transfer-letter");
  CHECK(item.at("possible") == false);
  CHECK(item.at("refusals").at(0).at("pointer") == "/fields/offence_basis");
  // It can be looked at all the same.
  auto const draft = district.get(papers_of(id) + "/transfer-letter", "ecology");
  CHECK(draft.status == 200);
  CHECK(has(draft.body, "赵某"));
  CHECK(has(draft.body, "接受案件回执"));
  auto const refused = issue(district, id, "transfer-letter", "ecology");
  CHECK(refused.status == 422);
  CHECK(code_of(refused) == "missing");
  CHECK(json_of(refused).at("errors").at(0).at("pointer") == "/fields/offence_basis");
  CHECK_FALSE(json_of(district.get("/api/v1/cases/" + id, "ecology")).at("documents").contains("transfer-letter"));
  auto const issued =
      issue(district, id, "transfer-letter", "ecology", {{"fields", {{"offence_basis", "《刑法》第三百三十八条"}}}});
  CHECK(issued.status == 200);
  CHECK(json_of(issued).at("documents").at("transfer-letter").size() == 1);
}

TEST_CASE("printing is on record, and what nobody could print as well") {
  District district;
  auto const id = district.open_issue();
  CHECK(district.get(papers_of(id) + "/assignment-notice", "inspector").status == 200);
  CHECK(issue(district, id, "assignment-notice", "inspector").status == 200);
  CHECK(district.get(papers_of(id) + "/13800000000", "water").status == 404);
  auto const rows = json_of(district.get("/api/v1/audit-events?kind=printed", "auditor")).at("items");
  REQUIRE(rows.size() == 3);
  CHECK(rows.at(0).at("detail") == Json{{"found", false}, {"document", nullptr}, {"issued", false}});
  CHECK(rows.at(1).at("detail") == Json{{"found", true}, {"document", "assignment-notice"}, {"issued", true}});
  CHECK(rows.at(2).at("detail") == Json{{"found", true}, {"document", "assignment-notice"}, {"issued", false}});
  CHECK(rows.at(2).at("person") == "person-inspector");
  CHECK(rows.at(2).at("case") == id);
}

TEST_CASE("no paper shows somebody a personal value that the case itself keeps from them") {
  District district;
  district.add_person("clerk", "hotline-12345", {"intake_clerk"});
  auto complaint = json_of(district.get("/api/v1/workflows/public-complaint", "clerk")).at("example");
  complaint["workflow"] = "public-complaint";
  complaint["fields"]["complainant"] = "郑某某";
  complaint["fields"]["complainant_contact"] = "13911112222";
  auto const opened = district.post("/api/v1/cases", "clerk", complaint);
  REQUIRE(opened.status == 201);
  auto const referral = district.open_referral();
  auto const suspect = json_of(district.get("/api/v1/cases/" + referral, "ecology"))
                           .at("fields")
                           .at("suspects")
                           .at(0)
                           .get<std::string>();
  struct Kept {
    std::string id;
    std::vector<std::string> values;
  };
  auto const complaint_id = json_of(opened).at("id").get<std::string>();
  std::vector<Kept> personal;
  personal.push_back({.id = district.open_issue(), .values = {std::string("13800000000")}});
  personal.push_back({.id = referral, .values = {suspect}});
  personal.push_back({.id = complaint_id, .values = {std::string("郑某某"), std::string("13911112222")}});
  int kept = 0;
  int pages = 0;
  int printed = 0;
  for (auto const& [id, values] : personal) {
    for (auto const* const name :
         {"inspector", "township-head", "supervisor", "ecology", "water", "police", "auditor", "clerk"}) {
      CAPTURE(name);
      auto const seen = district.get("/api/v1/cases/" + id, name);
      auto const list = district.get(papers_of(id), name);
      CHECK(list.status == seen.status);
      if (list.status != 200) continue;
      auto const papers = json_of(list);
      for (auto const& item : papers.at("items")) {
        auto const page = district.get(papers_of(id) + "/" + item.at("kind").get<std::string>(), name);
        REQUIRE(page.status == 200);
        ++pages;
        for (auto const& value : values) {
          kept += has(seen.body, value) ? 0 : 1;
          printed += has(page.body, value) ? 1 : 0;
          if (!has(seen.body, value)) CHECK_FALSE(has(page.body, value));
        }
      }
    }
  }
  // None of it holds for want of pages, of somebody who may not read, or of a value that is printed at all.
  CHECK(pages >= 10);
  CHECK(kept > 0);
  CHECK(printed > 0);
}
