// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/core/case.hpp"
#include "engine/core/decide.hpp"
#include "engine/service/library.hpp"

namespace bihuan::routes {

// The shape in which the API gives a case, written as text: it is the answer that is asked for most, alone and fifty to
// a page, and a tree of values that is written out and thrown away was a third of its price.

// The whole case, as far as the caller may read it, with the actions that are offered to them. Lights are as of `now`.
[[nodiscard]] std::string case_with_actions(Case const& subject, std::vector<OfferedAction> const& offered,
                                            Library const& library, Instant now);

// Those of a page, as one JSON array: long texts cut.
[[nodiscard]] std::string listed_cases(std::vector<Case> const& cases, Library const& library, Instant now);

// The zone in which a case's times are shown.
[[nodiscard]] Zone const& zone_of(Case const& subject, Library const& library);

// Characters of a text field that a list gives.
inline constexpr std::size_t list_text_limit = 120;

}  // namespace bihuan::routes
