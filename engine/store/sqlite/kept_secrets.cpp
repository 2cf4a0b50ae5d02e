// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sqlite/kept_secrets.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "engine/core/message.hpp"
#include "engine/store/sqlite/seals.hpp"

namespace bihuan::sqlite {
namespace {

constexpr Sql all_factors{"second factors", "SELECT person, secret, encrypted FROM second_factor"};
constexpr Sql put_encrypted{"second factor encrypt",
                            "UPDATE second_factor SET secret = ?2, encrypted = 1 WHERE person = ?1"};
constexpr Sql drop_factor{"second factor forget", "DELETE FROM second_factor WHERE person = ?"};

struct Kept {
  std::string person;
  std::string text;
  bool encrypted = false;
};

std::vector<Kept> all_kept(Connection& connection) {
  std::vector<Kept> all;
  for (auto row = connection.query(all_factors); row.step();)
    all.push_back({.person = row.text(0), .text = row.text(1), .encrypted = row.integer(2) != 0});
  return all;
}

std::optional<std::string> open(Kept const& kept, std::optional<DataKey> const& key) {
  if (!kept.encrypted) return kept.text;
  if (!key) return std::nullopt;
  return key->decrypt(kept.text, second_factor_of(kept.person));
}

// All or none. SQLite leaves what it overwrites in the file unless it is told to wipe it.
void rewrite(Connection& connection, std::vector<Kept> const& all, std::optional<DataKey> const& old,
             DataKey const& key) {
  connection.execute("wipe", "PRAGMA secure_delete = ON");
  Transaction transaction(connection);
  for (auto const& kept : all) {
    if (auto const secret = open(kept, old))
      connection.run(put_encrypted, kept.person, key.encrypt(*secret, second_factor_of(kept.person)));
    else
      connection.run(drop_factor, kept.person);
  }
  transaction.commit();
  connection.execute("wipe the log", "PRAGMA wal_checkpoint(TRUNCATE)");
  connection.execute("wipe no more", "PRAGMA secure_delete = OFF");
}

}  // namespace

Result<std::optional<DataKey>> key_of(std::filesystem::path const& directory, Connection& connection,
                                      SqliteOptions const& options) {
  auto const file = directory / data_key_file;
  auto const refuse = [&](Code code) { return refused(refusal(code, {}, {{"path", directory.string()}})); };
  auto const all = all_kept(connection);
  auto const signs = sealing_key_of(connection);
  auto const opens_all = [&](std::optional<DataKey> const& key) {
    bool const sealed = signs.empty() || (key && key->public_key() == signs);
    return sealed && std::ranges::all_of(all, [&](Kept const& kept) { return open(kept, key).has_value(); });
  };
  auto key = DataKey::read(file);
  bool fits = opens_all(key);
  if (options.key == SqliteOptions::Key::spared) return fits ? key : std::nullopt;
  // The new key lies beside the old one until everything is encrypted by it.
  auto const renewed = directory / "secret.key.new";
  if (auto const made = DataKey::read(renewed); made && !fits && opens_all(made)) {
    DataKey::move(renewed, file, options.durable);
    key = made;
    fits = true;
  }
  if (options.key == SqliteOptions::Key::renewed) {
    auto made = DataKey::make(renewed, options.durable);
    rewrite(connection, all, key, made);
    DataKey::move(renewed, file, options.durable);
    return made;
  }
  if (!key && std::filesystem::exists(file)) return refuse(Code::key_wrong);
  if (!fits) return refuse(key ? Code::key_wrong : Code::key_missing);
  if (!key) key = DataKey::make(file, options.durable);
  bool const any_plain = std::ranges::any_of(all, [](Kept const& kept) { return !kept.encrypted; });
  if (any_plain) rewrite(connection, all, key, *key);
  return key;
}

std::string second_factor_of(std::string const& person) {
  return "second factor of " + person;
}

}  // namespace bihuan::sqlite
