// SPDX-License-Identifier: Apache-2.0
#include "engine/service/insight.hpp"

#include "api/routes/answer.hpp"
#include "api/routes/case_query.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "engine/core/message.hpp"
#include "engine/format/event_log.hpp"
#include "engine/format/insight_form.hpp"

namespace bihuan::routes {
namespace {

struct Looked {
  Definition const& definition;
  Insight insight;
};

// What the caller may see of one workflow, with the look on record.
Step<Looked> look(Request& request, Context& context) {
  auto const& name = request.path_parameter("workflow");
  auto const* const definition = context.library().current(name);
  if (definition == nullptr)
    return tl::make_unexpected(http::problem(refusal(Code::unknown_workflow, {}, {{"name", name}}), request));
  auto query = read_case_query(request, context);
  if (!query) return tl::make_unexpected(query.error());
  query->workflow = definition->id;
  auto seen = look_at_list(AuditKind::report_viewed, request, 1);
  seen.detail.at("filter").erase("lang");
  seen.detail["workflow"] = definition->id;
  if (auto full = record(request, context, std::move(seen))) return tl::make_unexpected(std::move(*full));
  return Looked{.definition = *definition, .insight = look_into(context.cases, caller_of(request).actor, *query)};
}

using MakeLog = std::unique_ptr<EventLog> (*)(EventLogAbout);

Response log_answer(Request& request, Context& context, char const* format, char const* type, MakeLog make) {
  auto query = read_case_query(request, context);
  if (!query) return query.error();
  auto const language = read_language(request);
  if (!language) return language.error();
  auto seen = look_at_list(AuditKind::exported, request, 0);
  seen.detail.erase("shown");
  seen.detail.at("filter").erase("lang");
  seen.detail["format"] = format;
  if (auto full = record(request, context, std::move(seen))) return std::move(*full);
  std::shared_ptr<EventLog> const log = make(
      {.cases = context.cases, .actor = caller_of(request).actor, .query = std::move(*query), .language = *language});
  auto const date = format_date(Zone().date_of(context.cases.now()));
  Response response;
  response.headers.add("Content-Type", type);
  response.headers.add("Content-Disposition", "attachment; filename=\"event-log-" + date + '.' + format + '"');
  response.headers.add("Cache-Control", "no-store");
  response.source = [log](std::span<char> out) { return log->read(out); };
  return response;
}

}  // namespace

Response get_object_log(Request& request, Context& context) {
  return log_answer(request, context, "ocel.json", "application/json", make_object_log);
}

Response get_trace_log(Request& request, Context& context) {
  return log_answer(request, context, "xes", "application/xml", make_trace_log);
}

Response get_insight(Request& request, Context& context) {
  auto const looked = look(request, context);
  if (!looked) return looked.error();
  auto body = insight_json(looked->insight, looked->definition, context.library().organisation());
  body["at"] = Zone().format(context.cases.now());
  return json_answer(200, body);
}

Response get_insight_diagram(Request& request, Context& context) {
  auto const language = read_language(request);
  if (!language) return language.error();
  auto const looked = look(request, context);
  if (!looked) return looked.error();
  Response response;
  response.headers.add("Content-Type", "image/svg+xml");
  response.headers.add("Cache-Control", "no-store");
  response.body = insight_svg(looked->insight, looked->definition, *language);
  return response;
}

}  // namespace bihuan::routes
