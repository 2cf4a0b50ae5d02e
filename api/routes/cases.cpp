// SPDX-License-Identifier: Apache-2.0
#include "api/routes/answer.hpp"
#include "api/routes/case_answer.hpp"
#include "api/routes/case_query.hpp"
#include "api/routes/case_shape.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "api/routes/render.hpp"
#include "engine/core/message.hpp"

namespace bihuan::routes {
namespace {

Result<OpenCaseRequest> parse_opening(OrderedJson const& body) {
  Refusals faults;
  Reader reader(body, {}, faults);
  OpenCaseRequest opening{.workflow = reader.text("workflow"),
                          .fields = read_object(reader, "fields"),
                          .parties = read_object(reader, "parties"),
                          .documents = read_documents(reader),
                          .comment = read_comment(reader)};
  reader.finish();
  if (!faults.empty()) return refused(std::move(faults));
  return opening;
}

// The call exists, whatever workflow its body names: 422, where a workflow's own address answers 404.
Response opening_refused(Refusals const& refusals, Request const& request) {
  return refusals.front().code == Code::unknown_workflow ? problem_as(422, refusals, request)
                                                         : http::problem(refusals, request);
}

}  // namespace

Response open_case(Request& request, Context& context) {
  auto const body = read_body(request);
  if (!body) return body.error();
  auto const opening = parse_opening(*body);
  if (!opening) return http::problem(opening.error(), request);
  auto const repeatable = read_repeatable(request, *body);
  if (!repeatable) return repeatable.error();
  auto const& actor = caller_of(request).actor;
  auto const opened = context.cases.open(*opening, actor, *repeatable);
  if (!opened) return opening_refused(opened.error(), request);
  auto response = case_answer(201, *opened, context, actor);
  response.headers.add("Location", "/api/v1/cases/" + opened->subject.id);
  return response;
}

Response list_cases(Request& request, Context& context) {
  auto const query = read_case_query(request, context);
  if (!query) return query.error();
  auto page = context.cases.list(*query, caller_of(request).actor);
  if (!page) return problem_as(400, page.error(), request);
  auto const kind = query->text.empty() ? AuditKind::cases_listed : AuditKind::cases_searched;
  if (auto full = record(request, context, look_at_list(kind, request, page->items.size()))) return std::move(*full);
  return written_page(listed_cases(page->items, context.library(), context.cases.now()), page->next_cursor, request);
}

Response get_case(Request& request, Context& context) {
  auto const& actor = caller_of(request).actor;
  auto const& id = request.path_parameter("id");
  auto found = context.cases.find(id, actor);
  if (auto full = record(request, context, look_at(AuditKind::case_viewed, id, found.has_value())))
    return std::move(*full);
  if (!found) return http::problem(found.error(), request);
  if (auto const tag = shown_tag(*found, context, actor); has_current(request, tag)) return not_modified(tag);
  return case_answer(200, {.subject = std::move(*found), .at = context.cases.now()}, context, actor);
}

Response get_case_history(Request& request, Context& context) {
  auto const& id = request.path_parameter("id");
  auto const& actor = caller_of(request).actor;
  auto const subject = context.cases.find(id, actor);
  if (auto full = record(request, context, look_at(AuditKind::history_viewed, id, subject.has_value()))) {
    return std::move(*full);
  }
  if (!subject) return http::problem(subject.error(), request);
  auto const events = context.cases.history(id, actor);
  if (!events) return http::problem(events.error(), request);
  auto const& zone = zone_of(*subject, context.library());
  auto items = OrderedJson::array();
  for (auto const& event : *events) items.push_back(render(event, zone));
  return page_answer(std::move(items), {}, request);
}

Response explain_deadline(Request& request, Context& context) {
  auto const& id = request.path_parameter("id");
  auto const& name = request.path_parameter("name");
  auto const explanation = context.cases.explain(id, name, caller_of(request).actor);
  auto seen = look_at(AuditKind::deadline_explained, id, explanation.has_value());
  if (auto full = record(request, context, std::move(seen))) return std::move(*full);
  if (!explanation) return http::problem(explanation.error(), request);
  return json_answer(200, OrderedJson(*explanation));
}

}  // namespace bihuan::routes
