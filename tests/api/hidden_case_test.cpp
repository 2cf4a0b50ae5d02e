// SPDX-License-Identifier: Apache-2.0
// A criminal referral that a person's unit has no part in does not exist for them: two districts, the same
// but that one has such a case, give the same answers to every call, whatever the caller's role. A route that
// this table does not know fails the test, so that none is added without saying what it could give away.
#include <doctest/doctest.h>

#include <map>
#include <regex>
#include <set>

#include "api/routes/answer.hpp"
#include "engine/store/digest.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

struct Probe {
  std::string method;
  std::string target;
  std::string body{};
  std::string fields{};
  bool json = true;
};

// {case} {number} {word} {hash} are the hidden case's; {key} is the Idempotency-Key that opened it; {issue}
// is a case that both districts have.
struct Calls {
  std::vector<Probe> probes;
  // Where the two answers differ for another reason than the case, and what the case has is looked for
  // instead.
  std::string differs_because{};
};

constexpr std::string_view word = "电镀废水";

std::map<std::string, Calls> table() {
  std::string const cases = "/api/v1/cases";
  auto const act = [&](std::string const& id, std::string const& action, std::string const& body) {
    return Probe{"POST", cases + "/" + id + "/actions/" + action, body, "If-Match: \"1\"\r\n"};
  };
  std::string const opening = R"({"workflow":"criminal-referral","fields":{"case_title":"某案","offence":"pollution",)"
                              R"("facts":"某事","case_officers":["张一","李二"],"source_case":"{case}"}})";
  return {
      {"get_livez", {{{"GET", "/livez"}}}},
      {"get_readyz", {{{"GET", "/readyz"}}}},
      {"get_metrics", {{{"GET", "/metrics"}}, "it counts requests"}},
      {"get_problem_type", {{{"GET", "/problems/not_found"}}}},
      {"get_contract", {{{"GET", "/api/v1/openapi.json"}}}},
      {"sign_in", {{{"POST", "/api/v1/session", R"({"name":"{case}"})"}}}},
      {"get_sign_in_ways", {{{"GET", "/api/v1/session/ways"}}}},
      {"start_open_id", {{{"GET", "/api/v1/session/oidc?to={case}"}}}},
      {"finish_open_id", {{{"GET", "/api/v1/session/oidc/callback?code={case}&state={case}"}}}},
      {"sign_out", {{}, "it ends the session that the next call needs"}},
      {"get_me", {{{"GET", "/api/v1/me"}}}},
      {"list_units", {{{"GET", "/api/v1/units"}}}},
      {"get_unit", {{{"GET", "/api/v1/units/{case}"}}}},
      {"add_unit", {{{"POST", "/api/v1/units", R"({"{case}":1})"}}}},
      {"change_unit", {{{"PATCH", "/api/v1/units/{case}", "{}"}}}},
      {"list_sessions", {{{"GET", "/api/v1/sessions"}}}},
      {"end_sessions", {{}, "it ends the session that the next call needs"}},
      {"end_session", {{{"DELETE", "/api/v1/sessions/{case}"}}}},
      {"change_own_password", {{{"POST", "/api/v1/me/password", R"({"{case}":1})"}}}},
      {"enrol_second_factor", {{{"POST", "/api/v1/me/second-factor", R"({"{case}":1})"}}}},
      {"confirm_second_factor", {{{"POST", "/api/v1/me/second-factor/confirmation", R"({"{case}":1})"}}}},
      {"list_tokens", {{{"GET", "/api/v1/tokens"}}}},
      {"make_token", {{{"POST", "/api/v1/tokens", R"({"{case}":1})"}}}},
      {"revoke_token", {{{"DELETE", "/api/v1/tokens/{case}"}}}},
      {"list_feeds", {{{"GET", "/api/v1/feeds"}}}},
      {"make_feed", {{{"POST", "/api/v1/feeds", R"({"name":"a","filter":{"{case}":"1"}})"}}}},
      {"revoke_feed", {{{"DELETE", "/api/v1/feeds/{case}"}}}},
      {"get_deadline_feed", {{}, "its address is its key; the calendar's own tests see what it shows to whom"}},
      {"get_open311_discovery_json", {{{"GET", "/open311/v2/discovery.json"}}}},
      {"get_open311_discovery_xml", {{{"GET", "/open311/v2/discovery.xml"}}}},
      {"list_open311_services_json", {{{"GET", "/open311/v2/services.json"}}}},
      {"list_open311_services_xml", {{{"GET", "/open311/v2/services.xml"}}}},
      {"get_open311_service_json", {{{"GET", "/open311/v2/services/{case}.json"}}}},
      {"get_open311_service_xml", {{{"GET", "/open311/v2/services/water.xml"}}}},
      {"list_open311_requests_json",
       {{{"GET", "/open311/v2/requests.json?api_key={api_key}"},
         {"GET", "/open311/v2/requests.json?api_key={api_key}&service_request_id={number}"}}}},
      {"list_open311_requests_xml", {{{"GET", "/open311/v2/requests.xml?api_key={api_key}"}}}},
      {"get_open311_request_json", {{{"GET", "/open311/v2/requests/{number}.json?api_key={api_key}"}}}},
      {"get_open311_request_xml", {{{"GET", "/open311/v2/requests/{case}.xml?api_key={api_key}"}}}},
      {"get_open311_token_json", {{{"GET", "/open311/v2/tokens/{number}.json?api_key={api_key}"}}}},
      {"get_open311_token_xml", {{{"GET", "/open311/v2/tokens/{case}.xml?api_key={api_key}"}}}},
      {"open_open311_request_json", {{{"POST", "/open311/v2/requests.json?api_key={api_key}", "description={case}"}}}},
      {"open_open311_request_xml", {{{"POST", "/open311/v2/requests.xml", "description={case}"}}}},
      {"list_webhooks", {{{"GET", "/api/v1/webhooks"}}}},
      {"make_webhook",
       {{{"POST", "/api/v1/webhooks", R"({"url":"https://hooks.example.org/{case}","filter":{"{case}":"1"}})"}}}},
      {"change_webhook", {{{"PATCH", "/api/v1/webhooks/{case}", R"({"active":true})"}}}},
      {"drop_webhook", {{{"DELETE", "/api/v1/webhooks/{case}"}}}},
      {"rotate_webhook_secret", {{{"POST", "/api/v1/webhooks/{case}/secrets"}}}},
      {"list_dead_letters", {{{"GET", "/api/v1/webhooks/{case}/dead-letters"}}}},
      {"repeat_dead_letter", {{{"POST", "/api/v1/webhooks/{case}/dead-letters/{case}.1/attempts"}}}},
      {"list_people", {{{"GET", "/api/v1/people"}}}},
      {"add_person", {{{"POST", "/api/v1/people", R"({"{case}":1})"}}}},
      {"get_person", {{{"GET", "/api/v1/people/{case}"}}}},
      {"change_person", {{{"PATCH", "/api/v1/people/{case}", "{}"}}}},
      {"reset_password", {{{"POST", "/api/v1/people/{case}/password"}}}},
      {"reset_second_factor", {{{"DELETE", "/api/v1/people/{case}/second-factor"}}}},
      {"list_substitutes", {{{"GET", "/api/v1/substitutes"}}}},
      {"add_substitute", {{{"POST", "/api/v1/substitutes", R"({"absent":"person-ecology","{case}":1})"}}}},
      {"end_substitute", {{{"DELETE", "/api/v1/substitutes/{case}"}}}},
      {"list_workflows", {{{"GET", "/api/v1/workflows"}}}},
      {"get_workflow", {{{"GET", "/api/v1/workflows/criminal-referral"}}}},
      {"get_workflow_diagram", {{{"GET", "/api/v1/workflows/criminal-referral/diagram.svg?case={case}"}}}},
      {"open_case",
       {{{"POST", cases, opening},
         {"POST", cases, R"({"workflow":"inspection-issue","fields":{"problem":"某事","merged_into":"{case}"}})"},
         {"POST", cases, "{body}", "Idempotency-Key: {key}\r\n"}}}},
      {"list_cases",
       {{{"GET", cases},
         {"GET", cases + "?workflow=criminal-referral"},
         {"GET", cases + "?q={word}"},
         {"GET", cases + "?q={number}"},
         {"GET", cases + "?unit=seeb"},
         {"GET", cases + "?unit=police&light=red"},
         {"GET", cases + "?light=grey"},
         {"GET", cases + "?state=suspected"},
         {"GET", cases + "?reached=suspected"},
         {"GET", cases + "?workflow=criminal-referral&reached=suspected"},
         {"GET", cases + "?near=29.4,106.5,100000"},
         {"GET", cases + "?opener=me"},
         {"GET", cases + "?handled_by=me"},
         {"GET", cases + "?pending=true"},
         {"GET", cases + "?closed_from=2026-01-01"},
         {"GET", cases + "?sort=-closed"},
         {"GET", cases + "?sort=due"},
         {"GET", cases + "?sort=-changed"}}}},
      {"get_case", {{{"GET", cases + "/{case}"}, {"GET", cases + "/{case}", "", "If-None-Match: \"1\"\r\n"}}}},
      {"get_case_history", {{{"GET", cases + "/{case}/history"}}}},
      {"get_case_proofs",
       {{{"GET", cases + "/{case}/proofs"}, {"GET", cases + "/{case}/proofs", "", "If-None-Match: \"1\"\r\n"}}}},
      {"get_case_package", {{{"GET", cases + "/{case}/package"}}}},
      {"get_newest_seal", {{{"GET", "/api/v1/seals/newest"}}}},
      {"get_seal", {{{"GET", "/api/v1/seals/1"}, {"GET", "/api/v1/seals/{case}"}}}},
      {"get_seal_consistency",
       {{{"GET", "/api/v1/seals/1/consistency?since=1"}, {"GET", "/api/v1/seals/{case}/consistency?since={case}"}}}},
      {"explain_deadline",
       {{{"GET", cases + "/{case}/deadlines/head-decision/explanation"},
         {"GET", cases + "/{case}/deadlines/report/explanation"}}}},
      {"act_on_case",
       {{act("{case}", "comment", R"({"comment":"看看"})"),
         act("{case}", "submit-report", "{}"),
         act("{case}", "no-such-action", "{}"),
         act("{case}", "attach", R"({"documents":{"test-report":["{hash}"]}})"),
         {"POST", cases + "/{case}/actions/comment", R"({"comment":"x"})", "If-Match: \"7\"\r\n"},
         {"POST", cases + "/{case}/actions/comment", R"({"comment":"x"})"},
         {"POST", cases + "/{case}/actions/comment", R"({"comment":"x"})",
          "If-Match: \"1\"\r\nIdempotency-Key: {key}\r\n"},
         act("{issue}", "link", R"({"input":{"case":"{case}"}})"),
         act("{issue}", "attach", R"({"documents":{"site-photo":["{hash}"]}})")}}},
      {"list_papers", {{{"GET", cases + "/{case}/papers"}}}},
      {"preview_paper",
       {{{"GET", cases + "/{case}/papers/transfer-letter"}, {"GET", cases + "/{case}/papers/no-such-kind"}}}},
      {"issue_paper",
       {{{"POST", cases + "/{case}/papers/transfer-letter", "{}", "If-Match: \"1\"\r\n"},
         {"POST", cases + "/{case}/papers/transfer-letter", "{}", "If-Match: \"7\"\r\n"},
         {"POST", cases + "/{case}/papers/no-such-kind", "{}", "If-Match: \"1\"\r\n"},
         {"POST", cases + "/{case}/papers/transfer-letter", "{}"}}}},
      {"get_worklist", {{{"GET", "/api/v1/worklist"}, {"GET", "/api/v1/worklist?count=exact"}}}},
      {"list_directory", {{{"GET", "/api/v1/directory"}}}},
      {"list_definitions", {{{"GET", "/api/v1/definitions"}}}},
      {"get_definition_text", {{{"GET", "/api/v1/definitions/criminal-referral/versions/{case}"}}}},
      {"check_definition", {{{"POST", "/api/v1/definitions/check", R"({"text":"{case}","play":true})"}}}},
      {"save_definition", {{{"POST", "/api/v1/definitions", R"({"text":"{case}"})"}}}},
      {"migrate_cases",
       {{{"POST", "/api/v1/definitions/criminal-referral/migrations", R"({"to":"{case}"})"},
         {"POST", "/api/v1/definitions/criminal-referral/migrations", R"({"to":"2"})"},
         {"POST", "/api/v1/definitions/criminal-referral/migrations", R"({"to":"999"})"}}}},
      {"list_calendars", {{{"GET", "/api/v1/calendars"}}}},
      {"get_calendar", {{{"GET", "/api/v1/calendars/{case}"}}}},
      {"list_published",
       {{{"GET", "/api/v1/public/criminal-referral"}, {"GET", "/api/v1/public/responsibility-item"}}}},
      {"get_flow", {{{"GET", "/api/v1/reports/flow"}, {"GET", "/api/v1/reports/flow?workflow=criminal-referral"}}}},
      {"get_reached", {{{"GET", "/api/v1/reports/reached/criminal-referral"}}}},
      {"get_ledger",
       {{{"GET", "/api/v1/ledger.csv"},
         {"GET", "/api/v1/ledger.csv?workflow=criminal-referral"},
         {"GET", "/api/v1/ledger.csv?q={word}"}}}},
      // Packed, so that only what is the same to the byte can be compared: what holds no case.
      {"get_ledger_sheet",
       {{{"GET", "/api/v1/ledger.xlsx?workflow=criminal-referral"}, {"GET", "/api/v1/ledger.xlsx?q={word}"}}}},
      {"get_object_log",
       {{{"GET", "/api/v1/event-log.ocel.json"}, {"GET", "/api/v1/event-log.ocel.json?workflow=criminal-referral"}}}},
      {"get_trace_log", {{{"GET", "/api/v1/event-log.xes"}, {"GET", "/api/v1/event-log.xes?q={word}"}}}},
      {"get_insight",
       {{{"GET", "/api/v1/reports/insight/criminal-referral"}, {"GET", "/api/v1/reports/insight/inspection-issue"}}}},
      {"get_insight_diagram", {{{"GET", "/api/v1/reports/insight/criminal-referral/diagram.svg"}}}},
      {"import_ledger",
       {{{"POST", "/api/v1/imports", "id,revision,编号\r\n{case},1,{number}\r\n", "Content-Type: text/csv\r\n", false},
         {"POST", "/api/v1/imports?dry_run=false", "id,revision,编号\r\n{case},1,\r\n", "Content-Type: text/csv\r\n",
          false}}}},
      {"stream_events", {{}, "it goes on; what it tells, and to whom, the stream's own tests see"}},
      {"get_summary",
       {{{"GET", "/api/v1/reports/summary?by=unit"},
         {"GET", "/api/v1/reports/summary?by=state"},
         {"GET", "/api/v1/reports/summary?by=workflow&workflow=criminal-referral"},
         {"GET", "/api/v1/reports/summary?by=category"}}}},
      {"list_audit_events",
       {{}, "the auditor's own record, of who read what, is of every case; nobody else is let in (audit tests)"}},
      {"get_attachment",
       {{{"GET", "/api/v1/attachments/{hash}"},
         {"GET", "/api/v1/attachments/{hash}", "", "If-None-Match: \"{hash}\"\r\n"}}}},
      {"upload_attachment",
       {{{"POST", "/api/v1/attachments", "bytes of nobody", "Content-Type: application/pdf\r\nX-File-Name: a.pdf\r\n",
          false}}}},
  };
}

struct Hidden {
  std::string id;
  std::string number;
  std::string hash;
  std::string opening;
};

// A referral by the ecology bureau, with a paper, worked on, and known by its key.
Hidden hide(District& district) {
  Hidden hidden;
  hidden.hash = district.upload("ecology", "test report");
  auto body = json_of(district.get("/api/v1/workflows/criminal-referral", "ecology")).at("example");
  body["workflow"] = "criminal-referral";
  body["fields"]["case_title"] = "某厂涉嫌利用暗管排放" + std::string(word) + "案";
  body["fields"]["place"] = {{"latitude", 29.4}, {"longitude", 106.5}};
  body["documents"] = {{"test-report", {hidden.hash}}};
  hidden.opening = body.dump();
  auto const opened = district.post("/api/v1/cases", "ecology", body, "Idempotency-Key: key-of-the-referral\r\n");
  REQUIRE(opened.status == 201);
  hidden.id = json_of(opened).at("id");
  hidden.number = json_of(opened).at("number");
  REQUIRE(district.act(hidden.id, "comment", "ecology", {{"comment", "内部讨论"}}).status == 200);
  return hidden;
}

std::string filled(std::string text, std::vector<std::pair<std::string, std::string>> const& values) {
  for (auto const& [name, value] : values) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
      text.replace(at, name.size(), value);
  }
  return text;
}

// What two runs never have in common.
std::string without_chance(std::string text, std::string const& hidden_id) {
  // A request's number grows a digit now and then, and the body with it.
  static std::regex const dates("\r\n(Date|Content-Length): [^\r]*");
  static std::regex const requests("(\"request_id\":\"|X-Request-Id: |x-request-id: )[0-9A-Za-z-]+");
  static std::regex const ids("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}");
  static std::regex const hashes("\"(hash|previous)\":\"[0-9a-f]{64}\"");
  text = std::regex_replace(text, dates, "");
  text = std::regex_replace(text, requests, "$1");
  text = std::regex_replace(text, hashes, "\"$1\":\"\"");
  text = filled(text, {{hidden_id, "<hidden>"}});
  return std::regex_replace(text, ids, "<id>");
}

std::vector<std::string> every_role(District& district) {
  std::set<std::string> roles{"admin", "auditor", "intake_clerk", "discipline_officer", "inspector"};
  auto const workflows = json_of(district.get("/api/v1/workflows", "inspector"));
  for (auto const& workflow : workflows.at("items")) {
    auto const text = district.get("/api/v1/workflows/" + workflow.at("id").get<std::string>(), "inspector").body;
    std::regex const role("\"role\": ?\"([a-z_]+)\"");
    for (auto found = std::sregex_iterator(text.begin(), text.end(), role); found != std::sregex_iterator(); ++found)
      roles.insert((*found)[1]);
  }
  return {roles.begin(), roles.end()};
}

}  // namespace

TEST_CASE("to every role of a unit without a part, a district with a referral answers like one without") {
  District with;
  District without;
  auto const hidden = hide(with);
  auto const probes = table();
  for (auto const& route : with.router().routes()) {
    INFO("say in table() how ", route.operation, " could give a hidden case away");
    CHECK(probes.count(route.operation) == 1);
  }
  std::map<District*, std::string> const issue{{&with, with.open_issue()}, {&without, without.open_issue()}};
  auto const roles = every_role(with);
  CHECK(roles.size() > 9);

  struct Outsider {
    std::string name;
    std::string unit;
    std::vector<std::string> roles;
  };
  std::vector<Outsider> outsiders;
  for (auto const& role : roles) outsiders.push_back({"outside-" + role, "water", {role}});
  for (auto const* const unit : {"yudong", "inspection-office", "district-government", "discipline", "hotline-12345"})
    outsiders.push_back({std::string("everything-") + unit, unit, roles});
  for (auto const& outsider : outsiders) {
    with.add_person(outsider.name, outsider.unit, outsider.roles);
    without.add_person(outsider.name, outsider.unit, outsider.roles);
    for (auto* const district : {&with, &without}) {
      district->store().people().put_token({.id = "key-of-" + outsider.name,
                                            .token_hash = hash_of("bht_key-of-" + outsider.name),
                                            .person = "person-" + outsider.name,
                                            .name = "key",
                                            .scope = TokenScope::act,
                                            .created = district->now(),
                                            .expires = district->now() + std::chrono::hours(24)});
    }
  }

  auto const ask = [&](District& district, Probe const& probe, std::string const& by) {
    std::vector<std::pair<std::string, std::string>> const values{
        {"{body}", hidden.opening},       {"{case}", hidden.id},
        {"{number}", hidden.number},      {"{word}", std::string(word)},
        {"{hash}", hidden.hash},          {"{key}", "key-of-the-referral"},
        {"{issue}", issue.at(&district)}, {"{api_key}", "bht_key-of-" + by}};
    return district.ask({.method = probe.method,
                         .target = filled(filled(probe.target, {{"{word}", routes::percent_encoded(word)}}), values),
                         .by = by,
                         .body = filled(probe.body, values),
                         .fields = filled(probe.fields, values),
                         .json = probe.json});
  };
  std::size_t asked = 0;
  for (auto const& [operation, calls] : probes) {
    for (auto const& probe : calls.probes) {
      for (auto const& outsider : outsiders) {
        auto const there = ask(with, probe, outsider.name);
        if (!calls.differs_because.empty()) {
          for (auto const& secret : {hidden.id, hidden.number, hidden.hash, std::string(word)})
            CHECK(there.body.find(secret) == std::string::npos);
          continue;
        }
        auto const here = ask(without, probe, outsider.name);
        ++asked;
        if (without_chance(there.head + there.body, hidden.id) == without_chance(here.head + here.body, hidden.id))
          continue;
        FAIL_CHECK(operation, " ", probe.method, " ", probe.target, " by ", outsider.name, " of ", outsider.unit,
                   "\nwith the case: ", there.head, there.body, "\nwithout: ", here.head, here.body);
      }
    }
  }
  CHECK(asked > 1000);
  // The probes do find the case for whoever has a part in it: an answer that is the same for everybody tests
  // nothing.
  CHECK(ask(with, {"GET", "/api/v1/cases/{case}"}, "police").status == 200);
  CHECK(json_of(ask(with, {"GET", "/api/v1/cases?q={word}"}, "police")).at("items").size() == 1);
  CHECK(json_of(ask(with, {"GET", "/api/v1/cases?q={number}"}, "police")).at("items").size() == 1);
  CHECK(json_of(ask(with, {"GET", "/api/v1/cases?near=29.4,106.5,100000"}, "police")).at("items").size() == 1);
  CHECK(json_of(ask(with, {"GET", "/api/v1/cases?reached=suspected"}, "police")).at("items").size() == 1);
  CHECK(ask(with, {"GET", "/api/v1/attachments/{hash}"}, "police").status == 200);
  CHECK(json_of(ask(with, {"GET", "/api/v1/cases?workflow=criminal-referral"}, "police")).at("items").size() == 1);
}

TEST_CASE("a role taken away a second ago shows nothing any more, not even one's own earlier answer") {
  District district;
  district.add_person("mover", "seeb", {"handler"});
  auto body = json_of(district.get("/api/v1/workflows/criminal-referral", "mover")).at("example");
  body["workflow"] = "criminal-referral";
  std::string const key = "Idempotency-Key: opened-before-leaving\r\n";
  auto const opened = district.post("/api/v1/cases", "mover", body, key);
  REQUIRE(opened.status == 201);
  CHECK(district.post("/api/v1/cases", "mover", body, key).body == opened.body);
  auto const id = json_of(opened).at("id").get<std::string>();
  district.add_person("mover", "water", {"handler"});
  CHECK(district.get("/api/v1/cases/" + id, "mover").status == 404);
  CHECK(district.get("/api/v1/cases/" + id + "/history", "mover").status == 404);
  auto const again = district.post("/api/v1/cases", "mover", body, key);
  CHECK(again.status == 404);
  CHECK(again.body.find(id) == std::string::npos);
}

TEST_CASE("a personal field is read by those whom the definition names, and masked for other readers") {
  District district;
  auto const issue = district.open_issue();
  district.add_person("leader", "district-committee", {"district_leader"});
  auto const contact = [&](std::string const& by) {
    return json_of(district.get("/api/v1/cases/" + issue, by)).at("fields").at("reporter_contact").get<std::string>();
  };
  CHECK(contact("inspector") == "13800000000");
  CHECK(contact("supervisor") == "13800000000");
  CHECK(contact("leader") == "***");
  CHECK(json_of(district.get("/api/v1/cases", "inspector")).at("items").at(0).at("fields").at("reporter_contact") ==
        "***");
  auto const history = district.get("/api/v1/cases/" + issue + "/history", "leader");
  CHECK(history.status == 200);
  CHECK(history.body.find("13800000000") == std::string::npos);
  CHECK(history.body.find("***") != std::string::npos);
  CHECK(json_of(district.get("/api/v1/cases?q=13800000000", "inspector")).at("items").empty());
}
