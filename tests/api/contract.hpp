// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/core/json.hpp"

namespace bihuan::test {

// api/openapi.json as it lies in the repository.
[[nodiscard]] Json const& contract();

// What in `value` is not as the schema of this name has it, by JSON pointer. Knows the keywords that the
// contract uses; another keyword is a fault as well, so that none is taken for checked that is not.
[[nodiscard]] std::vector<std::string> departures(Json const& value, std::string const& schema_name);

}  // namespace bihuan::test
