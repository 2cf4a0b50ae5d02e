// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/kept_secrets.hpp"
#include "engine/store/sql/people.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql put_factor{
    "second factor put",
    "INSERT INTO second_factor (person, secret, encrypted) VALUES (?, ?, 1)"
    " ON CONFLICT (person) DO UPDATE SET secret = excluded.secret, encrypted = 1 WHERE second_factor.confirmed = 0"};
constexpr Sql find_factor{"second factor find",
                          "SELECT secret, confirmed, last_step FROM second_factor WHERE person = ?"};
// One statement, so that of two requests with the same code one gets it.
constexpr Sql take_code{"second factor step",
                        "UPDATE second_factor SET confirmed = 1, last_step = ?2 WHERE person = ?1 AND last_step < ?2"};
constexpr Sql drop_factor{"second factor drop", "DELETE FROM second_factor WHERE person = ?"};

std::optional<SecondFactor> read_factor(Connection& connection, DataKey const& key, std::string const& person) {
  auto row = connection.query(find_factor, person);
  if (!row.step()) {
    return std::nullopt;
  }
  auto secret = key.decrypt(row.view(0), second_factor_of(person));
  if (!secret) {
    throw StoreFault("a second factor is not one that the key of the data directory encrypted");
  }
  return SecondFactor{.secret = std::move(*secret), .confirmed = row.integer(1) != 0, .last_step = row.integer(2)};
}

}  // namespace

DataKey const& People::key() const {
  if (!key_) {
    throw StoreFault("second factors are out of reach without the key of the data directory");
  }
  return *key_;
}

bool People::put_second_factor(std::string const& person, std::string const& secret) {
  bool put = false;
  auto const text = key().encrypt(secret, second_factor_of(person));
  writer_.must_write([&](Connection& connection) { put = connection.run(put_factor, person, text) > 0; });
  return put;
}

std::optional<SecondFactor> People::find_second_factor(std::string const& person) {
  auto const reader = readers_.lease();
  return read_factor(*reader, key(), person);
}

bool People::take_step(std::string const& person, std::string const& secret, std::int64_t step) {
  bool taken = false;
  writer_.must_write([&](Connection& connection) {
    auto const factor = read_factor(connection, key(), person);
    taken = factor && factor->secret == secret && connection.run(take_code, person, step) > 0;
  });
  return taken;
}

void People::drop_second_factor(std::string const& person) {
  writer_.must_write([&](Connection& connection) { connection.run(drop_factor, person); });
}

}  // namespace bihuan::sql
