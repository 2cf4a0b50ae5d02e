// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/core/case.hpp"
#include "engine/core/definition.hpp"
#include "engine/core/organisation.hpp"

namespace bihuan {

// Every way in which `value` is not a value of `field`, named by pointer.
[[nodiscard]] Refusals check_value(Field const& field, Json const& value, Organisation const& organisation,
                                   std::string const& pointer);

// A party as people write it: a unit id, {"unit","person"}, or a list of these.
[[nodiscard]] Result<std::vector<Holder>> parse_holders(PartyKind const& party, Json const& value,
                                                        std::string const& pointer);

// The JSON Schema (2020-12) of one field, of one party, of an action's whole input: what a form is drawn from
// and what check_value accepts.
[[nodiscard]] Json schema_of(Field const& field, Organisation const& organisation);
[[nodiscard]] Json schema_of(PartyKind const& party, Organisation const& organisation);
[[nodiscard]] Json input_schema(Definition const& definition, Input const& input, Organisation const& organisation);

}  // namespace bihuan
