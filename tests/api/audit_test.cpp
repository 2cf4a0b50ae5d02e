// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <chrono>
#include <map>

#include "engine/store/audit_chain.hpp"
#include "engine/store/chain.hpp"
#include "tests/api/contract.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

Json audit(District const& district, std::string const& query = "") {
  auto const answer = district.get("/api/v1/audit-events" + query, "auditor");
  REQUIRE(answer.status == 200);
  return json_of(answer).at("items");
}

Answer upload(District const& district, std::string const& bytes, std::string const& by) {
  return district.ask({.method = "POST",
                       .target = "/api/v1/attachments",
                       .by = by,
                       .body = bytes,
                       .fields = "Content-Type: image/jpeg\r\nX-File-Name: a.jpg\r\n",
                       .json = false});
}

}  // namespace

TEST_CASE("every look at something is on record: who, what, from where, and how much was shown") {
  District district;
  auto const id = district.open_issue();
  auto const sha256 = hash_of("bytes");
  REQUIRE(upload(district, "bytes", "inspector").status == 201);
  auto const states = json_of(district.get("/api/v1/reports/reached/inspection-issue", "inspector")).at("rows").size();
  struct Look {
    std::string target;
    std::string kind;
    Json about;  // the case
    Json detail;
  };
  auto const case_path = "/api/v1/cases/" + id;
  std::vector<Look> const table{
      {case_path, "case_viewed", id, {{"found", true}}},
      {case_path + "/history", "history_viewed", id, {{"found", true}}},
      {case_path + "/deadlines/report/explanation", "deadline_explained", id, {{"found", true}}},
      {"/api/v1/workflows/inspection-issue/diagram.svg?case=" + id, "diagram_viewed", id, {{"found", true}}},
      {"/api/v1/attachments/" + sha256, "attachment_downloaded", nullptr, {{"found", true}, {"sha256", sha256}}},
      {"/api/v1/cases?state=found,reported&limit=20",
       "cases_listed",
       nullptr,
       {{"filter", {{"state", "found,reported"}, {"limit", "20"}}}, {"shown", 1}}},
      {"/api/v1/cases?q=%E6%B1%A1%E6%B0%B4", "cases_searched", nullptr, {{"filter", {{"q", "污水"}}}, {"shown", 1}}},
      {"/api/v1/worklist", "worklist_viewed", nullptr, {{"filter", Json::object()}, {"shown", 1}}},
      {"/api/v1/reports/summary?by=state", "report_viewed", nullptr, {{"filter", {{"by", "state"}}}, {"shown", 1}}},
      {"/api/v1/reports/flow?weeks=4&workflow=inspection-issue",
       "report_viewed",
       nullptr,
       {{"filter", {{"weeks", "4"}, {"workflow", "inspection-issue"}}}, {"shown", 4}}},
      {"/api/v1/reports/reached/inspection-issue",
       "report_viewed",
       nullptr,
       {{"filter", Json::object()}, {"shown", states}, {"workflow", "inspection-issue"}}},
      {"/api/v1/reports/insight/inspection-issue?unit=lijiatuo",
       "report_viewed",
       nullptr,
       {{"filter", {{"unit", "lijiatuo"}}}, {"shown", 1}, {"workflow", "inspection-issue"}}},
      {"/api/v1/reports/insight/inspection-issue/diagram.svg?lang=en",
       "report_viewed",
       nullptr,
       {{"filter", Json::object()}, {"shown", 1}, {"workflow", "inspection-issue"}}},
      {case_path + "/papers", "case_viewed", id, {{"found", true}}},
      {"/api/v1/ledger.csv?state=found&lang=en",
       "exported",
       nullptr,
       {{"filter", {{"state", "found"}}}, {"format", "csv"}}},
      {"/api/v1/ledger.xlsx", "exported", nullptr, {{"filter", Json::object()}, {"format", "xlsx"}}},
      {"/api/v1/event-log.ocel.json", "exported", nullptr, {{"filter", Json::object()}, {"format", "ocel.json"}}},
      {"/api/v1/event-log.xes?lang=en", "exported", nullptr, {{"filter", Json::object()}, {"format", "xes"}}}};
  for (auto const& [target, kind, about, detail] : table) {
    CAPTURE(target);
    REQUIRE(district.get(target, "inspector").status == 200);
    auto const row = audit(district, "?kind=" + kind).at(0);
    CHECK(row.at("person") == "person-inspector");
    CHECK(row.at("unit") == "lijiatuo");
    CHECK(row.at("address") == "127.0.0.1");
    CHECK(row.at("at") == "2026-03-02T09:00:00+08:00");
    CHECK(row.at("case") == about);
    CHECK(row.at("detail") == detail);
  }
  CHECK(district.get(case_path, "inspector", "If-None-Match: \"1\"\r\n").status == 304);
  CHECK(audit(district, "?kind=case_viewed&case=" + id).size() == 3);
  CHECK(verify(district.store().audit()).faults.empty());
}

