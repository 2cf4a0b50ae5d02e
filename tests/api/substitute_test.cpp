// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "engine/service/totp.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

// From now on for two days.
Json two_days(District const& district, std::string const& substitute) {
  Zone const zone;
  return {{"substitute", substitute},
          {"from", zone.format(district.now())},
          {"to", zone.format(district.now() + std::chrono::hours(48))}};
}

std::string id_of(Answer const& added) {
  REQUIRE(added.status == 201);
  return json_of(added).at("id");
}

Json papers(District& district, std::string const& by) {
  auto const kept = district.ask({.method = "POST",
                                  .target = "/api/v1/attachments",
                                  .by = by,
                                  .body = "form",
                                  .fields = "Content-Type: application/pdf\r\nX-File-Name: form.pdf\r\n",
                                  .json = false});
  REQUIRE(kept.status == 201);
  return {{"input", {{"source", "routine-check"}, {"level", "general"}, {"place", {{"name", "某处"}}}}},
          {"documents", {{"issue-form", {json_of(kept).at("sha256")}}}}};
}

}  // namespace

TEST_CASE("a colleague acts for somebody on leave, until the leave ends, and the history says for whom") {
  District district;
  auto const early = district.open_issue();
  auto const late = district.open_issue();
  // To report an issue is for the head of the township.
  CHECK(code_of(district.act(early, "report", "inspector", papers(district, "inspector"))) == "not_your_part");
  id_of(district.post("/api/v1/substitutes", "township-head", two_days(district, "person-inspector")));
  REQUIRE(district.act(early, "report", "inspector", papers(district, "inspector")).status == 200);
  auto const history = json_of(district.get("/api/v1/cases/" + early + "/history", "inspector")).at("items");
  CHECK(history.back().at("actor").at("for") == "person-township-head");
  CHECK(history.back().at("actor").at("person") == "person-inspector");
  CHECK(history.back().at("actor").at("role") == "dept_head");
  CHECK_FALSE(history.front().at("actor").contains("for"));
  district.move_clock(std::chrono::hours(48));
  CHECK(code_of(district.act(late, "report", "inspector", papers(district, "inspector"))) == "not_your_part");
}

TEST_CASE("a role that asks for a second factor is lent to nobody who has none") {
  auto rules = District::patient();
  rules.second_factor_roles = {"dept_head"};
  District district(District::quiet(), rules);
  auto const issue = district.open_issue();
  auto leave = two_days(district, "person-inspector");
  leave["absent"] = "person-township-head";
  id_of(district.post("/api/v1/substitutes", "administrator", leave));
  CHECK(code_of(district.act(issue, "report", "inspector", papers(district, "inspector"))) == "not_your_part");
  auto const withheld = [&] { return json_of(district.get("/api/v1/me", "inspector")).at("withheld_roles"); };
  CHECK(withheld() == Json{"dept_head"});
  CHECK(json_of(district.get("/api/v1/me", "administrator")).at("withheld_roles").empty());
  auto& people = district.store().people();
  auto const secret = make_totp_secret();
  REQUIRE(people.put_second_factor("person-inspector", secret));
  REQUIRE(people.take_step("person-inspector", secret, 1));
  CHECK(withheld().empty());
  CHECK(district.act(issue, "report", "inspector", papers(district, "inspector")).status == 200);
}

TEST_CASE("a leave that is ended early, or a role that is gone, gives nothing from then on") {
  District district;
  auto const issue = district.open_issue();
  auto const id = id_of(district.post("/api/v1/substitutes", "township-head", two_days(district, "person-inspector")));
  district.add_person("township-head", "lijiatuo", {"handler"});
  CHECK(code_of(district.act(issue, "report", "inspector", papers(district, "inspector"))) == "not_your_part");
  district.add_person("township-head", "water", {"dept_head"});
  CHECK(code_of(district.act(issue, "report", "inspector", papers(district, "inspector"))) == "not_your_part");
  district.add_person("township-head", "lijiatuo", {"dept_head"});
  // A stranger is told that there is no such thing.
  CHECK(district.ask({.method = "DELETE", .target = "/api/v1/substitutes/" + id, .by = "water"}).status == 404);
  CHECK(district.ask({.method = "DELETE", .target = "/api/v1/substitutes/" + id, .by = "township-head"}).status == 204);
  CHECK(code_of(district.act(issue, "report", "inspector", papers(district, "inspector"))) == "not_your_part");
  auto const listed = json_of(district.get("/api/v1/substitutes", "inspector")).at("items");
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].at("active") == false);
  CHECK(json_of(district.get("/api/v1/substitutes", "water")).at("items").empty());
}

TEST_CASE("two people who act for each other give no more than one step") {
  District district;
  district.add_person("clerk", "lijiatuo", {"handler"});
  auto const issue = district.open_issue();
  id_of(district.post("/api/v1/substitutes", "township-head", two_days(district, "person-inspector")));
  id_of(district.post("/api/v1/substitutes", "inspector", two_days(district, "person-township-head")));
  id_of(district.post("/api/v1/substitutes", "inspector", two_days(district, "person-clerk")));
  // The clerk stands in for the inspector, not for the head whom the inspector stands in for.
  CHECK(code_of(district.act(issue, "report", "clerk", papers(district, "clerk"))) == "not_your_part");
  CHECK(district.act(issue, "report", "inspector", papers(district, "inspector")).status == 200);
}

