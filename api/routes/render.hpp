// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/core/definition.hpp"
#include "engine/core/event.hpp"
#include "engine/core/json.hpp"
#include "engine/core/json_text.hpp"
#include "engine/core/organisation.hpp"
#include "engine/core/result.hpp"
#include "engine/store/store.hpp"

namespace bihuan::routes {

// The shapes in which the API gives the engine's values: the schemas of openapi.json; that of a case is in
// case_shape.hpp. Members stand in the order in which a person reads them. Times carry the offset of the zone of the
// definition's calendar.

[[nodiscard]] OrderedJson render(Text const& text);
[[nodiscard]] OrderedJson render(Refusal const& refusal);
// The same as text, for answers that are written without a tree of values.
void write_text(JsonText& out, Text const& text);
void write_source(JsonText& out, Source const& source);
void write_refusal(JsonText& out, Refusal const& refusal);
[[nodiscard]] OrderedJson render(OrganisationUnit const& unit);
[[nodiscard]] OrderedJson render(Event const& event, Zone const& zone);
// Never the password's hash.
[[nodiscard]] OrderedJson render(Person const& person, Organisation const& organisation);

}  // namespace bihuan::routes