TEST_CASE("who tries cases that are not theirs is on record, the same for hidden and for unknown ones") {
  District district;
  auto const referral = district.open_referral();
  auto const own = district.open_issue();
  std::string const unknown = "019a0000-0000-7000-8000-000000000000";
  for (auto const& id : {referral, unknown}) {
    CHECK(district.get("/api/v1/cases/" + id, "inspector").status == 404);
    CHECK(district.get("/api/v1/cases/" + id + "/history", "inspector").status == 404);
    CHECK(district.get("/api/v1/cases/" + id + "/deadlines/x/explanation", "inspector").status == 404);
    CHECK(district.get("/api/v1/workflows/criminal-referral/diagram.svg?case=" + id, "inspector").status == 404);
    CHECK(district.act(id, "comment", "inspector", {{"comment", "在吗"}}).status == 404);
    CHECK(district.act(own, "link", "supervisor", {{"input", {{"case", id}}}}).status == 422);
    auto const rows = audit(district, "?case=" + id);
    // Before it acts, the page looks at the case.
    REQUIRE(rows.size() == 7);
    for (auto const& row : rows) CHECK(row.at("detail") == Json{{"found", false}});
  }
  CHECK(district.get("/api/v1/attachments/" + hash_of("never"), "inspector").status == 404);
  CHECK(audit(district, "?kind=attachment_downloaded").at(0).at("detail").at("found") == false);
  // What is no id is kept only as far as one goes.
  CHECK(district.get("/api/v1/cases/" + std::string(3000, 'x'), "inspector").status == 404);
  CHECK(audit(district, "?kind=case_viewed").at(0).at("case") == std::string(64, 'x'));
}

TEST_CASE("who follows what changes is on record from the moment they begin") {
  District district;
  Client follower(district.port());
  follower.send("GET /api/v1/events/stream HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " +
                district.token_of("inspector") + "\r\n\r\n");
  REQUIRE(follower.read_head().value().status == 200);
  auto const row = audit(district, "?kind=cases_listed").at(0);
  CHECK(row.at("person") == "person-inspector");
  CHECK(row.at("detail") == Json{{"stream", true}});
}

TEST_CASE("what lends, gives or takes rights, and what changes an account, is on record with what it was") {
  District district;
  struct Row {
    District::Ask ask;
    int status;
    std::string kind;
    Json detail;
  };
  Zone const zone;
  auto const from = zone.format(district.now());
  auto const to = zone.format(district.now() + std::chrono::hours(48));
  Json const leave{{"absent", "person-township-head"}, {"substitute", "person-inspector"}, {"from", from}, {"to", to}};
  auto const tag = [&](std::string const& person) {
    return "If-Match: " + district.get("/api/v1/people/" + person, "administrator").header("ETag").value() + "\r\n";
  };
  auto const session = json_of(district.get("/api/v1/sessions", "water")).at("items").at(0).at("id").get<std::string>();
  Json const given{{"unit", "water"}, {"roles", {"handler"}}, {"name", "li-water"}, {"full_name", "李某"}};
  std::vector<Row> const table{
      {{"POST", "/api/v1/substitutes", "administrator", leave.dump()},
       201,
       "administration_changed",
       {{"what", "substitute_added"},
        {"absent", "person-township-head"},
        {"substitute", "person-inspector"},
        {"from", from},
        {"to", to}}},
      {{"DELETE", "/api/v1/substitutes/none", "inspector"},
       404,
       "administration_changed",
       {{"what", "substitute_ended"}, {"substitution", "none"}}},
      {{"POST", "/api/v1/people", "administrator", given.dump()},
       201,
       "administration_changed",
       {{"what", "person_added"},
        {"person", "li-water"},
        {"unit", "water"},
        {"given", {"handler"}},
        {"duty_leader", false}}},
      {{"PATCH", "/api/v1/people/person-water", "administrator",
        R"({"roles":["handler","inspector"],"full_name":"赵某"})", tag("person-water")},
       200,
       "administration_changed",
       {{"what", "person_changed"},
        {"person", "person-water"},
        {"given", {"inspector"}},
        {"taken", {"dept_head"}},
        {"renamed", true}}},
      {{"PATCH", "/api/v1/people/person-police", "administrator", R"({"unit":"water","active":false})",
        tag("person-police")},
       200,
       "administration_changed",
       {{"what", "person_changed"}, {"person", "person-police"}, {"unit", "water"}, {"active", false}}},
      {{"POST", "/api/v1/me/second-factor", "inspector", Json{{"password", password_of_everybody}}.dump()},
       201,
       "administration_changed",
       {{"what", "second_factor_begun"}, {"person", "person-inspector"}}},
      {{"DELETE", "/api/v1/sessions/" + session, "water"}, 204, "signed_out", {{"session", session}}}};
  for (auto const& [ask, status, kind, detail] : table) {
    CAPTURE(ask.target);
    auto const answer = district.ask(ask);
    CHECK_MESSAGE(answer.status == status, answer.body);
    auto const row = audit(district, "?kind=" + kind).at(0);
    CHECK(row.at("person") == "person-" + ask.by);
    CHECK(row.at("detail") == detail);
  }
}

