// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

Json const issue{{"workflow", "inspection-issue"}, {"fields", {{"problem", "雨水口有污水外溢"}}}};

std::string actions_of(std::string const& id) {
  return "/api/v1/cases/" + id + "/actions/";
}

Json action_named(Json const& subject, std::string const& name) {
  for (auto const& action : subject.at("allowed_actions")) {
    if (action.at("name") == name) return action;
  }
  return nullptr;
}

// The whole answer but its id, which differs each time.
std::string ignoring_request_id(Answer const& answer) {
  auto body = json_of(answer);
  body.erase("request_id");
  return body.dump();
}

}  // namespace

TEST_CASE("an opened case has an address, a revision and what can be done with it") {
  District district;
  auto const opened = district.post("/api/v1/cases", "inspector", issue);
  REQUIRE(opened.status == 201);
  auto const body = json_of(opened);
  CHECK(opened.header("ETag") == "\"1\"");
  CHECK(opened.header("Location") == "/api/v1/cases/" + body.at("id").get<std::string>());
  CHECK(body.at("number") == "BN-WT-2026-000001");
  CHECK(body.at("state") == "found");
  CHECK(body.at("opened") == "2026-03-02T09:00:00+08:00");
  CHECK(body.at("parties").at("reporter") == Json::array({{{"unit", "lijiatuo"}, {"person", nullptr}}}));
  CHECK(body.at("parties").at("supporting") == Json::array());
  // Five working days, the first one not counted, over one weekend.
  CHECK(body.at("deadlines").at(0).at("name") == "report");
  CHECK(body.at("deadlines").at(0).at("due") == "2026-03-09T23:59:59+08:00");
  CHECK(action_named(body, "comment").at("kind") == "general");
  auto const again = district.get(opened.header("Location").value(), "inspector");
  CHECK(again.status == 200);
  CHECK(json_of(again) == body);
}

TEST_CASE("a case is shown again only when it changed") {
  District district;
  auto const id = district.open_issue();
  auto const target = "/api/v1/cases/" + id;
  auto const same = district.get(target, "inspector", "If-None-Match: \"0\", \"1\"\r\n");
  CHECK(same.status == 304);
  CHECK(same.body.empty());
  CHECK(same.header("ETag") == "\"1\"");
  CHECK(district.get(target, "inspector", "If-None-Match: \"2\"\r\n").status == 200);
}

TEST_CASE("the tag of a packed answer says the same revision") {
  District district;
  auto const id = district.open_issue();
  auto const target = "/api/v1/cases/" + id;
  auto const packed = district.get(target, "inspector", "Accept-Encoding: gzip\r\n");
  REQUIRE(packed.status == 200);
  CHECK(packed.header("Content-Encoding") == "gzip");
  CHECK(packed.header("Vary") == "Accept-Encoding");
  REQUIRE(packed.header("ETag") == "\"1-gzip\"");
  CHECK(district.get(target, "inspector", "If-None-Match: \"1-gzip\"\r\n").status == 304);
  CHECK(district.get(target, "inspector", "If-None-Match: W/\"1-gzip\"\r\n").status == 304);
  auto const act = [&](std::string const& tag) {
    return district.post(actions_of(id) + "comment", "inspector", {{"comment", "看过"}}, "If-Match: " + tag + "\r\n");
  };
  CHECK(act("\"1-gzip\"").status == 200);
  CHECK(act("\"1-gzip\"").status == 412);
  CHECK(act("\"2-br\"").status == 400);
  CHECK(district.get(target, "inspector", "Accept-Encoding: gzip;q=0\r\n").header("ETag") == "\"2\"");
}

TEST_CASE("an action moves the case by one revision") {
  District district;
  auto const id = district.open_issue();
  auto const done = district.act(id, "comment", "inspector", {{"comment", "已到现场"}});
  REQUIRE(done.status == 200);
  CHECK(done.header("ETag") == "\"2\"");
  CHECK(json_of(done).at("revision") == 2);
  auto const history = json_of(district.get("/api/v1/cases/" + id + "/history", "inspector")).at("items");
  CHECK(history.back().at("type") == "commented");
  CHECK(history.back().at("actor").at("person") == "person-inspector");
  CHECK(history.front().at("previous") == nullptr);
  for (std::size_t index = 1; index < history.size(); ++index) {
    CHECK(history[index].at("previous") == history[index - 1].at("hash"));
  }
}

