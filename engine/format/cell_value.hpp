// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "engine/core/definition.hpp"
#include "engine/core/json.hpp"
#include "engine/core/organisation.hpp"
#include "engine/core/result.hpp"
#include "engine/core/time.hpp"

namespace bihuan {

// What a cell that somebody filled in says of a field, in the ways in which people write it: a choice by its title in
// either language or its id, yes and no, a date with dashes, slashes or 年月日, a number with thousands separated, a
// unit by its title or id, a list joined by 、 or line breaks. Nothing when it is empty. The reason when it cannot be
// read; whether the value fits is the engine's to judge. `before` is what the field says now.
[[nodiscard]] Result<Json> cell_value(Field const& field, std::string const& text, Json const& before,
                                      Organisation const& organisation, Zone const& zone);

[[nodiscard]] std::optional<Date> written_date(std::string const& text);
// With a zone's offset, or the time on the wall.
[[nodiscard]] std::optional<Instant> written_instant(std::string const& text, Zone const& zone);

// Do two cells say the same, whatever a spreadsheet made of the way it is written?
[[nodiscard]] bool same_cell(FieldType type, std::string const& one, std::string const& other, Zone const& zone);

[[nodiscard]] std::string trimmed(std::string const& text);

}  // namespace bihuan
