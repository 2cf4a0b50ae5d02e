// SPDX-License-Identifier: Apache-2.0
#include "api/routes/routes.hpp"

#include "api/routes/case_query.hpp"
#include "api/routes/handlers.hpp"

namespace bihuan::routes {
namespace {

using http::Access;
using http::Body;

constexpr std::size_t attachment_limit = 200U * 1024U * 1024U;  // a video from a phone, a scanned file of a case
constexpr std::size_t session_limit = 16U * 1024U;              // anybody may send this one

Access const anyone{.who = Access::Who::anyone, .roles = {}};
Access const signed_in{.who = Access::Who::signed_in, .roles = {}};

using Handle = Response (*)(Request&, Context&);

}  // namespace

std::vector<http::Route> make_routes(Context& context) {
  auto const run = [&context](Handle handle) {
    return [handle, &context](Request& request) { return handle(request, context); };
  };
  return {
      {.method = "GET", .pattern = "/livez", .operation = "get_livez", .access = anyone, .immediate = true,
       .handler = run(get_livez)},
      {.method = "GET", .pattern = "/readyz", .operation = "get_readyz", .access = anyone,
       .handler = run(get_readyz)},
      {.method = "GET", .pattern = "/metrics", .operation = "get_metrics", .access = anyone,
       .handler = run(get_metrics)},
      {.method = "GET", .pattern = "/problems/{code}", .operation = "get_problem_type", .access = anyone,
       .handler = run(get_problem_type)},
      {.method = "GET", .pattern = "/api/v1/openapi.json", .operation = "get_contract", .access = anyone,
       .handler = run(get_contract)},

      {.method = "POST", .pattern = "/api/v1/session", .operation = "sign_in", .access = anyone,
       .body = Body::whole, .body_limit = session_limit, .handler = run(sign_in)},
      {.method = "DELETE", .pattern = "/api/v1/session", .operation = "sign_out", .access = signed_in,
       .handler = run(sign_out)},
      {.method = "GET", .pattern = "/api/v1/me", .operation = "get_me", .access = signed_in,
       .handler = run(get_me)},
      {.method = "GET", .pattern = "/api/v1/units", .operation = "list_units", .access = signed_in,
       .handler = run(list_units)},

      {.method = "GET", .pattern = "/api/v1/workflows", .operation = "list_workflows", .access = signed_in,
       .handler = run(list_workflows)},
      {.method = "GET", .pattern = "/api/v1/workflows/{id}", .operation = "get_workflow", .access = signed_in,
       .query = {"version"}, .handler = run(get_workflow)},
      {.method = "GET", .pattern = "/api/v1/workflows/{id}/diagram.svg", .operation = "get_workflow_diagram",
       .access = signed_in, .query = {"version", "case"}, .handler = run(get_workflow_diagram)},

      {.method = "POST", .pattern = "/api/v1/cases", .operation = "open_case", .access = signed_in,
       .body = Body::whole, .handler = run(open_case)},
      {.method = "GET", .pattern = "/api/v1/cases", .operation = "list_cases", .access = signed_in,
       .query = case_query_parameters(), .handler = run(list_cases)},
      {.method = "GET", .pattern = "/api/v1/cases/{id}", .operation = "get_case", .access = signed_in,
       .handler = run(get_case)},
      {.method = "GET", .pattern = "/api/v1/cases/{id}/history", .operation = "get_case_history",
       .access = signed_in, .handler = run(get_case_history)},
      {.method = "GET", .pattern = "/api/v1/cases/{id}/deadlines/{name}/explanation",
       .operation = "explain_deadline", .access = signed_in, .handler = run(explain_deadline)},
      {.method = "POST", .pattern = "/api/v1/cases/{id}/actions/{action}", .operation = "act_on_case",
       .access = signed_in, .body = Body::whole, .handler = run(act_on_case)},

      {.method = "GET", .pattern = "/api/v1/worklist", .operation = "get_worklist", .access = signed_in,
       .query = {"limit", "cursor"}, .handler = run(get_worklist)},
      {.method = "GET", .pattern = "/api/v1/reports/summary", .operation = "get_summary", .access = signed_in,
       .query = {"by", "workflow"}, .handler = run(get_summary)},

      {.method = "POST", .pattern = "/api/v1/attachments", .operation = "upload_attachment",
       .access = signed_in, .body = Body::stream, .body_limit = attachment_limit,
       .handler = run(upload_attachment)},
      {.method = "GET", .pattern = "/api/v1/attachments/{sha256}", .operation = "get_attachment",
       .access = signed_in, .handler = run(get_attachment)},
  };
}

}  // namespace bihuan::routes
