// SPDX-License-Identifier: Apache-2.0
#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "api/routes/render.hpp"
#include "engine/core/access.hpp"
#include "engine/core/diagram.hpp"
#include "engine/core/json_place.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"

namespace bihuan::routes {
namespace {

struct Wanted {
  DefinitionDraft draft;
  bool play = false;
};

Step<Wanted> read_draft(Request const& request) {
  auto const body = read_body(request, definition_body_limit);
  if (!body) return tl::make_unexpected(body.error());
  Refusals faults;
  Reader reader(*body, {}, faults);
  Wanted wanted;
  wanted.draft.text = reader.text("text");
  wanted.play = reader.boolean_or("play", false);
  if (reader.find("scenarios") != nullptr && !body->at("scenarios").is_null()) {
    auto& scenarios = wanted.draft.scenarios.emplace();
    reader.elements("scenarios", [&](std::size_t, Reader& scenario) {
      scenarios.push_back({scenario.text("name"), scenario.text("text")});
      scenario.finish();
    });
  }
  reader.finish();
  if (!faults.empty()) return tl::make_unexpected(problem_as(422, faults, request));
  return wanted;
}

// With the place in the text, so that who writes it is led there.
OrderedJson render_faults(Refusals const& faults, std::string const& text) {
  auto list = OrderedJson::array();
  for (auto const& fault : faults) {
    bool const unread = fault.code == Code::malformed_json;
    bool const elsewhere = !fault.pointer.empty() && fault.pointer.front() != '/';
    auto const place = unread ? end_of_json(text) : place_of(text, fault.pointer);
    auto shown = render(fault);
    shown["line"] = elsewhere ? OrderedJson(nullptr) : OrderedJson(place.line);
    shown["column"] = elsewhere ? OrderedJson(nullptr) : OrderedJson(place.column);
    list.push_back(std::move(shown));
  }
  return list;
}

OrderedJson render_scenarios(std::vector<ScenarioText> const& scenarios) {
  auto list = OrderedJson::array();
  for (auto const& scenario : scenarios) list.push_back({{"name", scenario.name}, {"text", scenario.text}});
  return list;
}

OrderedJson render_verdict(DefinitionVerdict const& verdict, DefinitionDraft const& draft, Context& context,
                           Request const& request) {
  auto const& definition = verdict.definition;
  OrderedJson body;
  body["workflow"] = definition ? OrderedJson(definition->id) : OrderedJson(nullptr);
  body["version"] = definition ? OrderedJson(definition->version) : OrderedJson(nullptr);
  body["hash"] = definition ? OrderedJson(definition->hash) : OrderedJson(nullptr);
  body["sound"] = verdict.faults.empty();
  body["passed"] = verdict.passed();
  body["faults"] = render_faults(verdict.faults, draft.text);
  body["scenarios"] = OrderedJson::array();
  for (auto const& played : verdict.scenarios) {
    std::string text;
    for (auto const& given : verdict.played_texts) {
      if (given.name == played.name) text = given.text;
    }
    body["scenarios"].push_back({{"name", played.name},
                                 {"title", render(played.title)},
                                 {"steps", played.steps},
                                 {"passed", played.faults.empty()},
                                 {"faults", render_faults(played.faults, text)}});
  }
  body["readers_added"] = OrderedJson::array();
  for (auto const& reader : verdict.readers_added) body["readers_added"].push_back(render(reader));
  auto const* const current = definition ? context.library().current(definition->id) : nullptr;
  body["version_in_force"] = current == nullptr ? OrderedJson(nullptr) : OrderedJson(current->version);
  body["diagram"] = nullptr;
  if (definition) {
    DiagramOptions options;
    options.language = http::language_of(request);
    body["diagram"] = diagram_svg(*definition, options);
  }
  return body;
}

OrderedJson render_version(KnownVersion const& known, bool counted) {
  OrderedJson line;
  line["version"] = known.definition->version;
  line["hash"] = known.definition->hash;
  line["title"] = render(known.definition->title);
  line["in_force"] = known.in_force;
  line["saved_by"] = known.saved_here ? OrderedJson(known.saved_by) : OrderedJson(nullptr);
  line["saved_at"] = known.saved_at ? OrderedJson(format_utc(*known.saved_at)) : OrderedJson(nullptr);
  line["open_cases"] = counted ? OrderedJson(known.open_cases) : OrderedJson(nullptr);
  return line;
}

}  // namespace

// A district has tens of workflows: always one page. How many cases are open is told where it may be, and no more of
// them.
Response list_definitions(Request& request, Context& context) {
  auto const visibility = context.cases.visibility(caller_of(request).actor);
  auto items = OrderedJson::array();
  for (auto const* const definition : context.library().current_definitions()) {
    OrderedJson item;
    item["id"] = definition->id;
    item["title"] = render(definition->title);
    item["version"] = definition->version;
    item["versions"] = OrderedJson::array();
    bool const counted = may_be_counted(*definition, visibility);
    for (auto const& known : context.definitions.versions(definition->id))
      item["versions"].push_back(render_version(known, counted));
    items.push_back(std::move(item));
  }
  return page_answer(std::move(items), {}, request);
}

Response get_definition_text(Request& request, Context& context) {
  auto const& id = request.path_parameter("id");
  auto const& version = request.path_parameter("version");
  auto const written = context.definitions.written(id, version);
  if (!written) return http::problem(refusal(Code::not_found, {}), request);
  return json_answer(200, {{"workflow", id},
                           {"version", version},
                           {"text", written->text},
                           {"scenarios", render_scenarios(written->scenarios)}});
}

Response check_definition(Request& request, Context& context) {
  auto const wanted = read_draft(request);
  if (!wanted) return wanted.error();
  auto const verdict = context.definitions.check(wanted->draft, wanted->play);
  return json_answer(200, render_verdict(verdict, wanted->draft, context, request));
}

Response save_definition(Request& request, Context& context) {
  auto const wanted = read_draft(request);
  if (!wanted) return wanted.error();
  auto const verdict = context.definitions.check(wanted->draft, false);
  if (!verdict.faults.empty()) return problem_as(422, verdict.faults, request);
  auto const& definition = *verdict.definition;
  if (auto unrecorded =
          put_on_record(request, context, "definition_saved",
                        {{"workflow", definition.id}, {"version", definition.version}, {"hash", definition.hash}}))
    return std::move(*unrecorded);
  bool const known = context.library().find(definition.id, definition.version) != nullptr;
  auto const saved = context.definitions.save(wanted->draft, caller_of(request).actor);
  if (!saved) return http::problem(saved.error(), request);
  for (auto const& version : context.definitions.versions(definition.id)) {
    if (version.definition != *saved) continue;
    bool const counted = may_be_counted(definition, context.cases.visibility(caller_of(request).actor));
    auto response = json_answer(known ? 200 : 201, render_version(version, counted));
    response.headers.add("Location", "/api/v1/definitions/" + percent_encoded(definition.id) + "/versions/" +
                                         percent_encoded(definition.version));
    return response;
  }
  return http::problem(refusal(Code::not_found, {}), request);
}

}  // namespace bihuan::routes
