// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

#include "engine/core/result.hpp"
#include "engine/store/data_key.hpp"
#include "engine/store/sql/connection.hpp"

namespace bihuan::sql {

// Where the key is kept, and what it is asked for.
struct KeyWanted {
  std::filesystem::path file;
  KeyUse use = KeyUse::needed;
  bool durable = true;
};

// The key by which this database's secrets are kept and its log is sealed: one is made when there is none and nothing
// is encrypted or sealed yet. Whatever still lies there in the clear, from before secrets were encrypted, is encrypted
// now and wiped. Refused with key_missing or key_wrong, and nothing is touched then; with KeyUse::spared never, and
// without a key no secret can be read or kept.
[[nodiscard]] Result<std::optional<DataKey>> key_of(KeyWanted const& wanted, Connection& connection);

// What the secret of somebody's second factor is bound to.
[[nodiscard]] std::string second_factor_of(std::string const& person);
// The same of a secret that signs a webhook's messages.
[[nodiscard]] std::string webhook_secret_of(std::string const& id);

}  // namespace bihuan::sql
