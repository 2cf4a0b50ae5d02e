// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "engine/core/result.hpp"
#include "engine/store/sqlite/connection.hpp"

namespace bihuan::sqlite {

// One step of a database's shape: forward only, applied once, in a transaction of its own. A released step is
// never edited; `PRAGMA user_version` counts the steps a file has.
struct SchemaChange {
  char const* name;
  char const* script;
};

[[nodiscard]] std::span<SchemaChange const> case_schema();
[[nodiscard]] std::span<SchemaChange const> attachment_schema();

// Refused with newer_store, before anything is touched, when the file has steps that this program does not
// know.
[[nodiscard]] Result<void> check_not_newer(Connection& connection, std::span<SchemaChange const> changes);
// Applies what is missing.
void bring_up_to_date(Connection& connection, std::span<SchemaChange const> changes);

}  // namespace bihuan::sqlite
