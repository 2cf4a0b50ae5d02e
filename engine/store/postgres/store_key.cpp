// SPDX-License-Identifier: Apache-2.0
#include "engine/store/postgres/store_key.hpp"

#include "engine/core/message.hpp"
#include "engine/store/sql/kept_secrets.hpp"

namespace bihuan::postgres {
namespace {

constexpr Sql find_key{"store key", "SELECT public_key FROM store_key"};
constexpr Sql put_key{"store key put",
                      "INSERT INTO store_key (id, public_key) VALUES (1, ?)"
                      " ON CONFLICT (id) DO UPDATE SET public_key = excluded.public_key"};

std::string registered_key(Connection& connection) {
  auto row = connection.query(find_key);
  return row.step() ? row.text(0) : std::string();
}

}  // namespace

std::optional<Refusal> key_fault(Connection& connection, std::filesystem::path const& file) {
  auto const known = registered_key(connection);
  auto const held = DataKey::read(file);
  if (known.empty() || (held && held->public_key() == known)) return std::nullopt;
  bool const wrong = held || std::filesystem::exists(file);
  return refusal(wrong ? Code::key_wrong : Code::key_missing, {}, {{"path", file.parent_path().string()}});
}

Result<std::optional<DataKey>> key_for(Connection& connection, PostgresOptions const& options) {
  if (options.key == KeyUse::needed) {
    if (auto fault = key_fault(connection, options.key_file)) return refused(std::move(*fault));
  }
  auto key = sql::key_of({.file = options.key_file, .use = options.key, .durable = options.durable}, connection);
  if (!key) return refused(key.error());
  if (options.key != KeyUse::spared && *key && (*key)->public_key() != registered_key(connection)) {
    Transaction transaction(connection);
    connection.run(put_key, (*key)->public_key());
    transaction.commit();
  }
  return key;
}

}  // namespace bihuan::postgres
