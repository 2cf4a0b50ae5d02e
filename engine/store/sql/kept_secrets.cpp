// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/kept_secrets.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "engine/core/message.hpp"
#include "engine/store/sql/seals.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql all_factors{"second factors", "SELECT person, secret, encrypted FROM second_factor"};
constexpr Sql put_encrypted{"second factor encrypt",
                            "UPDATE second_factor SET secret = ?2, encrypted = 1 WHERE person = ?1"};
constexpr Sql drop_factor{"second factor forget", "DELETE FROM second_factor WHERE person = ?"};

constexpr Sql all_webhook_secrets{"webhook secrets", "SELECT id, secret FROM webhook_secret"};
constexpr Sql put_webhook_secret{"webhook secret encrypt", "UPDATE webhook_secret SET secret = ?2 WHERE id = ?1"};
constexpr Sql drop_webhook_secret{"webhook secret forget", "DELETE FROM webhook_secret WHERE id = ?"};

struct Kept {
  std::string id;  // of the person, or of the webhook's secret
  std::string text;
  bool encrypted = true;
  bool of_webhook = false;
};

std::vector<Kept> all_kept(Connection& connection) {
  std::vector<Kept> all;
  for (auto row = connection.query(all_factors); row.step();)
    all.push_back({.id = row.text(0), .text = row.text(1), .encrypted = row.integer(2) != 0});
  for (auto row = connection.query(all_webhook_secrets); row.step();)
    all.push_back({.id = row.text(0), .text = row.text(1), .of_webhook = true});
  return all;
}

std::string bound_to(Kept const& kept) {
  return kept.of_webhook ? webhook_secret_of(kept.id) : second_factor_of(kept.id);
}

std::optional<std::string> open(Kept const& kept, std::optional<DataKey> const& key) {
  if (!kept.encrypted) return kept.text;
  if (!key) return std::nullopt;
  return key->decrypt(kept.text, bound_to(kept));
}

// All or none.
void rewrite(Connection& connection, std::vector<Kept> const& all, std::optional<DataKey> const& old,
             DataKey const& key) {
  connection.wipe(true);
  Transaction transaction(connection);
  for (auto const& kept : all) {
    if (auto const secret = open(kept, old))
      connection.run(kept.of_webhook ? put_webhook_secret : put_encrypted, kept.id,
                     key.encrypt(*secret, bound_to(kept)));
    else
      connection.run(kept.of_webhook ? drop_webhook_secret : drop_factor, kept.id);
  }
  transaction.commit();
  connection.wipe(false);
}

}  // namespace

Result<std::optional<DataKey>> key_of(KeyWanted const& wanted, Connection& connection) {
  auto const& file = wanted.file;
  auto const refuse = [&](Code code) { return refused(refusal(code, {}, {{"path", file.parent_path().string()}})); };
  auto const all = all_kept(connection);
  auto const signs = sealing_key_of(connection);
  auto const opens_all = [&](std::optional<DataKey> const& key) {
    bool const sealed = signs.empty() || (key && key->public_key() == signs);
    return sealed && std::ranges::all_of(all, [&](Kept const& kept) { return open(kept, key).has_value(); });
  };
  auto key = DataKey::read(file);
  bool fits = opens_all(key);
  if (wanted.use == KeyUse::spared) return fits ? key : std::nullopt;
  // The new key lies beside the old one until everything is encrypted by it.
  auto renewed = file;
  renewed += ".new";
  if (auto const made = DataKey::read(renewed); made && !fits && opens_all(made)) {
    DataKey::move(renewed, file, wanted.durable);
    key = made;
    fits = true;
  }
  if (wanted.use == KeyUse::renewed) {
    auto made = DataKey::make(renewed, wanted.durable);
    rewrite(connection, all, key, made);
    DataKey::move(renewed, file, wanted.durable);
    return made;
  }
  if (!key && std::filesystem::exists(file)) return refuse(Code::key_wrong);
  if (!fits) return refuse(key ? Code::key_wrong : Code::key_missing);
  if (!key) key = DataKey::make(file, wanted.durable);
  bool const any_plain = std::ranges::any_of(all, [](Kept const& kept) { return !kept.encrypted; });
  if (any_plain) rewrite(connection, all, key, *key);
  return key;
}

std::string second_factor_of(std::string const& person) {
  return "second factor of " + person;
}

std::string webhook_secret_of(std::string const& id) {
  return "webhook secret " + id;
}

}  // namespace bihuan::sql