TEST_CASE("a substitution that is wrong is refused by its place, and is not for others to make") {
  District district;
  auto const ask = [&](std::string const& by, Json const& change) {
    auto body = two_days(district, "person-inspector");
    body.update(change);
    auto const answer = district.post("/api/v1/substitutes", by, body);
    auto const problem = json_of(answer);
    return problem.contains("errors") ? problem.at("errors").at(0).at("pointer").get<std::string>()
                                      : std::string("done");
  };
  CHECK(ask("township-head", {{"substitute", "person-water"}}) == "/substitute");
  CHECK(ask("township-head", {{"substitute", "nobody"}}) == "/substitute");
  CHECK(ask("township-head", {{"substitute", "person-township-head"}}) == "/substitute");
  CHECK(ask("township-head", {{"to", "2020-01-01T00:00:00+08:00"}}) == "/to");
  CHECK(ask("township-head", {{"from", "soon"}}) == "/from");
  CHECK(ask("township-head", {{"actor", "person-police"}}) == "/actor");
  CHECK(ask("inspector", {{"absent", "person-township-head"}}) == "/absent");
  CHECK(ask("administrator", {{"absent", "person-township-head"}}) == "done");
}

TEST_CASE("a correction of a referral is asked by one and confirmed by another person of the bureau") {
  District district;
  auto const referral = district.open_referral();
  district.add_person("ecology-head", "seeb", {"dept_head"});
  district.add_person("ecology-clerk", "seeb", {"handler"});
  Json const change{{"input", {{"fields", {{"case_title", "更正后的案件名称"}}}}}, {"comment", "笔误"}};
  auto const asked = district.act(referral, "correct", "ecology-head", change);
  REQUIRE(asked.status == 202);
  auto const pending = json_of(asked).at("pending");
  REQUIRE(pending.size() == 1);
  CHECK(pending[0].at("asked_by").at("person") == "person-ecology-head");
  CHECK(json_of(asked).at("title") != "更正后的案件名称");
  Json const answer{{"input", {{"request", pending[0].at("id")}}}};
  auto const same = district.act(referral, "confirm", "ecology-head", answer);
  CHECK(same.status == 403);
  CHECK(code_of(same) == "same_person_may_not_confirm");
  CHECK_FALSE(json_of(same).at("errors").at(0).at("remedy").is_null());
  CHECK(code_of(district.act(referral, "correct", "ecology-head", change)) == "already_asked");
  CHECK(code_of(district.act(referral, "confirm", "police", answer)) == "not_your_part");
  auto const done = district.act(referral, "confirm", "ecology-clerk", answer);
  CHECK(done.status == 200);
  CHECK(json_of(done).at("title") == "更正后的案件名称");
  CHECK(json_of(done).at("pending").empty());
  CHECK(code_of(district.act(referral, "confirm", "ecology-clerk", answer)) == "request_lapsed");
}

TEST_CASE("what somebody asked for is not confirmed once they could not ask for it any more") {
  District district;
  auto const referral = district.open_referral();
  district.add_person("ecology-head", "seeb", {"dept_head"});
  Json const change{{"input", {{"fields", {{"case_title", "更正后的案件名称"}}}}}, {"comment", "笔误"}};
  auto const ask = [&] {
    auto const asked = district.act(referral, "correct", "ecology-head", change);
    REQUIRE_MESSAGE(asked.status == 202, asked.body);
    return Json{{"input", {{"request", json_of(asked).at("pending").at(0).at("id")}}}, {"comment", "另提"}};
  };
  auto const answer = ask();
  auto const refused = [&] {
    auto const confirmed = district.act(referral, "confirm", "ecology", answer);
    CHECK(confirmed.status == 409);
    CHECK(json_of(district.get("/api/v1/cases/" + referral, "ecology")).at("title") != "更正后的案件名称");
    return code_of(confirmed) == "asker_not_entitled";
  };
  district.add_person("ecology-head", "seeb", {"handler"});
  CHECK(refused());
  district.add_person("ecology-head", "water", {"dept_head"});
  CHECK(refused());
  auto head = *district.store().people().find_person("person-ecology-head");
  head.unit = "seeb";
  head.active = false;
  district.store().people().put_people(std::span(&head, 1));
  CHECK(refused());
  // It can be cleared away, and somebody who may ask can ask anew.
  CHECK(district.act(referral, "decline", "ecology", answer).status == 200);
  district.add_person("ecology-head", "seeb", {"dept_head"});
  auto const again = ask();
  CHECK(district.act(referral, "confirm", "ecology", again).status == 200);
}

TEST_CASE("what a substitute asked for is confirmed only while the leave lasts") {
  District district;
  auto const referral = district.open_referral();
  district.add_person("ecology-head", "seeb", {"dept_head"});
  district.add_person("ecology-clerk", "seeb", {});
  id_of(district.post("/api/v1/substitutes", "ecology-head", two_days(district, "person-ecology-clerk")));
  Json const change{{"input", {{"fields", {{"case_title", "更正后的案件名称"}}}}}, {"comment", "笔误"}};
  auto const asked = district.act(referral, "correct", "ecology-clerk", change);
  REQUIRE_MESSAGE(asked.status == 202, asked.body);
  Json const answer{{"input", {{"request", json_of(asked).at("pending").at(0).at("id")}}}};
  district.move_clock(std::chrono::hours(48));
  CHECK(code_of(district.act(referral, "confirm", "ecology", answer)) == "asker_not_entitled");
  district.move_clock(-std::chrono::hours(1));
  CHECK(district.act(referral, "confirm", "ecology", answer).status == 200);
}
