// SPDX-License-Identifier: Apache-2.0
#include "api/routes/routes.hpp"

#include "api/routes/answer.hpp"
#include "api/routes/case_query.hpp"
#include "api/routes/handlers.hpp"

namespace bihuan::routes {
namespace {

using http::Access;
using http::Body;

constexpr std::size_t json_limit = http::default_body_limit;
constexpr std::size_t session_limit = 16U * 1024U;  // anybody may send this one
constexpr std::size_t form_limit = 64U * 1024U;
constexpr std::size_t ledger_limit = 100U * 1024U * 1024U;
constexpr std::size_t attachment_limit = 200U * 1024U * 1024U;  // a video from a phone, a scanned file of a case

Access const anyone{.who = Access::Who::anyone};
Access const by_key{.who = Access::Who::by_key};
Access const signed_in{.who = Access::Who::signed_in};
Access const administrators{.who = Access::Who::one_of_roles, .roles = {"admin"}};
Access const auditors{.who = Access::Who::one_of_roles, .roles = {"auditor"}};

struct Call {
  std::string method;
  std::string pattern;
  std::string operation;
  Access access;
  Response (*handle)(Request&, Context&);
  std::vector<std::string> query{};
  Body body = Body::none;
  std::size_t body_limit = 0;
};

// Open311 has each call twice: the form of the answer is the ending of its path.
void add_open311(std::vector<Call>& calls) {
  std::string const base = "/open311/v2";
  // Clients send their key along with every call, those that need none included.
  std::vector<std::string> const who{"jurisdiction_id", "api_key"};
  std::vector<std::string> const which{"jurisdiction_id", "api_key", "service_request_id", "service_code", "start_date",
                                       "end_date",        "status"};
  for (std::string const format : {"json", "xml"}) {
    auto const end = "." + format;
    auto const named = [&](char const* name) { return std::string(name) + "_" + format; };
    calls.insert(
        calls.end(),
        {{"GET", base + "/discovery" + end, named("get_open311_discovery"), anyone, get_open311_discovery, who},
         {"GET", base + "/services" + end, named("list_open311_services"), anyone, list_open311_services, who},
         {"GET", base + "/services/{code}" + end, named("get_open311_service"), anyone, get_open311_service, who},
         {"GET", base + "/requests" + end, named("list_open311_requests"), by_key, list_open311_requests, which},
         {"POST", base + "/requests" + end, named("open_open311_request"), by_key, open_open311_request, who,
          Body::whole, form_limit},
         {"GET", base + "/requests/{id}" + end, named("get_open311_request"), by_key, get_open311_request, who},
         {"GET", base + "/tokens/{id}" + end, named("get_open311_token"), by_key, get_open311_token, who}});
  }
}

std::vector<Call> calls() {
  std::string const api = "/api/v1";
  return {
      {"GET", "/livez", "get_livez", anyone, get_livez},
      {"GET", "/readyz", "get_readyz", anyone, get_readyz},
      {"GET", "/metrics", "get_metrics", anyone, get_metrics},
      {"GET", "/problems/{code}", "get_problem_type", anyone, get_problem_type},
      {"GET", api + "/openapi.json", "get_contract", anyone, get_contract},

      {"POST", api + "/session", "sign_in", anyone, sign_in, {}, Body::whole, session_limit},
      {"DELETE", api + "/session", "sign_out", signed_in, sign_out},
      {"GET", api + "/session/ways", "get_sign_in_ways", anyone, get_sign_in_ways},
      {"GET", api + "/session/oidc", "start_open_id", anyone, start_open_id, {"to"}},
      // Providers say more than what is needed, each its own.
      {"GET",
       api + "/session/oidc/callback",
       "finish_open_id",
       anyone,
       finish_open_id,
       {"code", "state", "iss", "error", "error_description", "error_uri", "session_state", "scope"}},
      {"GET", api + "/me", "get_me", signed_in, get_me},
      {"GET", api + "/units", "list_units", signed_in, list_units},
      {"POST", api + "/units", "add_unit", administrators, add_unit, {}, Body::whole, json_limit},
      {"GET", api + "/units/{id}", "get_unit", signed_in, get_unit},
      {"PATCH", api + "/units/{id}", "change_unit", administrators, change_unit, {}, Body::whole, json_limit},

      {"GET", api + "/sessions", "list_sessions", signed_in, list_sessions},
      {"DELETE", api + "/sessions", "end_sessions", signed_in, end_sessions},
      {"DELETE", api + "/sessions/{id}", "end_session", signed_in, end_session},
      {"POST",
       api + "/me/password",
       "change_own_password",
       signed_in,
       change_own_password,
       {},
       Body::whole,
       session_limit},
      {"POST",
       api + "/me/second-factor",
       "enrol_second_factor",
       signed_in,
       enrol_second_factor,
       {},
       Body::whole,
       session_limit},
      {"POST",
       api + "/me/second-factor/confirmation",
       "confirm_second_factor",
       signed_in,
       confirm_second_factor,
       {},
       Body::whole,
       session_limit},
      {"GET", api + "/tokens", "list_tokens", signed_in, list_tokens},
      {"POST", api + "/tokens", "make_token", signed_in, make_token, {}, Body::whole, session_limit},
      {"DELETE", api + "/tokens/{id}", "revoke_token", signed_in, revoke_token},

      {"GET", api + "/feeds", "list_feeds", signed_in, list_feeds},
      {"POST", api + "/feeds", "make_feed", signed_in, make_feed, {}, Body::whole, session_limit},
      {"DELETE", api + "/feeds/{id}", "revoke_feed", signed_in, revoke_feed},
      {"GET", api + "/webhooks", "list_webhooks", signed_in, list_webhooks},
      {"POST", api + "/webhooks", "make_webhook", signed_in, make_webhook, {}, Body::whole, session_limit},
      {"PATCH", api + "/webhooks/{id}", "change_webhook", signed_in, change_webhook, {}, Body::whole, session_limit},
      {"DELETE", api + "/webhooks/{id}", "drop_webhook", signed_in, drop_webhook},
      {"POST", api + "/webhooks/{id}/secrets", "rotate_webhook_secret", signed_in, rotate_webhook_secret},
      {"GET", api + "/webhooks/{id}/dead-letters", "list_dead_letters", signed_in, list_dead_letters},
      {"POST", api + "/webhooks/{id}/dead-letters/{letter}/attempts", "repeat_dead_letter", signed_in,
       repeat_dead_letter},
      {"GET", "/feeds/deadlines/{token}.ics", "get_deadline_feed", anyone, get_deadline_feed},

      {"GET", api + "/people", "list_people", administrators, list_people},
      {"POST", api + "/people", "add_person", administrators, add_person, {}, Body::whole, json_limit},
      {"GET", api + "/people/{id}", "get_person", administrators, get_person},
      {"PATCH", api + "/people/{id}", "change_person", administrators, change_person, {}, Body::whole, json_limit},
      {"POST", api + "/people/{id}/password", "reset_password", administrators, reset_password},
      {"DELETE", api + "/people/{id}/second-factor", "reset_second_factor", administrators, reset_second_factor},

      {"GET", api + "/directory", "list_directory", signed_in, list_directory},

      {"GET", api + "/substitutes", "list_substitutes", signed_in, list_substitutes},
      {"POST", api + "/substitutes", "add_substitute", signed_in, add_substitute, {}, Body::whole, session_limit},
      {"DELETE", api + "/substitutes/{id}", "end_substitute", signed_in, end_substitute},

      {"GET", api + "/workflows", "list_workflows", signed_in, list_workflows},
      {"GET", api + "/workflows/{id}", "get_workflow", signed_in, get_workflow, {"version"}},
      {"GET",
       api + "/workflows/{id}/diagram.svg",
       "get_workflow_diagram",
       signed_in,
       get_workflow_diagram,
       {"version", "case"}},

      {"GET", api + "/definitions", "list_definitions", administrators, list_definitions},
      {"POST",
       api + "/definitions",
       "save_definition",
       administrators,
       save_definition,
       {},
       Body::whole,
       definition_body_limit},
      {"POST",
       api + "/definitions/check",
       "check_definition",
       administrators,
       check_definition,
       {},
       Body::whole,
       definition_body_limit},
      {"GET", api + "/definitions/{id}/versions/{version}", "get_definition_text", administrators, get_definition_text},
      {"POST",
       api + "/definitions/{id}/migrations",
       "migrate_cases",
       administrators,
       migrate_cases,
       {},
       Body::whole,
       json_limit},

      {"GET", api + "/calendars", "list_calendars", signed_in, list_calendars},
      {"GET", api + "/calendars/{id}", "get_calendar", signed_in, get_calendar},
      {"GET", api + "/public/{workflow}", "list_published", anyone, list_published, {"limit", "cursor"}},

      {"POST", api + "/cases", "open_case", signed_in, open_case, {}, Body::whole, json_limit},
      {"GET", api + "/cases", "list_cases", signed_in, list_cases, case_query_parameters()},
      {"GET", api + "/cases/{id}", "get_case", signed_in, get_case},
      {"GET", api + "/cases/{id}/history", "get_case_history", signed_in, get_case_history},
      {"GET", api + "/cases/{id}/deadlines/{name}/explanation", "explain_deadline", signed_in, explain_deadline},
      {"POST",
       api + "/cases/{id}/actions/{action}",
       "act_on_case",
       signed_in,
       act_on_case,
       {},
       Body::whole,
       json_limit},

      {"GET", api + "/cases/{id}/papers", "list_papers", signed_in, list_papers},
      {"GET", api + "/cases/{id}/papers/{kind}", "preview_paper", signed_in, preview_paper},
      {"POST", api + "/cases/{id}/papers/{kind}", "issue_paper", signed_in, issue_paper, {}, Body::whole, json_limit},

      {"GET", api + "/seals/newest", "get_newest_seal", signed_in, get_newest_seal},
      {"GET", api + "/seals/{number}", "get_seal", signed_in, get_seal},
      {"GET", api + "/seals/{number}/consistency", "get_seal_consistency", signed_in, get_seal_consistency, {"since"}},
      {"GET", api + "/cases/{id}/proofs", "get_case_proofs", signed_in, get_case_proofs},
      {"GET", api + "/cases/{id}/package", "get_case_package", signed_in, get_case_package},

      {"GET", api + "/worklist", "get_worklist", signed_in, get_worklist, {"limit", "cursor", "count"}},
      {"GET", api + "/reports/summary", "get_summary", signed_in, get_summary, {"by", "workflow"}},
      {"GET", api + "/reports/flow", "get_flow", signed_in, get_flow, {"weeks", "workflow"}},
      {"GET", api + "/reports/reached/{workflow}", "get_reached", signed_in, get_reached},
      {"GET", api + "/ledger.csv", "get_ledger", signed_in, get_ledger, ledger_parameters()},
      {"GET", api + "/ledger.xlsx", "get_ledger_sheet", signed_in, get_ledger_sheet, ledger_parameters()},
      {"GET",
       api + "/reports/insight/{workflow}",
       "get_insight",
       signed_in,
       get_insight,
       {"opened_from", "opened_to", "unit"}},
      {"GET",
       api + "/reports/insight/{workflow}/diagram.svg",
       "get_insight_diagram",
       signed_in,
       get_insight_diagram,
       {"opened_from", "opened_to", "unit", "lang"}},
      {"GET", api + "/event-log.ocel.json", "get_object_log", signed_in, get_object_log, ledger_parameters()},
      {"GET", api + "/event-log.xes", "get_trace_log", signed_in, get_trace_log, ledger_parameters()},
      {"POST",
       api + "/imports",
       "import_ledger",
       signed_in,
       import_ledger,
       {"dry_run", "skip_faulty", "report", "workflow", "mapping", "lang"},
       Body::stream,
       ledger_limit},
      {"GET", api + "/events/stream", "stream_events", signed_in, stream_events},
      {"GET",
       api + "/audit-events",
       "list_audit_events",
       auditors,
       list_audit_events,
       {"person", "case", "kind", "from", "to", "limit", "cursor"}},

      {"POST",
       api + "/attachments",
       "upload_attachment",
       signed_in,
       upload_attachment,
       {},
       Body::stream,
       attachment_limit},
      {"GET", api + "/attachments/{sha256}", "get_attachment", signed_in, get_attachment},
  };
}

}  // namespace

std::vector<http::Route> make_routes(Context& context) {
  context.store.cases().when_appended([news = context.news] { news->ring(); });
  std::vector<http::Route> routes;
  auto all = calls();
  add_open311(all);
  for (auto const& call : all) {
    http::Route route;
    route.method = call.method;
    route.pattern = call.pattern;
    route.operation = call.operation;
    route.access = call.access;
    route.body = call.body;
    route.body_limit = call.body_limit;
    route.query = call.query;
    // It asks nothing of anybody, so it answers even when every worker is taken.
    route.immediate = call.handle == get_livez;
    route.handler = [handle = call.handle, &context](Request& request) { return handle(request, context); };
    routes.push_back(std::move(route));
  }
  return routes;
}

}  // namespace bihuan::routes