TEST_CASE("If-Match must name the revision that was seen, and nothing else") {
  District district;
  auto const id = district.open_issue();
  struct Sent {
    std::string fields;
    int status;
    std::string code;
  };
  std::vector<Sent> const table{{"", 428, "version_required"},
                                {"If-Match: *\r\n", 400, "bad_format"},
                                {"If-Match: W/\"1\"\r\n", 400, "bad_format"},
                                {"If-Match: 1\r\n", 400, "bad_format"},
                                {"If-Match: \"1\", \"2\"\r\n", 400, "bad_format"},
                                {"If-Match: \"-1\"\r\n", 400, "bad_format"},
                                {"If-Match: \"one\"\r\n", 400, "bad_format"},
                                {"If-Match: \"99999999999999999999\"\r\n", 400, "bad_format"},
                                {"If-Match: \"2\"\r\n", 412, "stale_version"},
                                {"If-Match: \"1\"\r\n", 200, ""}};
  for (auto const& [fields, status, code] : table) {
    CAPTURE(fields);
    auto const answer = district.post(actions_of(id) + "comment", "inspector", {{"comment", "看过"}}, fields);
    CHECK(answer.status == status);
    CHECK(code_of(answer) == code);
  }
}

TEST_CASE("a stale revision is answered with the case as it is now") {
  District district;
  auto const id = district.open_issue();
  REQUIRE(district.act(id, "comment", "township-head", {{"comment", "请尽快报送"}}).status == 200);
  auto const stale =
      district.post(actions_of(id) + "comment", "inspector", {{"comment", "晚了一步"}}, "If-Match: \"1\"\r\n");
  CHECK(stale.status == 412);
  CHECK(stale.header("ETag") == "\"2\"");
  auto const current = json_of(stale).at("current");
  CHECK(current == json_of(district.get("/api/v1/cases/" + id, "inspector")));
}

TEST_CASE("what cannot be done is refused by its reason") {
  District district;
  auto const id = district.open_issue();
  struct Sent {
    std::string action;
    std::string by;
    Json body;
    int status;
    std::string code;
  };
  std::string const unknown_hash(64, 'a');
  std::vector<Sent> const table{
      {"claim-done", "inspector", Json::object(), 409, "not_from_this_state"},
      {"report", "inspector", Json::object(), 403, "not_your_part"},
      {"no-such-action", "inspector", Json::object(), 404, "unknown_action"},
      {"report", "township-head", Json::object(), 422, "document_missing"},
      {"report", "township-head", {{"documents", {{"issue-form", {unknown_hash}}}}}, 422, "document_unknown"},
      {"comment", "inspector", {{"comment", "好"}, {"state", "closed"}}, 422, "unknown_field"},
      {"comment", "inspector", {{"comment", 5}}, 422, "wrong_type"},
      {"comment", "inspector", {{"comment", "好"}, {"input", {1}}}, 422, "wrong_type"},
      {"comment", "inspector", {{"comment", "好"}, {"documents", {1}}}, 422, "wrong_type"},
      {"comment", "inspector", {{"comment", "好"}, {"documents", {{"evidence", "x"}}}}, 422, "wrong_type"}};
  for (auto const& [action, by, body, status, code] : table) {
    CAPTURE(action);
    CAPTURE(body.dump());
    auto const answer = district.act(id, action, by, body);
    CHECK(answer.status == status);
    CHECK(code_of(answer) == code);
  }
  CHECK(json_of(district.get("/api/v1/cases/" + id, "inspector")).at("revision") == 1);
}

