// SPDX-License-Identifier: Apache-2.0
#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "api/routes/render.hpp"
#include "engine/core/access.hpp"
#include "engine/core/diagram.hpp"
#include "engine/core/fields.hpp"
#include "engine/core/message.hpp"

namespace bihuan::routes {
namespace {

Definition const* find_definition(Request const& request, Library const& library) {
  auto const& id = request.path_parameter("id");
  auto const version = request.query_parameter("version");
  return version ? library.find(id, *version) : library.current(id);
}

Response unknown_workflow(Request const& request) {
  return http::problem(refusal(Code::unknown_workflow, {}, {{"name", request.path_parameter("id")}}), request);
}

Response picture(Definition const& definition, DiagramOptions options, Request const& request) {
  options.language = http::language_of(request);
  Response response;
  response.headers.add("Content-Type", "image/svg+xml");
  response.headers.add("Content-Language", options.language == Language::en ? "en" : "zh-CN");
  response.headers.add("Vary", "Accept-Language");
  response.headers.add("Cache-Control", "private, no-cache");
  response.headers.add("Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
  response.body = diagram_svg(definition, options);
  return response;
}

OrderedJson render_line(Definition const& definition, Actor const& actor, Organisation const& organisation) {
  OrderedJson line;
  line["id"] = definition.id;
  line["version"] = definition.version;
  line["title"] = render(definition.title);
  line["summary"] = definition.summary == Text{} ? OrderedJson(nullptr) : render(definition.summary);
  line["number_prefix"] = definition.number_prefix;
  line["calendar"] = definition.calendar;
  line["hash"] = definition.hash;
  line["may_open"] = find_right(definition.opening.by, Case{}, actor, organisation).has_value();
  return line;
}

}  // namespace

// A district has tens of workflows: always one page.
Response list_workflows(Request& request, Context& context) {
  auto const& library = context.library();
  auto items = OrderedJson::array();
  for (auto const* const definition : library.current_definitions()) {
    items.push_back(render_line(*definition, caller_of(request).actor, library.organisation()));
  }
  return page_answer(std::move(items), {}, request);
}

// The definition as its author wrote it, and what identifies it.
Response get_workflow(Request& request, Context& context) {
  auto const* const definition = find_definition(request, context.library());
  if (definition == nullptr) return unknown_workflow(request);
  auto const tag = '"' + definition->hash + '"';
  if (has_current(request, tag)) return not_modified(tag);
  auto body = definition->source;
  body["hash"] = definition->hash;
  body["opening_schema"] =
      OrderedJson(input_schema(*definition, definition->opening.input, context.library().organisation()));
  body["example"] = definition->example;
  auto response = json_answer(200, body);
  response.headers.add("ETag", tag);
  return response;
}

// With ?case= it shows where that case is and has been, in the version that the case has.
Response get_workflow_diagram(Request& request, Context& context) {
  auto const& library = context.library();
  auto const case_id = request.query_parameter("case");
  if (!case_id) {
    auto const* const definition = find_definition(request, library);
    return definition == nullptr ? unknown_workflow(request) : picture(*definition, {}, request);
  }
  auto const subject = context.cases.find(std::string(*case_id), caller_of(request).actor);
  auto seen = look_at(AuditKind::diagram_viewed, std::string(*case_id), subject.has_value());
  if (auto full = record(request, context, std::move(seen))) return std::move(*full);
  auto const* const definition = subject ? library.find(subject->workflow, subject->version) : nullptr;
  if (definition == nullptr || definition->id != request.path_parameter("id")) {
    return http::problem(refusal(Code::not_found, "/query/case"), request);
  }
  DiagramOptions options;
  options.current = subject->state;
  for (auto const& [state, count] : subject->visits) options.visited.insert(state);
  return picture(*definition, std::move(options), request);
}

}  // namespace bihuan::routes
