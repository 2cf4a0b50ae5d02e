// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

#include "engine/store/data_key.hpp"
#include "engine/store/postgres/connection.hpp"
#include "engine/store/postgres/postgres_store.hpp"

namespace bihuan::postgres {

// key_missing or key_wrong, where the database has a key and the file does not hold it.
[[nodiscard]] std::optional<Refusal> key_fault(Connection& connection, std::filesystem::path const& file);

// The key as the options ask for it, made and registered where there is none. One node at a time, so that two that
// start at once on a new store do not make two keys.
[[nodiscard]] Result<std::optional<DataKey>> key_for(Connection& connection, PostgresOptions const& options);

}  // namespace bihuan::postgres
