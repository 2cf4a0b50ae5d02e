// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/store/sql/connection.hpp"
#include "engine/store/store.hpp"

namespace bihuan::sql {

// Refused with key_reused when one of them was imported before.
[[nodiscard]] Result<void> write_imported(Connection& connection, std::vector<ImportedRow> const& rows);

}  // namespace bihuan::sql
