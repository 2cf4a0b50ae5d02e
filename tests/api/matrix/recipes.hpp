// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/core/definition.hpp"
#include "engine/core/rights.hpp"
#include "tests/api/matrix/situation.hpp"

namespace bihuan::test {

// Stands in an input for the id of another case.
inline constexpr char const* other_case = "{other}";

// A case and what could be done to it.
struct Candidate {
  Situation const* situation;
  Recipe recipe;
};

// Ways to take the action of `row` in `state` (empty: in any), those that stories take first, then what they do
// elsewhere, then made up from the definition.
[[nodiscard]] std::vector<Candidate> candidates(Definition const& definition, Calendar const& calendar,
                                                std::vector<Situation> const& situations, std::string const& state,
                                                RightsRow const& row);

// What the stories give that action, or nothing where none takes it.
[[nodiscard]] Recipe any_recipe(Definition const& definition, std::vector<Situation> const& situations,
                                std::string const& action);

// The definition's own example of a case, as a request to open one.
[[nodiscard]] Json opening_of(Definition const& definition);

// A media type that the kind of document takes.
[[nodiscard]] std::string type_of(Definition const& definition, std::string const& kind);

}  // namespace bihuan::test
