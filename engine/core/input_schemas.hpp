// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "engine/core/definition.hpp"
#include "engine/core/organisation.hpp"

namespace bihuan {

// A JSON Schema as text.
using SchemaText = std::shared_ptr<std::string const>;

// The schemas of what a definition's transitions and general actions take, made once: they rest on the definition and
// the units alone. Those of what depends on the case (assign, clocks, answers) are not among them. Immutable; safe to
// share.
class InputSchemas {
 public:
  InputSchemas(Definition const& definition, Organisation const& organisation);

  [[nodiscard]] SchemaText of_transition(std::string const& id) const { return transitions_.at(id); }
  // Of comment, attach, correct or link, where the definition has it.
  [[nodiscard]] SchemaText of_general(std::string const& name) const { return general_.at(name); }

 private:
  std::map<std::string, SchemaText> transitions_;
  std::map<std::string, SchemaText> general_;
};

// {"type":"object",…} with these properties and no others.
[[nodiscard]] Json object_schema(Json properties, std::vector<std::string> const& required);
// Of a text that the program asks for by itself; with values: one of them.
[[nodiscard]] Json text_schema(std::string const& name, std::vector<std::string> const& values = {});
[[nodiscard]] SchemaText schema_text(Json const& schema);

}  // namespace bihuan
