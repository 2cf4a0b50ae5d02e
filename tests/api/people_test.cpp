// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/api/contract.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

Json const newcomer{{"name", "li-water"}, {"full_name", "李某"}, {"unit", "water"}, {"roles", {"handler"}}};

Answer patch(District const& district, std::string const& id, std::string const& tag, Json const& change,
             std::string const& by = "administrator") {
  return district.ask({.method = "PATCH",
                       .target = "/api/v1/people/" + id,
                       .by = by,
                       .body = change.dump(),
                       .fields = tag.empty() ? "" : "If-Match: " + tag + "\r\n"});
}

std::string tag_of(District const& district, std::string const& id) {
  return district.get("/api/v1/people/" + id, "administrator").header("ETag").value();
}

}  // namespace

TEST_CASE("an administrator adds a person, who signs in once with what was given and then chooses a password") {
  District district;
  auto const added = district.post("/api/v1/people", "administrator", newcomer);
  REQUIRE(added.status == 201);
  CHECK(added.header("Cache-Control") == "no-store");
  CHECK(departures(json_of(added), "NewAccount") == std::vector<std::string>{});
  auto const id = json_of(added).at("id").get<std::string>();
  CHECK(added.header("Location") == "/api/v1/people/" + id);
  CHECK(added.header("ETag") == tag_of(district, id));
  auto const given = json_of(added).at("one_time_password").get<std::string>();

  auto const entered = district.post("/api/v1/session", "", {{"name", "li-water"}, {"password", given}});
  REQUIRE(entered.status == 200);
  CHECK(json_of(entered).at("person").at("pending") == "password_change_required");
  auto const bearer = "Authorization: Bearer " + json_of(entered).at("token").get<std::string>() + "\r\n";
  CHECK(district.get("/api/v1/me", "", bearer).status == 200);
  auto const held_up = district.get("/api/v1/worklist", "", bearer);
  CHECK(held_up.status == 403);
  CHECK(code_of(held_up) == "password_change_required");
  auto const change = [&](std::string const& before, std::string const& after) {
    return district.post("/api/v1/me/password", "", {{"old", before}, {"new", after}}, bearer);
  };
  CHECK(code_of(change("guess", "correct horse battery")) == "wrong_credentials");
  CHECK(code_of(change(given, "password123")) == "weak_password");
  CHECK(code_of(change(given, given)) == "weak_password");
  CHECK(change(given, "correct horse battery").status == 204);
  CHECK(district.get("/api/v1/worklist", "", bearer).status == 200);
  CHECK(district.post("/api/v1/session", "", {{"name", "li-water"}, {"password", given}}).status == 401);
}

TEST_CASE("people are kept by administrators alone") {
  District district;
  for (auto const* const by : {"supervisor", "auditor", "inspector"}) {
    CAPTURE(by);
    CHECK(district.get("/api/v1/people", by).status == 403);
    CHECK(district.get("/api/v1/people/person-water", by).status == 403);
    CHECK(district.post("/api/v1/people", by, newcomer).status == 403);
    CHECK(patch(district, "person-water", "\"1\"", {{"roles", {"admin"}}}, by).status == 403);
    CHECK(district.post("/api/v1/people/person-water/password", by, Json()).status != 200);
  }
  CHECK(district.get("/api/v1/people", "").status == 401);
  CHECK(district.store().people().find_person("person-water")->roles ==
        std::vector<std::string>{"handler", "dept_head"});
}

TEST_CASE("people are listed and shown without what they sign in with") {
  District district;
  auto const all = district.get("/api/v1/people", "administrator");
  REQUIRE(all.status == 200);
  CHECK(departures(json_of(all), "AccountPage") == std::vector<std::string>{});
  CHECK(all.body.find("argon2") == std::string::npos);
  auto const one = district.get("/api/v1/people/person-water", "administrator");
  CHECK(departures(json_of(one), "Account") == std::vector<std::string>{});
  CHECK(code_of(district.get("/api/v1/people/nobody", "administrator")) == "not_found");
}

