// SPDX-License-Identifier: Apache-2.0
// A criminal referral made from an issue that many may see: to those of them who may not know of it, the issue
// answers as if there were none.
#include <doctest/doctest.h>

#include <map>
#include <regex>

#include "api/routes/answer.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

constexpr std::string_view word = "电镀废水";

std::string without_request_id(std::string const& body) {
  static std::regex const requests("\"request_id\":\"[^\"]*\"");
  return std::regex_replace(body, requests, "");
}

}  // namespace

TEST_CASE("no answer to an action on an issue depends on a referral that the caller may not know of") {
  District district;
  auto const issue = district.reported_issue();
  auto const& library = district.cases().library();
  auto const answers = [&] {
    std::map<std::string, std::string> given;
    for (auto const& transition : library.current("inspection-issue")->transitions) {
      for (auto const* const by : {"inspector", "auditor"}) {
        auto const answer = district.act(issue, transition.id, by);
        REQUIRE_MESSAGE(answer.status >= 400, transition.id, " ", by, " ", answer.body);
        given[transition.id + " " + by] = without_request_id(answer.body);
      }
    }
    return given;
  };
  auto const before = answers();
  (void)district.refer(issue);
  auto const after = answers();
  for (auto const& [asked, answer] : before) CHECK_MESSAGE(after.at(asked) == answer, asked);
  CHECK(before.at("refer-crime inspector").find("not_your_part") != std::string::npos);
  // Whoever may refer is told that it has been done.
  CHECK(code_of(district.act(issue, "refer-crime", "ecology")) == "not_offered");
}

TEST_CASE("the issue behind a referral tells its other parties nothing of it") {
  District district;
  auto const issue = district.reported_issue();
  auto const before = json_of(district.get("/api/v1/cases/" + issue + "/history", "inspector")).at("items");
  auto const referral = district.refer(issue);

  auto const seen = district.get("/api/v1/cases/" + issue, "inspector");
  REQUIRE(seen.status == 200);
  CHECK(json_of(seen).at("links").empty());
  CHECK_FALSE(json_of(seen).at("fields").contains("suspected_facts"));
  CHECK_FALSE(json_of(seen).at("fields").contains("referral_title"));
  auto const history = district.get("/api/v1/cases/" + issue + "/history", "inspector");
  CHECK(json_of(history).at("items").size() == before.size());
  for (auto const& answer :
       {seen, history, district.get("/api/v1/cases", "inspector"), district.get("/api/v1/worklist", "inspector"),
        district.act(issue, "comment", "inspector", {{"comment", "催办"}})}) {
    CHECK(answer.body.find(referral) == std::string::npos);
    CHECK(answer.body.find(word) == std::string::npos);
    CHECK(answer.body.find("refer-crime") == std::string::npos);
    CHECK(answer.body.find("suspected_") == std::string::npos);
  }
  CHECK(json_of(district.get("/api/v1/cases?q=" + routes::percent_encoded(word), "inspector")).at("items").empty());
  // Nor does a stale revision, which answers with the case as it is now.
  auto const stale = district.post("/api/v1/cases/" + issue + "/actions/comment", "inspector", {{"comment", "x"}},
                                   "If-Match: \"1\"\r\n");
  CHECK(stale.status == 412);
  CHECK(stale.body.find(referral) == std::string::npos);
  CHECK(stale.body.find(word) == std::string::npos);
}

TEST_CASE("a ledger that guesses at what a referral says is told nothing") {
  District district;
  auto const issue = district.reported_issue();
  (void)district.refer(issue);
  auto const guess = [&](std::string const& by, std::string const& offence) {
    auto const file = "id,revision,涉嫌罪名\r\n" + issue + ",1," + offence + "\r\n";
    return json_of(district.ask(
        {.method = "POST", .target = "/api/v1/imports", .by = by, .body = file, .fields = {}, .json = false}));
  };
  auto const* const field = district.cases().library().current("inspection-issue")->find_field("suspected_offence");
  REQUIRE(field->choices.size() > 3);
  for (auto const& choice : field->choices) {
    auto const told = guess("inspector", choice.title.zh);
    REQUIRE_MESSAGE(told.at("faults").size() == 1, told.dump());
    CHECK(told.at("faults").at(0).at("code") == "stale_version");
  }
  CHECK(guess("ecology", field->choices.front().title.zh).at("repeated") == 1);
}

