// SPDX-License-Identifier: Apache-2.0
#include "api/routes/answer.hpp"
#include "api/routes/case_query.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/locked.hpp"
#include "api/routes/render.hpp"
#include "engine/core/message.hpp"

namespace bihuan::routes {
namespace {

// What the version of a case calls personal stays so, whatever a later one publishes.
OrderedJson render_published(Case const& subject, Definition const& current, Library const& library) {
  auto const& own = library.definition_of(subject);
  auto const& organisation = library.organisation();
  OrderedJson shown;
  shown["number"] = subject.number;
  shown["fields"] = OrderedJson::object();
  for (auto const& name : current.publication->fields) {
    auto const* const field = own.find_field(name);
    auto const value = subject.fields.find(name);
    if (!field || field->personal || !field->shown_to.empty() || value == subject.fields.end()) continue;
    shown["fields"][name] = OrderedJson(*value);
  }
  shown["parties"] = OrderedJson::object();
  for (auto const& name : current.publication->parties) {
    auto units = OrderedJson::array();
    if (auto const found = subject.parties.find(name); found != subject.parties.end()) {
      for (auto const& holder : found->second) {
        units.push_back({{"unit", holder.unit}, {"title", render(organisation.title_of(holder.unit))}});
      }
    }
    shown["parties"][name] = std::move(units);
  }
  return shown;
}

OrderedJson render_vocabulary(Definition const& definition) {
  OrderedJson shown;
  shown["fields"] = OrderedJson::array();
  for (auto const& name : definition.publication->fields) {
    auto const& field = *definition.find_field(name);
    auto choices = OrderedJson::array();
    for (auto const& choice : field.choices) choices.push_back({{"id", choice.id}, {"title", render(choice.title)}});
    shown["fields"].push_back({{"id", name}, {"title", render(field.title)}, {"choices", std::move(choices)}});
  }
  shown["parties"] = OrderedJson::array();
  for (auto const& name : definition.publication->parties) {
    shown["parties"].push_back({{"id", name}, {"title", render(definition.find_party(name)->title)}});
  }
  return shown;
}

}  // namespace

// For everybody, without signing in. A workflow that publishes nothing answers as one that there is not.
Response list_published(Request& request, Context& context) {
  if (auto const wait = context.public_calls->take(request.remote_address, context.cases.now())) {
    return locked_problem(*wait, request);
  }
  auto const limit = read_limit(request);
  if (!limit) return limit.error();
  auto const* const definition = context.library().current(request.path_parameter("workflow"));
  if (definition == nullptr || !definition->publication) return http::problem(refusal(Code::not_found, {}), request);
  CaseQuery query{.workflow = definition->id, .states = definition->publication->states, .limit = *limit};
  query.cursor = request.query_parameter("cursor").value_or("");
  auto const page = context.cases.list_public(query);
  if (!page) return problem_as(400, page.error(), request);
  OrderedJson body;
  body["workflow"] = definition->id;
  body["title"] = render(definition->title);
  body.update(render_vocabulary(*definition));
  body["items"] = OrderedJson::array();
  for (auto const& subject : page->items) {
    body["items"].push_back(render_published(subject, *definition, context.library()));
  }
  body["next_cursor"] = page->next_cursor.empty() ? OrderedJson(nullptr) : OrderedJson(page->next_cursor);
  return json_answer(200, body);
}

}  // namespace bihuan::routes
