// SPDX-License-Identifier: Apache-2.0
#include "tests/api/contract.hpp"

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <stdexcept>

namespace bihuan::test {
namespace {

using Faults = std::vector<std::string>;

void check(Json const& value, Json const& schema, std::string const& at, Faults& faults);

bool has_type(Json const& value, std::string const& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  return type == "null" && value.is_null();
}

void check_type(Json const& value, Json const& type, std::string const& at, Faults& faults) {
  auto const types = type.is_array() ? type.get<std::vector<std::string>>() : std::vector{type.get<std::string>()};
  bool const fits = std::ranges::any_of(types, [&](std::string const& name) { return has_type(value, name); });
  if (!fits) faults.push_back(at + " is not of type " + type.dump() + ": " + value.dump());
}

// `properties` and `additionalProperties` belong together.
void check_members(Json const& value, Json const& schema, std::string const& at, Faults& faults) {
  auto const properties = schema.value("properties", Json::object());
  auto const additional = schema.value("additionalProperties", Json(true));
  for (auto const& [name, member] : value.items()) {
    auto const where = pointer_to(at, name);
    if (properties.contains(name)) {
      check(member, properties.at(name), where, faults);
    } else if (additional.is_object()) {
      check(member, additional, where, faults);
    } else if (!additional.get<bool>()) {
      faults.push_back(where + " is not in the contract");
    }
  }
}

void check_one_of(Json const& value, Json const& choices, std::string const& at, Faults& faults) {
  auto const fitting = std::ranges::count_if(choices, [&](Json const& choice) {
    Faults inner;
    check(value, choice, at, inner);
    return inner.empty();
  });
  if (fitting != 1) faults.push_back(at + " fits " + std::to_string(fitting) + " of oneOf");
}

void check_keyword(Json const& value, std::string const& keyword, Json const& rule, std::string const& at,
                   Faults& faults) {
  if (keyword == "type") {
    check_type(value, rule, at, faults);
  } else if (keyword == "enum") {
    if (std::ranges::find(rule, value) == rule.end()) faults.push_back(at + " is none of " + rule.dump());
  } else if (keyword == "const") {
    if (value != rule) faults.push_back(at + " is not " + rule.dump());
  } else if (keyword == "pattern") {
    if (!std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>())))
      faults.push_back(at + " does not match " + rule.dump());
  } else if (keyword == "minimum") {
    if (value.is_number() && value < rule) faults.push_back(at + " is under " + rule.dump());
  } else if (keyword == "required") {
    for (auto const& name : rule) {
      if (!value.contains(name.get<std::string>())) faults.push_back(at + " lacks " + name.dump());
    }
  } else if (keyword == "items") {
    for (std::size_t index = 0; index < value.size(); ++index) check(value[index], rule, pointer_to(at, index), faults);
  } else if (keyword == "allOf") {
    for (auto const& part : rule) check(value, part, at, faults);
  } else if (keyword == "oneOf") {
    check_one_of(value, rule, at, faults);
  } else {
    static std::set<std::string> const silent{"description", "format", "properties", "additionalProperties", "$ref"};
    if (!silent.contains(keyword)) faults.push_back("keyword not checked: " + keyword);
  }
}

void check(Json const& value, Json const& schema, std::string const& at, Faults& faults) {
  if (schema.contains("$ref")) {
    auto const path = schema.at("$ref").get<std::string>().substr(1);
    check(value, contract().at(Json::json_pointer(path)), at, faults);
  }
  for (auto const& [keyword, rule] : schema.items()) check_keyword(value, keyword, rule, at, faults);
  if (value.is_object()) check_members(value, schema, at, faults);
}

}  // namespace

Json const& contract() {
  static Json const parsed = [] {
    std::ifstream file(std::string(BIHUAN_SOURCE_DIR) + "/api/openapi.json");
    if (!file) throw std::runtime_error("api/openapi.json cannot be read");
    return Json::parse(file);
  }();
  return parsed;
}

std::vector<std::string> departures(Json const& value, std::string const& schema_name) {
  Faults faults;
  check(value, contract().at("components").at("schemas").at(schema_name), {}, faults);
  return faults;
}

}  // namespace bihuan::test
