// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

bool has(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

std::string paper_of(std::string const& id) {
  return "/api/v1/cases/" + id + "/papers/circular";
}

// A month with an issue that nobody reported, and a criminal referral; then the next month, and its circular.
struct AfterTheMonth {
  District district;
  std::string issue;     // its number
  std::string referral;  // and its
  std::string id;        // of the circular

  AfterTheMonth() {
    district.add_person("leader", "district-government", {"district_leader"});
    // May read what supervisors read, and holds a part in the referral besides.
    district.add_person("ecology-supervisor", "seeb", {"supervisor", "handler"});
    auto const month = Zone().format(district.now()).substr(0, 10);
    issue = number_of(district.open_issue("雨水口有污水外溢"), "inspector");
    referral = number_of(district.open_referral(), "ecology");
    CHECK(code_of(open(month)) == "guard_failed");
    district.move_clock(std::chrono::hours(24 * 35));
    auto const answer = open(month);
    REQUIRE(answer.status == 201);
    id = json_of(answer).at("id").get<std::string>();
  }

  Answer issue_paper(std::string const& by) {
    auto const tag = district.get("/api/v1/cases/" + id, by).header("ETag").value_or("\"1\"");
    return district.post(paper_of(id), by, Json::object(), "If-Match: " + tag + "\r\n");
  }

 private:
  std::string number_of(std::string const& case_id, std::string const& by) {
    return json_of(district.get("/api/v1/cases/" + case_id, by)).at("number").get<std::string>();
  }
  Answer open(std::string const& day) {
    return district.post("/api/v1/cases", "supervisor",
                         {{"workflow", "monthly-circular"}, {"fields", {{"heading", "月度通报"}, {"period", day}}}});
  }
};

}  // namespace

TEST_CASE("the circular of a month names what is overdue, and no criminal referral to anybody") {
  AfterTheMonth month;
  for (auto const* const name : {"supervisor", "ecology-supervisor", "leader", "auditor"}) {
    CAPTURE(name);
    auto const page = month.district.get(paper_of(month.id), name);
    REQUIRE(page.status == 200);
    CHECK(has(page.body, "雨水口有污水外溢（" + month.issue + "）"));
    CHECK_FALSE(has(page.body, month.referral));
    CHECK_FALSE(has(page.body, "暗管"));
    CHECK_FALSE(has(page.body, "{{"));
  }
  // The one who has a part in it sees the referral everywhere else.
  CHECK(has(month.district.get("/api/v1/cases?workflow=criminal-referral", "ecology-supervisor").body, month.referral));
}

TEST_CASE("the circular is the inspection office's until it goes round, and its recipients then read what was issued") {
  AfterTheMonth month;
  auto const& district = month.district;
  auto const at = "/api/v1/cases/" + month.id;
  CHECK(district.get(at, "water").status == 404);
  CHECK(district.get(paper_of(month.id), "water").status == 404);
  CHECK(month.issue_paper("auditor").status == 403);
  CHECK(month.issue_paper("leader").status == 403);
  auto const issued = month.issue_paper("supervisor");
  REQUIRE(issued.status == 200);
  auto const paper = json_of(issued).at("documents").at("circular").at(0);
  CHECK(has(paper.at("name").get<std::string>(), "月度通报 第1号"));
  CHECK(district.act(month.id, "submit", "supervisor").status == 200);
  CHECK(district.act(month.id, "sign", "leader").status == 200);
  CHECK(district.get(at, "water").status == 404);
  REQUIRE(district.act(month.id, "circulate", "supervisor", {{"input", {{"recipients", {"water"}}}}}).status == 200);

  CHECK(district.get(at, "water").status == 200);
  auto const kept = district.get("/api/v1/attachments/" + paper.at("sha256").get<std::string>(), "water");
  CHECK(kept.status == 200);
  CHECK(has(kept.body, month.issue));
  // Counting anew is not theirs: they see a part of the ledger only.
  CHECK(json_of(district.get(at + "/papers", "water")).at("items").empty());
  CHECK(district.get(paper_of(month.id), "water").status == 404);
  CHECK(month.issue_paper("water").status == 404);

  auto const rows = json_of(district.get("/api/v1/audit-events?kind=printed", "auditor")).at("items");
  bool on_record = false;
  for (auto const& row : rows) {
    on_record = on_record || (row.at("person") == "person-supervisor" && row.at("case") == month.id &&
                              row.at("detail") == Json{{"found", true}, {"document", "circular"}, {"issued", true}});
  }
  CHECK(on_record);
}