TEST_CASE("a role that is taken away no longer opens anything") {
  District district;
  auto const issue = district.open_issue();
  CHECK(district.get("/api/v1/people", "administrator").status == 200);
  CHECK(district
            .post("/api/v1/people", "administrator",
                  {{"name", "second-admin"}, {"full_name", "某"}, {"unit", "water"}, {"roles", {"admin"}}})
            .status == 201);
  CHECK(patch(district, "person-administrator", tag_of(district, "person-administrator"), {{"roles", Json::array()}})
            .status == 200);
  CHECK(district.get("/api/v1/people", "administrator").status == 403);
}

TEST_CASE("a change needs the revision that was seen") {
  District district;
  auto const id = std::string("person-water");
  CHECK(code_of(patch(district, id, "", {{"unit", "seeb"}})) == "version_required");
  CHECK(code_of(patch(district, id, "W/\"1\"", {{"unit", "seeb"}})) == "bad_format");
  auto const tag = tag_of(district, id);
  auto const changed = patch(district, id, tag, {{"unit", "seeb"}});
  CHECK(changed.status == 200);
  CHECK(json_of(changed).at("unit") == "seeb");
  auto const stale = patch(district, id, tag, {{"unit", "water"}});
  CHECK(stale.status == 412);
  CHECK(code_of(stale) == "stale_version");
}

TEST_CASE("a change is refused with the member that is wrong") {
  District district;
  struct Row {
    Json change;
    std::string code;
    std::string pointer;
  };
  std::vector<Row> const table{{{{"unit", "nowhere"}}, "unknown_unit", "/unit"},
                               {{{"unit", nullptr}}, "wrong_type", "/unit"},
                               {{{"roles", "admin"}}, "wrong_type", "/roles"},
                               {{{"roles", {"handlr"}}}, "unknown_role", "/roles/0"},
                               {{{"roles", {"admin", "auditor"}}}, "roles_conflict", "/roles"},
                               {{{"active", 1}}, "wrong_type", "/active"},
                               {{{"password", "x"}}, "unknown_field", "/password"},
                               {{{"full_name", ""}}, "missing", "/full_name"}};
  for (auto const& [change, code, pointer] : table) {
    CAPTURE(change.dump());
    auto const answer = patch(district, "person-water", tag_of(district, "person-water"), change);
    CHECK(answer.status == 422);
    CHECK(code_of(answer) == code);
    CHECK(json_of(answer).at("errors").at(0).at("pointer") == pointer);
  }
  auto const taken =
      district.post("/api/v1/people", "administrator", {{"name", "water"}, {"full_name", "某"}, {"unit", "water"}});
  CHECK(taken.status == 409);
  CHECK(code_of(taken) == "name_taken");
  auto const last =
      patch(district, "person-administrator", tag_of(district, "person-administrator"), {{"active", false}});
  CHECK(last.status == 409);
  CHECK(code_of(last) == "last_administrator");
}

TEST_CASE("an administrator gives a new password and takes a lost second factor away") {
  District district;
  auto const reset = district.ask(
      {.method = "POST", .target = "/api/v1/people/person-water/password", .by = "administrator", .json = false});
  REQUIRE(reset.status == 200);
  CHECK(departures(json_of(reset), "OneTimePassword") == std::vector<std::string>{});
  CHECK(district.get("/api/v1/me", "water").status == 401);
  auto const given = json_of(reset).at("one_time_password").get<std::string>();
  CHECK(district.post("/api/v1/session", "", {{"name", "water"}, {"password", given}}).status == 200);
  auto const gone = [&](std::string const& id) {
    return district.ask(
        {.method = "DELETE", .target = "/api/v1/people/" + id + "/second-factor", .by = "administrator"});
  };
  CHECK(gone("person-water").status == 204);
  CHECK(gone("nobody").status == 404);
}

TEST_CASE("whoever is no longer active is out at once") {
  District district;
  CHECK(district.get("/api/v1/me", "water").status == 200);
  CHECK(patch(district, "person-water", tag_of(district, "person-water"), {{"active", false}}).status == 200);
  CHECK(district.get("/api/v1/me", "water").status == 401);
  CHECK(patch(district, "person-water", tag_of(district, "person-water"), {{"active", true}}).status == 200);
  CHECK(district.get("/api/v1/me", "water").status == 401);
}
