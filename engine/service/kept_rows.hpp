// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "engine/store/store.hpp"

// What the store keeps beside the definitions themselves, in rows of the same table: no workflow's id has a slash.
// Private to engine/service.
namespace bihuan::kept {

// calendar/ID: by which calendar its deadlines were reckoned.
inline constexpr std::string_view calendar = "calendar/";
// saved/WORKFLOW, version: an administrator saved it here, and the stories it had passed.
inline constexpr std::string_view saved = "saved/";
// left/WORKFLOW, version: cases have moved from it, so their histories need it.
inline constexpr std::string_view left = "left/";

[[nodiscard]] inline bool is_definition(StoredDefinition const& row) {
  return row.id.find('/') == std::string::npos;
}

}  // namespace bihuan::kept