TEST_CASE("no document comes with a step that is kept from some") {
  District district;
  auto const issue = district.reported_issue();
  auto const documents = json_of(district.get("/api/v1/cases/" + issue, "inspector")).at("documents");
  auto const evidence = district.upload("ecology", "test report of the discharge");
  Json const input{{"referral_title", "某厂涉嫌污染环境案"},
                   {"suspected_offence", "pollution"},
                   {"suspected_facts", "暗管排放"},
                   {"case_officers", {"周航", "陈立"}}};
  auto const refused =
      district.act(issue, "refer-crime", "ecology", {{"input", input}, {"documents", {{"evidence", {evidence}}}}});
  CHECK(code_of(refused) == "hidden_takes_documents");
  CHECK(json_of(refused).at("errors").at(0).at("pointer") == "/documents/evidence");
  // It goes with the referral.
  auto const referral = district.refer(issue);
  REQUIRE(district.act(referral, "attach", "ecology", {{"documents", {{"test-report", {evidence}}}}}).status == 200);
  CHECK(district.get("/api/v1/attachments/" + evidence, "ecology").status == 200);
  CHECK(district.get("/api/v1/attachments/" + evidence, "inspector").status == 404);
  CHECK(json_of(district.get("/api/v1/cases/" + issue, "inspector")).at("documents") == documents);
}

TEST_CASE("to whoever may not know of them, hidden steps are no revisions and change nothing") {
  District district;
  auto const issue = district.reported_issue();
  // Changed later than the issue, as long as nobody hears of the referral.
  district.move_clock(std::chrono::seconds(1));
  auto const other = district.open_issue("另一件");
  auto const address = "/api/v1/cases/" + issue;
  struct Seen {
    Json whole;
    std::string tag;
    std::string list;
    std::string history;
    std::string ledger;
  };
  auto const seen_by = [&](std::string const& by) {
    auto const answer = district.get(address, by);
    Seen seen{.whole = json_of(answer),
              .tag = answer.header("ETag").value_or(""),
              .list = without_request_id(district.get("/api/v1/cases?sort=-changed&limit=1", by).body),
              .history = without_request_id(district.get(address + "/history", by).body),
              .ledger = district.get("/api/v1/ledger.csv?workflow=inspection-issue", by).body};
    return seen;
  };
  std::map<std::string, Seen> before;
  for (auto const* const by : {"inspector", "auditor"}) before[by] = seen_by(by);
  auto const unchanged = [&] {
    for (auto const& [by, seen] : before) {
      auto const now = seen_by(by);
      CAPTURE(by);
      CHECK(now.whole == seen.whole);
      CHECK(now.tag == seen.tag);
      CHECK(now.list == seen.list);
      CHECK(now.history == seen.history);
      CHECK(now.ledger == seen.ledger);
      CHECK(district.get(address, by, "If-None-Match: " + seen.tag + "\r\n").status == 304);
    }
  };
  REQUIRE(before.at("inspector").tag == "\"2\"");
  REQUIRE(before.at("inspector").list.find(other) != std::string::npos);
  district.move_clock(std::chrono::minutes(5));
  auto const referral = district.refer(issue);
  unchanged();
  CHECK(district.get(address, "ecology").header("ETag") == "\"3\"");
  // Each state that the referral comes to is told to its issue.
  district.move_clock(std::chrono::minutes(5));
  auto const report = district.upload("ecology", "report on the suspected crime");
  REQUIRE(district.act(referral, "submit-report", "ecology", {{"documents", {{"referral-report", {report}}}}}).status ==
          200);
  unchanged();
  CHECK(json_of(district.get(address, "ecology")).at("revision") == 4);

  // The real revision is nobody's who may not know of all.
  auto const comment = [&](std::string const& tag) {
    return district.post(address + "/actions/comment", "inspector", {{"comment", "催办"}}, "If-Match: " + tag + "\r\n");
  };
  for (auto const* const tag : {"\"4\"", "\"3\"", "\"1\""}) {
    auto const stale = comment(tag);
    CHECK(stale.status == 412);
    CHECK(stale.header("ETag") == "\"2\"");
    CHECK(json_of(stale).at("current").at("revision") == 2);
  }
  auto const done = comment("\"2\"");
  REQUIRE_MESSAGE(done.status == 200, done.body);
  CHECK(done.header("ETag") == "\"3\"");
  CHECK(json_of(done).at("revision") == 3);
  CHECK(json_of(done).at("changed") != before.at("inspector").whole.at("changed"));
  auto const history = json_of(district.get(address + "/history", "inspector")).at("items");
  CHECK(history.back().at("revision") == 3);
  CHECK(json_of(district.get(address + "/history", "ecology")).at("items").back().at("revision") == 5);
  CHECK(district.get(address, "ecology").header("ETag") == "\"5\"");
  // A ledger that was taken out comes back by the revision that stands in it.
  auto const import = [&](std::string const& revision) {
    return json_of(district.ask({.method = "POST",
                                 .target = "/api/v1/imports",
                                 .by = "auditor",
                                 .body = "id,revision,编号\r\n" + issue + "," + revision + ",BN-WT-2026-000001\r\n",
                                 .fields = {},
                                 .json = false}));
  };
  CHECK(import("3").at("unchanged") == 1);
  CHECK(import("4").at("faults").at(0).at("code") == "bad_format");
  CHECK(district.store().cases().verify_rows().empty());
}
