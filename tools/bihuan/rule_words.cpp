// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/rule_words.hpp"

#include <algorithm>
#include <map>

#include "engine/core/guard_text.hpp"
#include "engine/core/message.hpp"

namespace bihuan {
namespace {

Text same(std::string const& words) {
  return {words, words};
}

Text quoted(Text const& title) {
  return message("rule.quoted", {{"title", title}});
}

std::vector<std::string> parts_of(std::string const& path) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= path.size();) {
    auto const dot = std::min(path.find('.', start), path.size());
    parts.push_back(path.substr(start, dot - start));
    start = dot + 1;
  }
  return parts;
}

// The path of {"var": path} and {"var": [path, default]}; empty where the rule reads no single path.
std::string path_of(Json const& rule) {
  if (!rule.is_object() || rule.size() != 1 || !rule.contains("var")) return {};
  auto const& var = rule["var"];
  if (var.is_string()) return var.get<std::string>();
  return var.is_array() && !var.empty() && var[0].is_string() ? var[0].get<std::string>() : std::string();
}

class Words {
 public:
  explicit Words(Definition const& definition) : definition_(definition) {}

  [[nodiscard]] Text of(Json const& rule) const {
    if (!rule.is_object() || rule.size() != 1) return literal(rule, {});
    if (auto const path = path_of(rule); !path.empty()) return value(path);
    auto const only = rule.begin();
    auto const& name = only.key();
    auto const& given = only.value();
    auto const operands = given.is_array() ? given : Json::array({given});
    if ((name == "and" || name == "or") && !operands.empty()) return joined("rule." + name, operands);
    if ((name == "!" || name == "!!") && operands.size() == 1)
      return name == "!!" ? of(operands[0]) : message("rule.not", {{"what", of(operands[0])}});
    if (name == "in" && operands.size() == 2 && operands[1].is_array())
      return message("rule.among", {{"what", of(operands[0])}, {"list", list(operands[1], path_of(operands[0]))}});
    static std::map<std::string, std::string> const comparisons{
        {"==", "rule.equals"}, {"===", "rule.equals"},  {"!=", "rule.differs"}, {"!==", "rule.differs"},
        {">", "rule.above"},   {">=", "rule.at_least"}, {"<", "rule.below"},    {"<=", "rule.at_most"}};
    auto const comparison = comparisons.find(name);
    if (comparison == comparisons.end() || operands.size() != 2) return same(rule.dump());
    return message(comparison->second,
                   {{"what", of(operands[0])}, {"value", literal(operands[1], path_of(operands[0]))}});
  }

 private:
  // What a path names, by its title.
  [[nodiscard]] Text value(std::string const& path) const {
    auto const parts = parts_of(path);
    if (parts.size() >= 3 && parts[0] == "case" && parts[1] == "fields") {
      if (auto const* const field = definition_.find_field(parts[2])) return quoted(field->title);
    }
    if (parts.size() >= 3 && parts[0] == "case" && parts[1] == "parties") {
      if (auto const* const party = definition_.find_party(parts[2])) return quoted(party->title);
    }
    if (parts.size() == 2 && parts[0] == "case" && parts[1] == "state") return message("rule.state");
    if (parts.size() == 3 && parts[0] == "documents") {
      if (auto const* const kind = definition_.find_document(parts[1]))
        return message("rule.document_count", {{"title", kind->title}});
    }
    if (parts.size() == 3 && parts[0] == "deadlines" && (parts[2] == "running" || parts[2] == "overdue")) {
      if (auto const* const deadline = definition_.find_deadline(parts[1]))
        return message("rule.deadline_" + parts[2], {{"title", deadline->title}});
    }
    if (parts.size() == 3 && parts[0] == "deadlines" && (parts[2] == "due" || parts[2] == "over")) {
      if (auto const* const deadline = definition_.find_deadline(parts[1]))
        return message("rule.deadline_" + parts[2], {{"title", deadline->title}});
    }
    if (parts.size() == 4 && parts[0] == "case" && parts[1] == "last" && (parts[3] == "at" || parts[3] == "on")) {
      if (auto const* const transition = definition_.find_transition(parts[2]))
        return message("rule.last_" + parts[3], {{"title", transition->title}});
    }
    if (path == "now") return message("rule.now");
    if (path == "link.final") return message("rule.link_final");
    if (parts.size() == 3 && parts[0] == "links" && (parts[2] == "count" || parts[2] == "open"))
      return message("rule.links_" + parts[2], {{"link", parts[1]}});
    return same(path);
  }

  // A value as the field that it is compared with shows it.
  [[nodiscard]] Text literal(Json const& value, std::string const& compared_with) const {
    if (value.is_object()) return of(value);
    if (value.is_boolean()) return message(value.get<bool>() ? "rule.yes" : "rule.no");
    if (value.is_null()) return message("rule.nothing");
    if (!value.is_string()) return same(value.dump());
    auto const text = value.get<std::string>();
    auto const parts = parts_of(compared_with);
    if (compared_with == "case.state") {
      if (auto const* const state = definition_.find_state(text)) return quoted(state->title);
    }
    auto const* const field = parts.size() >= 3 && parts[1] == "fields" ? definition_.find_field(parts[2]) : nullptr;
    if (field) {
      for (auto const& choice : field->choices) {
        if (choice.id == text) return quoted(choice.title);
      }
    }
    return quoted(same(text));
  }

  [[nodiscard]] Text list(Json const& values, std::string const& compared_with) const {
    Text all;
    for (auto const& value : values) {
      auto const one = literal(value, compared_with);
      auto const comma = all.zh.empty() ? Text{} : message("list.separator");
      all.zh += comma.zh + one.zh;
      all.en += comma.en + one.en;
    }
    return all;
  }

  [[nodiscard]] Text joined(std::string const& key, Json const& operands) const {
    Text all;
    for (auto const& operand : operands) {
      auto one = of(operand);
      bool const nested = operand.is_object() && (operand.contains("and") || operand.contains("or"));
      if (nested) one = message("rule.nested", {{"what", one}});
      auto const joint = all.zh.empty() ? Text{} : message(key);
      all.zh += joint.zh + one.zh;
      all.en += joint.en + one.en;
    }
    return all;
  }

  Definition const& definition_;
};

}  // namespace

Text rule_in_words(Json const& rule, Definition const& definition) {
  return Words(definition).of(rule);
}

Text guard_in_words(Guard const& guard, Definition const& definition) {
  return with_placeholders(guard.otherwise, [&](std::string const& path) {
    return rule_in_words({{"var", path}}, definition);
  });
}

}  // namespace bihuan
