// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "api/routes/answer.hpp"
#include "api/routes/case_query.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "api/routes/render.hpp"

namespace bihuan::routes {
namespace {

std::map<std::string, SummaryBy, std::less<>> const& groupings() {
  static std::map<std::string, SummaryBy, std::less<>> const all{{"unit", SummaryBy::unit},
                                                                 {"state", SummaryBy::state},
                                                                 {"workflow", SummaryBy::workflow},
                                                                 {"category", SummaryBy::category}};
  return all;
}

// The first title that one of these definitions gives the key; workflows share the words of a district.
template <class Find>
OrderedJson first_title(std::vector<Definition const*> const& definitions, Find find) {
  for (auto const* const definition : definitions) {
    if (Text const* const title = find(*definition); title != nullptr) return render(*title);
  }
  return nullptr;
}

OrderedJson title_of(SummaryBy by, std::string const& key, std::vector<Definition const*> const& definitions,
                     Organisation const& organisation) {
  switch (by) {
    case SummaryBy::unit: {
      auto const* const unit = organisation.find(key);
      return unit == nullptr ? OrderedJson(nullptr) : render(unit->title);
    }
    case SummaryBy::workflow:
      return first_title(definitions, [&](Definition const& definition) {
        return definition.id == key ? &definition.title : nullptr;
      });
    case SummaryBy::state:
      return first_title(definitions, [&](Definition const& definition) {
        auto const* const state = definition.find_state(key);
        return state == nullptr ? nullptr : &state->title;
      });
    case SummaryBy::category:
      return first_title(definitions, [&](Definition const& definition) -> Text const* {
        auto const* const field = definition.find_field("category");
        if (field == nullptr) return nullptr;
        auto const choice = std::ranges::find(field->choices, key, &Choice::id);
        return choice == field->choices.end() ? nullptr : &choice->title;
      });
  }
  return nullptr;
}

OrderedJson render_counts(SummaryRow const& row) {
  OrderedJson shown;
  auto const all = row.open + row.closed;
  shown["open"] = row.open;
  shown["closed"] = row.closed;
  shown["closing_rate"] =
      all == 0 ? OrderedJson(nullptr) : OrderedJson(static_cast<double>(row.closed) / static_cast<double>(all));
  shown["red"] = row.red;
  shown["yellow"] = row.yellow;
  shown["green"] = row.green;
  shown["grey"] = row.grey;
  return shown;
}

SummaryRow sum(std::vector<SummaryRow> const& rows) {
  SummaryRow total;
  for (auto const& row : rows) {
    total.open += row.open;
    total.closed += row.closed;
    total.red += row.red;
    total.yellow += row.yellow;
    total.green += row.green;
    total.grey += row.grey;
  }
  return total;
}

std::vector<std::string> names_of(std::vector<Definition const*> const& definitions) {
  std::vector<std::string> names;
  for (auto const* const definition : definitions) names.push_back(definition->id);
  return names;
}

}  // namespace

Response get_summary(Request& request, Context& context) {
  auto const& actor = caller_of(request).actor;
  auto const& library = context.library();
  auto const name = request.query_parameter("by").value_or("unit");
  auto const grouping = groupings().find(name);
  if (grouping == groupings().end()) {
    return parameter_problem(not_among("by", name, {"unit", "state", "workflow", "category"}), request);
  }
  std::optional<std::string> workflow;
  if (auto const given = request.query_parameter("workflow")) workflow = *given;
  auto definitions = library.current_definitions();
  if (workflow) {
    if (library.current(*workflow) == nullptr) {
      return parameter_problem(not_among("workflow", *workflow, names_of(definitions)), request);
    }
    definitions = {library.current(*workflow)};
  }
  auto const now = context.cases.now();
  auto const rows = context.cases.summary(grouping->second, workflow, actor);
  // A case stands in the row of each of its units, but has one workflow: only these rows add up.
  auto const total =
      sum(grouping->second == SummaryBy::workflow ? rows : context.cases.summary(SummaryBy::workflow, workflow, actor));
  OrderedJson body;
  body["by"] = name;
  body["workflow"] = workflow ? OrderedJson(*workflow) : OrderedJson(nullptr);
  body["at"] = Zone().format(now);
  body["total"] = render_counts(total);
  body["rows"] = OrderedJson::array();
  for (auto const& row : rows) {
    OrderedJson shown{{"key", row.key},
                      {"title", title_of(grouping->second, row.key, definitions, library.organisation())}};
    shown.update(render_counts(row));
    body["rows"].push_back(std::move(shown));
  }
  auto seen = look_at_list(AuditKind::report_viewed, request, rows.size());
  if (auto full = record(request, context, std::move(seen))) return std::move(*full);
  return json_answer(200, body);
}

}  // namespace bihuan::routes