TEST_CASE("sign-ins are on record, failed ones without what was typed") {
  District district;
  auto const sign_in = [&](std::string const& name, std::string const& password) {
    return district.post("/api/v1/session", "", {{"name", name}, {"password", password}});
  };
  REQUIRE(sign_in("inspector", std::string(password_of_everybody)).status == 200);
  REQUIRE(sign_in("inspector", "wrong-secret").status == 401);
  REQUIRE(sign_in("my-password-typed-as-name", "x").status == 401);
  auto const good = audit(district, "?kind=signed_in");
  REQUIRE(good.size() == 1);
  CHECK(good.at(0).at("person") == "person-inspector");
  auto const bad = audit(district, "?kind=sign_in_failed");
  REQUIRE(bad.size() == 2);
  CHECK(bad.at(0).at("person") == nullptr);
  CHECK(bad.at(1).at("person") == "person-inspector");
  CHECK(bad.at(1).at("detail").at("reason") == "wrong_credentials");
  auto const everything = audit(district, "?limit=200").dump();
  for (auto const* const secret : {"wrong-secret", "my-password", "argon2"}) {
    CHECK(everything.find(secret) == std::string::npos);
  }
  auto const out = district.ask({.method = "DELETE", .target = "/api/v1/session", .by = "inspector"});
  CHECK(out.status == 204);
  CHECK(audit(district, "?kind=signed_out").at(0).at("person") == "person-inspector");
}

TEST_CASE("the audit is for auditors, and their reading is on record") {
  District district;
  auto admin = district.store().people().find_by_name("water").value();
  admin.roles = {"administrator", "supervisor", "leader", "handler"};
  district.store().people().put_people(std::span(&admin, 1));
  for (auto const* const name : {"inspector", "township-head", "supervisor", "ecology", "water", "police"}) {
    CAPTURE(name);
    auto const answer = district.get("/api/v1/audit-events", name);
    CHECK(answer.status == 403);
    CHECK(answer.body.find("sequence") == std::string::npos);
  }
  CHECK(district.get("/api/v1/audit-events", "").status == 401);
  CHECK(audit(district, "?person=person-water").empty());
  auto const answer = district.get("/api/v1/audit-events?kind=audit_read", "auditor");
  CHECK(departures(json_of(answer), "AuditEventPage") == std::vector<std::string>{});
  auto const row = json_of(answer).at("items").at(0);
  CHECK(row.at("person") == "person-auditor");
  CHECK(row.at("detail") == Json{{"filter", {{"person", "person-water"}}}, {"shown", 0}});
}

