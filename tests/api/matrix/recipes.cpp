// SPDX-License-Identifier: Apache-2.0
#include "tests/api/matrix/recipes.hpp"

#include <optional>

namespace bihuan::test {
namespace {

// What a general action is given, the same in every state.
Recipe general_recipe(Definition const& definition, Situation const& situation, std::string const& action) {
  Recipe recipe{.action = action};
  if (action == "attach") recipe.documents = {{definition.documents.front().id, 1}};
  if (action == "assign") {
    // Whoever is named first among the parts is named again.
    for (auto const& party : definition.parties) {
      auto const held = situation.subject.parties.find(party.id);
      if (held == situation.subject.parties.end() || held->second.empty()) continue;
      recipe.input = {{"party", party.id}, {"unit", held->second.front().unit}, {"person", "person-x"}};
      break;
    }
  }
  if (action == "correct") recipe.input = {{"fields", {{definition.title_field, "更正后的名称"}}}};
  if (action == "link") recipe.input = {{"case", other_case}};
  return recipe;
}

Json made_up_value(Field const& field) {
  switch (field.type) {
    case FieldType::yes_no: return true;
    case FieldType::choice: return field.choices.front().id;
    case FieldType::date: return "2026-03-02";
    case FieldType::instant: return "2026-03-02T09:00:00+08:00";
    case FieldType::number:
    case FieldType::money: return 1;
    case FieldType::case_ref: return other_case;
    default: return "某某情况";
  }
}

// Of what no story does: the input by the types of its fields, and every document it may bring.
std::optional<Recipe> made_up(Definition const& definition, std::string const& action) {
  auto const* const transition = definition.find_transition(action);
  if (!transition) return std::nullopt;
  Recipe recipe{.action = action};
  for (auto const& name : transition->input.required) {
    auto const* const field = definition.find_field(name);
    if (!field) return std::nullopt;
    auto const value = made_up_value(*field);
    recipe.input[name] = field->list ? Json::array({value, value}) : value;
  }
  for (auto const& kind : transition->requires_documents) recipe.documents[kind] = 1;
  for (auto const& kind : transition->optional_documents) recipe.documents[kind] = 1;
  return recipe;
}

// Of a deadline that runs in this situation: a day more.
std::optional<Recipe> made_up_for_deadline(Definition const& definition, Calendar const& calendar,
                                           Situation const& situation, RightsRow const& row) {
  auto const* const deadline = situation.subject.deadline(row.deadline);
  if (!deadline) return std::nullopt;
  auto const* const rule = definition.find_deadline(row.deadline);
  Recipe recipe{.action = row.action, .input = {{"deadline", row.deadline}}};
  if (row.action == "extend") {
    auto const due = std::chrono::sys_days(calendar.zone().date_of(deadline->due));
    recipe.input["until"] = format_date(Date(due + std::chrono::days(1)));
  }
  auto const& action = row.action == "extend" ? rule->extension->action : *rule->by_hand;
  for (auto const& kind : action.requires_documents) recipe.documents[kind] = 1;
  return recipe;
}

// What a story names by id is another case here.
Recipe of_story(Definition const& definition, Recipe recipe) {
  for (auto const& [name, value] : recipe.input.items()) {
    auto const* const field = definition.find_field(name);
    if (field && field->type == FieldType::case_ref) value = other_case;
  }
  if (recipe.action == "link") recipe.input["case"] = other_case;
  return recipe;
}

}  // namespace

std::vector<Candidate> candidates(Definition const& definition, Calendar const& calendar,
                                  std::vector<Situation> const& situations, std::string const& state,
                                  RightsRow const& row) {
  std::vector<Candidate> found;
  auto const here = [&](Situation const& situation) { return state.empty() || situation.subject.state == state; };
  auto const does = [&](Situation const& situation) {
    return situation.next.action == row.action &&
           (row.deadline.empty() || situation.next.input.value("deadline", "") == row.deadline);
  };
  bool const transition = definition.find_transition(row.action) != nullptr;
  for (auto const& situation : situations) {
    if (!here(situation)) continue;
    if (!transition && row.deadline.empty())
      found.push_back({&situation, general_recipe(definition, situation, row.action)});
    else if (does(situation))
      found.push_back({&situation, of_story(definition, situation.next)});
  }
  if (!transition && row.deadline.empty()) return found;
  // Where no story takes this step here: as another one took it elsewhere, or as the definition describes it.
  for (auto const& situation : situations) {
    if (!here(situation)) continue;
    auto recipe =
        transition ? made_up(definition, row.action) : made_up_for_deadline(definition, calendar, situation, row);
    if (recipe) found.push_back({&situation, std::move(*recipe)});
    if (!transition) continue;
    for (auto const& other : situations) {
      if (does(other)) found.push_back({&situation, of_story(definition, other.next)});
    }
  }
  return found;
}

Recipe any_recipe(Definition const& definition, std::vector<Situation> const& situations, std::string const& action) {
  for (auto const& situation : situations) {
    if (situation.next.action == action) return of_story(definition, situation.next);
  }
  return {.action = action};
}

Json opening_of(Definition const& definition) {
  auto request = Json(definition.example);
  request["workflow"] = definition.id;
  return request;
}

std::string type_of(Definition const& definition, std::string const& kind) {
  auto const* const known = definition.find_document(kind);
  if (!known || known->accept.empty()) return "application/pdf";
  auto const& accepted = known->accept.front();
  auto const star = accepted.find('*');
  if (star == std::string::npos) return accepted;
  return accepted.substr(0, star) + (accepted.rfind("image", 0) == 0 ? "jpeg" : "plain");
}

}  // namespace bihuan::test
