// SPDX-License-Identifier: Apache-2.0
#include "engine/core/input_schemas.hpp"

#include <utility>

#include "engine/core/checks.hpp"
#include "engine/core/fields.hpp"
#include "engine/core/message.hpp"

namespace bihuan {
namespace {

Json general_schema(Definition const& definition, Action const& action, Organisation const& organisation) {
  if (action.id == "link") return object_schema({{"case", text_schema("case")}}, {"case"});
  if (action.id != "correct") return object_schema(Json::object(), {});
  return object_schema({{"fields", input_schema(definition, correctable(definition, action), organisation)}},
                       {"fields"});
}

}  // namespace

Json object_schema(Json properties, std::vector<std::string> const& required) {
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", required},
          {"additionalProperties", false}};
}

Json text_schema(std::string const& name, std::vector<std::string> const& values) {
  auto const title = message("field." + name);
  Json schema{{"type", "string"}, {"title", title.zh}, {"x-title", {{"zh", title.zh}, {"en", title.en}}}};
  if (!values.empty()) schema["enum"] = values;
  return schema;
}

SchemaText schema_text(Json const& schema) {
  return std::make_shared<std::string const>(canonical(schema));
}

InputSchemas::InputSchemas(Definition const& definition, Organisation const& organisation) {
  for (auto const& transition : definition.transitions)
    transitions_[transition.id] = schema_text(input_schema(definition, transition.input, organisation));
  for (auto const* const name : {"comment", "attach", "correct", "link"}) {
    if (auto const action = general_action(definition, name))
      general_[name] = schema_text(general_schema(definition, *action, organisation));
  }
}

}  // namespace bihuan
