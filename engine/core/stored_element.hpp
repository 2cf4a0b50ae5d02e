// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include <string_view>

#include "engine/core/json.hpp"

namespace bihuan {

// The text's root, until this thread reads its next text; throws simdjson::simdjson_error where it is no JSON.
[[nodiscard]] simdjson::dom::element stored_element(std::string_view text);
[[nodiscard]] Json json_of(simdjson::dom::element element);

}  // namespace bihuan