TEST_CASE("a body cannot say who acts, for whom, by what role or when") {
  District district;
  auto const id = district.open_issue();
  for (auto const* const member : {"actor", "person", "unit", "role", "roles", "for", "acting_for", "opener", "opened",
                                   "at", "system", "placed", "recorded_by"}) {
    CAPTURE(member);
    Json opening{{"workflow", "inspection-issue"}, {"fields", {{"problem", "水"}, {"category", "water"}}}};
    Json action{{"comment", "好"}};
    for (auto* const body : {&opening, &action}) (*body)[member] = "person-supervisor";
    for (auto const& answer :
         {district.post("/api/v1/cases", "inspector", opening), district.act(id, "comment", "inspector", action)}) {
      CHECK(answer.status == 422);
      CHECK(code_of(answer) == "unknown_field");
      CHECK(json_of(answer).at("errors").at(0).at("pointer") == "/" + std::string(member));
    }
    Json const within{{"comment", "好"}, {"input", {{member, "person-supervisor"}}}};
    CHECK(district.act(id, "comment", "inspector", within).status == 422);
  }
  CHECK(json_of(district.get("/api/v1/cases", "supervisor")).at("items").size() == 1);
  CHECK(json_of(district.get("/api/v1/cases/" + id, "inspector")).at("revision") == 1);
}

TEST_CASE("a conflict with the state says what is possible instead") {
  District district;
  auto const id = district.open_issue();
  auto const refused = json_of(district.act(id, "claim-done", "inspector"));
  auto const possible = refused.at("allowed_actions").get<std::vector<std::string>>();
  CHECK(std::find(possible.begin(), possible.end(), "comment") != possible.end());
  CHECK(std::find(possible.begin(), possible.end(), "claim-done") == possible.end());
}

TEST_CASE("an action that is not possible yet says what is missing") {
  District district;
  auto const id = district.open_issue();
  auto const report = action_named(json_of(district.get("/api/v1/cases/" + id, "township-head")), "report");
  REQUIRE(report.is_object());
  CHECK(report.at("kind") == "transition");
  CHECK(report.at("to") == "reported");
  CHECK(report.at("possible") == false);
  CHECK(report.at("requires_documents") == Json::array({"issue-form"}));
  CHECK(report.at("refusals").at(0).at("code") == "document_missing");
  CHECK(report.at("refusals").at(0).at("pointer") == "/documents/issue-form");
}

TEST_CASE("openings that are wrong open nothing") {
  District district;
  struct Sent {
    std::string body;
    std::string by;
    int status;
    std::string code;
    std::string pointer;
  };
  std::vector<Sent> const table{
      {R"({"workflow": "no-such"})", "inspector", 422, "unknown_workflow", "/workflow"},
      {R"({"fields": {}})", "inspector", 422, "missing", "/workflow"},
      {R"({"workflow": "inspection-issue"})", "inspector", 422, "missing", "/fields/problem"},
      {R"({"workflow": "inspection-issue", "fields": []})", "inspector", 422, "wrong_type", "/fields"},
      {R"({"workflow": "inspection-issue", "fields": {"problem": "水", "no-such": 1}})", "inspector", 422,
       "unknown_field", "/fields/no-such"},
      {R"({"workflow": "inspection-issue", "fields": {"problem": "水", "category": "no-such"}})", "inspector", 422,
       "not_a_choice", "/fields/category"},
      {R"({"workflow": "inspection-issue", "state": "struck_off"})", "inspector", 422, "unknown_field", "/state"},
      {R"({"workflow": "inspection-issue", "fields": {"problem": "水"}})", "police", 403, "not_your_part", ""},
      {R"({"workflow": "inspection-issue", "workflow": "x"})", "inspector", 400, "duplicate_key", "/workflow"},
      {"{\"workflow\": \"\xff\"}", "inspector", 400, "malformed_json", ""},
      {R"({"workflow": "inspection-issue",})", "inspector", 400, "malformed_json", ""},
      {R"([])", "inspector", 422, "wrong_type", ""},
      {"", "inspector", 400, "malformed_json", ""},
      {R"({"workflow": )" + std::string(70, '[') + std::string(70, ']') + "}", "inspector", 400, "too_deep", ""}};
  for (auto const& [body, by, status, code, pointer] : table) {
    CAPTURE(body);
    auto const answer = district.ask({.method = "POST", .target = "/api/v1/cases", .by = by, .body = body});
    CHECK(answer.status == status);
    CHECK(code_of(answer) == code);
    if (code != "too_deep") CHECK(json_of(answer).at("errors").at(0).at("pointer") == pointer);
  }
  CHECK(json_of(district.get("/api/v1/cases", "supervisor")).at("items").empty());
}

