// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/store/data_key.hpp"
#include "engine/store/postgres/postgres_store.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

// The store of this data directory, or the PostgreSQL that `address` names (postgresql://…), which needs of the
// directory the key alone; `replica` is a standby of it, or empty. Makes what is not there yet. Refused and throwing as
// the stores themselves; refused with bad_format for an address of no known kind.
[[nodiscard]] Result<std::unique_ptr<Store>> open_store(std::filesystem::path const& directory,
                                                        std::string const& address, KeyUse key = KeyUse::needed,
                                                        std::string const& replica = {});

// How a PostgreSQL is opened for this data directory.
[[nodiscard]] PostgresOptions postgres_options(std::filesystem::path const& directory, KeyUse key,
                                               std::string const& replica);

// What faults of the store name: the directory, or the address without the password in it.
[[nodiscard]] std::string shown_store(std::filesystem::path const& directory, std::string const& address);

// An address as it may be shown.
[[nodiscard]] std::string without_password(std::string text);

}  // namespace bihuan
