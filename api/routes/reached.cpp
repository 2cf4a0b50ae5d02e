// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "api/routes/answer.hpp"
#include "api/routes/case_query.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "api/routes/render.hpp"
#include "engine/core/message.hpp"

namespace bihuan::routes {
namespace {

std::vector<std::string> ids_of(std::vector<State> const& states) {
  std::vector<std::string> ids;
  for (auto const& state : states) ids.push_back(state.id);
  return ids;
}

}  // namespace

// How far the cases of a workflow have come: how many have ever been in each of its states.
Response get_reached(Request& request, Context& context) {
  auto const& name = request.path_parameter("workflow");
  auto const* const definition = context.library().current(name);
  if (definition == nullptr) return http::problem(refusal(Code::unknown_workflow, {}, {{"name", name}}), request);
  auto const counts = context.cases.reached(definition->id, ids_of(definition->states), caller_of(request).actor);
  OrderedJson body;
  body["workflow"] = definition->id;
  body["at"] = Zone().format(context.cases.now());
  body["rows"] = OrderedJson::array();
  for (auto const& state : definition->states) {
    auto const found = std::ranges::find(counts, state.id, &Reached::state);
    body["rows"].push_back({{"key", state.id},
                            {"title", render(state.title)},
                            {"cases", found == counts.end() ? std::int64_t{0} : found->cases}});
  }
  auto seen = look_at_list(AuditKind::report_viewed, request, definition->states.size());
  seen.detail["workflow"] = definition->id;
  if (auto full = record(request, context, std::move(seen))) return std::move(*full);
  return json_answer(200, body);
}

}  // namespace bihuan::routes
