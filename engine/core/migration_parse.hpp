// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/definition.hpp"
#include "engine/core/reader.hpp"

namespace bihuan::parsing {

// The members of a mapping; the caller reads its own besides and then calls finish(). Private to engine/core.
[[nodiscard]] MigrationMap parse_migration_members(Reader& reader);

}  // namespace bihuan::parsing
