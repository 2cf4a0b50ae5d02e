// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/definition.hpp"
#include "engine/core/reader.hpp"

// The parts of parse_definition; private to engine/core.
namespace bihuan::parsing {

// Lower-case words joined by - or _; at most 64 characters.
void check_identifier(std::string const& id, std::string const& pointer, Refusals& faults);

[[nodiscard]] Json rule_from(OrderedJson const& value);
[[nodiscard]] std::optional<Json> optional_rule(Reader& reader, std::string_view name);

[[nodiscard]] std::vector<Grant> parse_grants(Reader& reader, std::string_view name);
[[nodiscard]] std::vector<Effect> parse_effects(Reader& reader, std::string_view name);
// The keys that every action has; the caller reads its own besides and then calls finish().
void parse_action(Reader& reader, Action& action, bool title_required);
[[nodiscard]] Transition parse_transition(std::string const& id, Reader& reader);
[[nodiscard]] DeadlineRule parse_deadline(std::string const& id, Reader& reader);
[[nodiscard]] Recurrence parse_recurrence(std::string const& id, Reader& reader);
[[nodiscard]] Mark parse_mark(Reader& reader);

}  // namespace bihuan::parsing