TEST_CASE("a body that is no JSON, or too large, is not read") {
  District district;
  auto const form = district.ask({.method = "POST",
                                  .target = "/api/v1/cases",
                                  .by = "inspector",
                                  .body = "workflow=inspection-issue",
                                  .fields = "Content-Type: text/plain\r\n",
                                  .json = false});
  CHECK(form.status == 415);
  CHECK(code_of(form) == "unsupported_media_type");
  auto const with_charset = district.ask({.method = "POST",
                                          .target = "/api/v1/cases",
                                          .by = "inspector",
                                          .body = issue.dump(),
                                          .fields = "Content-Type: Application/JSON; charset=utf-8\r\n",
                                          .json = false});
  CHECK(with_charset.status == 201);
  Client client(district.port());
  client.send("POST /api/v1/cases HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " + district.token_of("inspector") +
              "\r\nContent-Type: application/json\r\nContent-Length: 1048577\r\n\r\n");
  CHECK(client.read().value().status == 413);
}

TEST_CASE("the same key with the same request is done once and answered as the first time") {
  District district;
  auto const key = std::string("Idempotency-Key: phone-7/draft-1\r\n");
  auto const first = district.post("/api/v1/cases", "inspector", issue, key);
  REQUIRE(first.status == 201);
  auto const id = json_of(first).at("id").get<std::string>();
  // Time passes and the case moves on; the answer stays.
  district.move_clock(std::chrono::hours(24 * 30));
  REQUIRE(district.act(id, "comment", "inspector", {{"comment", "后来"}}).status == 200);
  auto const second = district.post("/api/v1/cases", "inspector", issue, key);
  CHECK(second.status == 201);
  CHECK(second.body == first.body);
  CHECK(second.header("Location") == first.header("Location"));
  CHECK(second.header("ETag") == "\"1\"");
  CHECK(json_of(district.get("/api/v1/cases", "inspector")).at("items").size() == 1);

  auto other = issue;
  other["comment"] = "另一个请求";
  auto const reused = district.post("/api/v1/cases", "inspector", other, key);
  CHECK(reused.status == 422);
  CHECK(code_of(reused) == "key_reused");
  // Keys are each person's own.
  CHECK(district.post("/api/v1/cases", "ecology", issue, key).status == 201);
}

TEST_CASE("an action with a key is done once") {
  District district;
  auto const id = district.open_issue();
  auto const comment = [&](std::string const& fields) {
    return district.post(actions_of(id) + "comment", "inspector", {{"comment", "看过"}}, fields);
  };
  auto const first = comment("If-Match: \"1\"\r\nIdempotency-Key: k\r\n");
  auto const second = comment("If-Match: \"1\"\r\nIdempotency-Key: k\r\n");
  CHECK(first.status == 200);
  CHECK(second.status == 200);
  CHECK(second.body == first.body);
  auto const other_revision = comment("If-Match: \"2\"\r\nIdempotency-Key: k\r\n");
  CHECK(code_of(other_revision) == "key_reused");
  CHECK(json_of(district.get("/api/v1/cases/" + id, "inspector")).at("revision") == 2);
}

TEST_CASE("a key must be short and visible") {
  District district;
  for (auto const& key : {std::string(129, 'k'), std::string("a b"), std::string("\xe9\x94\xae")}) {
    auto const answer = district.post("/api/v1/cases", "inspector", issue, "Idempotency-Key: " + key + "\r\n");
    CHECK(answer.status == 400);
    CHECK(code_of(answer) == "bad_format");
    CHECK(json_of(answer).at("errors").at(0).at("pointer") == "/header/Idempotency-Key");
  }
  auto const longest = "Idempotency-Key: " + std::string(128, 'k') + "\r\n";
  CHECK(district.post("/api/v1/cases", "inspector", issue, longest).status == 201);
}

