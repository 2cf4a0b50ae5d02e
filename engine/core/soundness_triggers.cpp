// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <set>

#include "engine/core/guard.hpp"
#include "engine/core/message.hpp"
#include "engine/core/soundness.hpp"

namespace bihuan::soundness {
namespace {

// The strings and numbers that stand in a rule: the values that its comparisons can tell apart.
void literals(Json const& rule, std::set<Json>& found) {
  if (rule.is_string() || rule.is_number()) found.insert(rule);
  if (!rule.is_structured()) return;
  for (auto const& part : rule) literals(part, found);
}

std::vector<Json> domain_of(Definition const& definition, std::string const& path, std::set<Json> const& literals) {
  static std::string const fields = "case.fields.";
  if (path == "link.final") return {true, false};
  if (path.rfind(fields, 0) == 0) {
    auto const* const field = definition.find_field(path.substr(fields.size()));
    if (field && field->type == FieldType::yes_no) return {true, false, Json()};
    if (field && field->type == FieldType::choice) {
      std::vector<Json> values{Json()};
      for (auto const& choice : field->choices) values.push_back(choice.id);
      return values;
    }
  }
  std::vector<Json> values(literals.begin(), literals.end());
  values.push_back("something else");
  values.push_back(Json());
  return values;
}

void put(Json& data, std::string const& path, Json const& value) {
  std::string pointer = "/" + path;
  std::replace(pointer.begin(), pointer.end(), '.', '/');
  data[Json::json_pointer(pointer)] = value;
}

// Is there any data, over the finite domains of what the two rules read, under which both hold? Past 20,000
// combinations we say yes: a definition that cannot be checked is not taken.
bool can_both_hold(Definition const& definition, Json const& first, Json const& second) {
  std::set<Json> values;
  literals(first, values);
  literals(second, values);
  std::set<std::string> paths;
  for (auto const* const rule : {&first, &second}) {
    auto const reads = reads_of(*rule);
    if (!reads) return false;  // named elsewhere
    paths.insert(reads->paths.begin(), reads->paths.end());
  }
  paths.erase("");
  std::vector<std::pair<std::string, std::vector<Json>>> domains;
  std::size_t combinations = 1;
  for (auto const& path : paths) {
    domains.emplace_back(path, domain_of(definition, path, values));
    combinations *= domains.back().second.size();
    if (combinations > 20'000) return true;
  }
  Json data = Json::object();
  std::function<bool(std::size_t)> const search = [&](std::size_t depth) {
    if (depth == domains.size()) {
      auto const a = evaluate(first, data);
      auto const b = evaluate(second, data);
      return a && b && truthy(*a) && truthy(*b);
    }
    return std::any_of(domains[depth].second.begin(), domains[depth].second.end(), [&](Json const& value) {
      put(data, domains[depth].first, value);
      return search(depth + 1);
    });
  };
  return search(0);
}

bool share_a_state(Transition const& a, Transition const& b) {
  return std::any_of(a.from.begin(), a.from.end(),
                     [&](auto const& from) { return std::find(b.from.begin(), b.from.end(), from) != b.from.end(); });
}

}  // namespace

void check_triggers(Definition const& definition, Refusals& faults) {
  auto const& all = definition.transitions;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].trigger == Trigger::none) continue;
    auto const pointer = pointer_to("/transitions", all[i].id);
    if (all[i].trigger == Trigger::link) {
      for (auto const& from : all[i].from) {
        auto const* const state = definition.find_state(from);
        if (state && !state->awaits)
          faults.push_back(refusal(Code::missing, pointer_to("/states", from), {{"name", "awaits"}}));
      }
    }
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      if (all[j].trigger != all[i].trigger || all[j].deadline != all[i].deadline || !share_a_state(all[i], all[j]))
        continue;
      if (can_both_hold(definition, all[i].when.value_or(true), all[j].when.value_or(true)))
        faults.push_back(refusal(Code::competing_triggers, pointer, {{"first", all[i].id}, {"second", all[j].id}}));
    }
  }
}

}  // namespace bihuan::soundness
