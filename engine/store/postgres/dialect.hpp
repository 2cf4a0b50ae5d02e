// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace bihuan::postgres {

// A statement of engine/store/sql as PostgreSQL reads it: `?` and `?1` become `$1`, and SQLite's hints go (INDEXED BY,
// and CROSS JOIN where it only fixes the order of tables).
[[nodiscard]] std::string translated(std::string_view text);

// The script of a schema change: its texts are compared byte by byte, as SQLite compares them, whatever the database's
// collation is.
[[nodiscard]] std::string by_bytes(std::string_view script);

}  // namespace bihuan::postgres