TEST_CASE("the audit is filtered and paged") {
  District district;
  auto const id = district.open_issue();
  for (int turn = 0; turn < 5; ++turn) {
    REQUIRE(district.get("/api/v1/cases/" + id, turn % 2 == 0 ? "inspector" : "township-head").status == 200);
    district.move_clock(std::chrono::hours(24));
  }
  CHECK(audit(district, "?case=" + id).size() == 5);
  CHECK(audit(district, "?case=" + id + "&person=person-township-head").size() == 2);
  CHECK(audit(district, "?case=" + id + "&from=2026-03-03T09:00:00%2B08:00&to=2026-03-05").size() == 2);
  CHECK(audit(district, "?case=" + id + "&from=2026-03-06").size() == 1);
  std::vector<Json> paged;
  std::string target = "/api/v1/audit-events?limit=2&case=" + id;
  while (!target.empty()) {
    auto const answer = district.get(target, "auditor");
    REQUIRE(answer.status == 200);
    auto const page = json_of(answer);
    paged.insert(paged.end(), page.at("items").begin(), page.at("items").end());
    auto const link = answer.header("Link").value_or("");
    target = link.empty() ? "" : link.substr(1, link.find('>') - 1);
  }
  CHECK(Json(paged) == audit(district, "?case=" + id));
  struct Wrong {
    std::string query;
    std::string code;
    std::string pointer;
  };
  for (auto const& [query, code, pointer] : std::initializer_list<Wrong>{{"kind=x", "not_a_choice", "/query/kind"},
                                                                         {"from=x", "bad_format", "/query/from"},
                                                                         {"to=2026-13-01", "bad_format", "/query/to"},
                                                                         {"limit=0", "out_of_bounds", "/query/limit"},
                                                                         {"cursor=x", "bad_format", "/cursor"},
                                                                         {"unit=water", "unknown_parameter", ""}}) {
    CAPTURE(query);
    auto const answer = district.get("/api/v1/audit-events?" + query, "auditor");
    CHECK(answer.status == 400);
    CHECK(code_of(answer) == code);
    if (!pointer.empty()) CHECK(json_of(answer).at("errors").at(0).at("pointer") == pointer);
  }
}

TEST_CASE("what cannot be put on record is not shown") {
  AuditLog::Options narrow;
  narrow.queue = 3;
  narrow.gather = std::chrono::milliseconds(0);
  narrow.retry = std::chrono::milliseconds(1);
  District district(District::quiet(), {}, narrow);
  auto const id = district.open_issue();
  REQUIRE(district.audit().flush());
  district.change_store("ALTER TABLE audit RENAME TO mislaid");
  for (std::size_t row = 0; row < narrow.queue; ++row) {
    CHECK(district.get("/api/v1/cases/" + id, "inspector").status == 200);
  }
  for (auto const& target : {"/api/v1/cases/" + id, "/api/v1/cases/" + id + "/history", std::string("/api/v1/cases"),
                             std::string("/api/v1/worklist"), std::string("/api/v1/reports/summary?by=state")}) {
    CAPTURE(target);
    auto const answer = district.get(target, "inspector");
    CHECK(answer.status == 503);
    CHECK(answer.header("Retry-After"));
    CHECK(answer.body.find("污水") == std::string::npos);
  }
  district.change_store("ALTER TABLE mislaid RENAME TO audit");
  while (!district.audit().flush()) continue;
  CHECK(district.get("/api/v1/cases/" + id, "inspector").status == 200);
  CHECK(verify(district.store().audit()).faults.empty());
}

TEST_CASE("behind a trusted proxy the audit has the client's address, and a forged one is not taken") {
  std::string const forwarded = "X-Forwarded-For: 192.0.2.44\r\nX-Forwarded-Proto: https\r\n";
  auto const sign_in = [&](District const& district) {
    return district.post("/api/v1/session", "", {{"name", "inspector"}, {"password", password_of_everybody}},
                         forwarded);
  };
  {
    District district;
    auto const answer = sign_in(district);
    CHECK(answer.header("Set-Cookie").value().find("Secure") == std::string::npos);
    CHECK(audit(district, "?kind=signed_in").at(0).at("address") == "127.0.0.1");
  }
  auto options = District::quiet();
  options.proxies.networks.push_back(http::Network::parse("127.0.0.1").value());
  District district(std::move(options));
  auto const answer = sign_in(district);
  CHECK(answer.header("Set-Cookie").value().find("; Secure") != std::string::npos);
  CHECK(audit(district, "?kind=signed_in").at(0).at("address") == "192.0.2.44");
}