TEST_CASE("to whom a case does not belong it answers as one that does not exist") {
  District district;
  auto const referral = district.open_referral();
  std::string const nothing = "019abf3c-7d2e-7c41-9a55-0f6d1f3f8a10";
  auto const both = [&](District::Ask ask, std::string const& path) {
    ask.target = "/api/v1/cases/" + referral + path;
    auto const hidden = district.ask(ask);
    ask.target = "/api/v1/cases/" + nothing + path;
    auto const unknown = district.ask(ask);
    CAPTURE(path);
    auto const comparable = [](Answer const& answer) {
      auto body = json_of(answer);
      body.erase("request_id");
      body.erase("instance");
      return body;
    };
    CHECK(hidden.status == unknown.status);
    CHECK(comparable(hidden) == comparable(unknown));
    return hidden.status;
  };
  for (auto const* const by : {"supervisor", "water", "inspector"}) {
    CAPTURE(by);
    CHECK(both({.by = by}, "") == 404);
    CHECK(both({.by = by}, "/history") == 404);
    CHECK(both({.by = by}, "/deadlines/verify/explanation") == 404);
    District::Ask const act{.method = "POST", .by = by, .body = R"({"comment": "?"})", .fields = "If-Match: \"1\"\r\n"};
    CHECK(both(act, "/actions/comment") == 404);
    CHECK(both(act, "/actions/no-such-action") == 404);
    CHECK(both({.method = "POST", .by = by}, "/actions/comment") == 428);
    auto const diagram = "/api/v1/workflows/criminal-referral/diagram.svg?case=";
    CHECK(district.get(diagram + referral, by).status == 404);
    CHECK(json_of(district.get("/api/v1/cases?q=%E7%94%B5%E9%95%80", by)).at("items").empty());
    CHECK(json_of(district.get("/api/v1/worklist", by)).at("items").empty());
    CHECK(json_of(district.get("/api/v1/reports/summary?by=workflow", by)).at("total").at("open") == 0);
  }
  CHECK(district.get("/api/v1/cases/" + referral, "police").status == 200);
  CHECK(json_of(district.get("/api/v1/cases?q=%E7%94%B5%E9%95%80", "police")).at("items").size() == 1);
}

TEST_CASE("a workflow is given as data, with a picture") {
  District district;
  auto const whole = district.get("/api/v1/workflows/inspection-issue", "inspector");
  REQUIRE(whole.status == 200);
  auto const definition = json_of(whole);
  CHECK(definition.at("states").contains("struck_off"));
  CHECK(definition.at("opening_schema").at("required") == Json::array({"problem"}));
  CHECK(district
            .get("/api/v1/workflows/inspection-issue", "inspector",
                 "If-None-Match: " + whole.header("ETag").value() + "\r\n")
            .status == 304);
  auto const version = definition.at("version").get<std::string>();
  CHECK(district.get("/api/v1/workflows/inspection-issue?version=" + version, "inspector").body == whole.body);
  CHECK(district.get("/api/v1/workflows/inspection-issue?version=99", "inspector").status == 404);
  CHECK(code_of(district.get("/api/v1/workflows/no-such", "inspector")) == "unknown_workflow");

  auto example = definition.at("example");
  example["workflow"] = "inspection-issue";
  auto const opened = district.post("/api/v1/cases", "inspector", example);
  REQUIRE(opened.status == 201);

  auto const picture = district.get("/api/v1/workflows/inspection-issue/diagram.svg", "inspector");
  CHECK(picture.status == 200);
  CHECK(picture.header("Content-Type") == "image/svg+xml");
  CHECK(picture.body.starts_with("<"));
  auto const of_case =
      district.get("/api/v1/workflows/inspection-issue/diagram.svg?case=" + json_of(opened).at("id").get<std::string>(),
                   "inspector");
  CHECK(of_case.status == 200);
  CHECK(of_case.body != picture.body);
}

TEST_CASE("HEAD answers as GET without its body, and other methods are told what there is") {
  District district;
  auto const target = "/api/v1/cases/" + district.open_issue();
  auto const head = district.ask({.method = "HEAD", .target = target, .by = "inspector"});
  auto const get = district.get(target, "inspector");
  CHECK(head.status == 200);
  CHECK(head.header("ETag") == get.header("ETag"));
  CHECK(head.header("Content-Length") == std::to_string(get.body.size()));
  auto const put = district.ask({.method = "PUT", .target = target, .by = "inspector", .body = "{}"});
  CHECK(put.status == 405);
  CHECK(put.header("Allow").value().find("GET") != std::string::npos);
  CHECK(ignoring_request_id(district.get("/api/v1/nothing", "inspector")).find("not_found") != std::string::npos);
}
