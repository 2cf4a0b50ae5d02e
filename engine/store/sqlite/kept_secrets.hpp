// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

#include "engine/core/result.hpp"
#include "engine/store/data_key.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"

namespace bihuan::sqlite {

// The key by which this database's secrets are kept and its log is sealed, as the options ask for it: one is made when
// there is none and nothing is encrypted or sealed yet. Whatever still lies there in the clear, from before secrets
// were encrypted, is encrypted now and wiped from the file. Refused with key_missing or key_wrong, and nothing is
// touched then; with SqliteOptions::Key::spared never, and without a key no secret can be read or kept.
[[nodiscard]] Result<std::optional<DataKey>> key_of(std::filesystem::path const& directory, Connection& connection,
                                                    SqliteOptions const& options);

// What the secret of somebody's second factor is bound to.
[[nodiscard]] std::string second_factor_of(std::string const& person);
// The same of a secret that signs a webhook's messages.
[[nodiscard]] std::string webhook_secret_of(std::string const& id);

}  // namespace bihuan::sqlite
