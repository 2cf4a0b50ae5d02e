// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sqlite/people.hpp"

namespace bihuan::sqlite {
namespace {

constexpr Sql put_factor{"second factor put",
                         "INSERT INTO second_factor (person, secret) VALUES (?, ?)"
                         " ON CONFLICT (person) DO UPDATE SET secret = excluded.secret WHERE confirmed = 0"};
constexpr Sql find_factor{"second factor find",
                          "SELECT secret, confirmed, last_step FROM second_factor WHERE person = ?"};
// One statement, so that of two requests with the same code one gets it.
constexpr Sql take_code{"second factor step",
                        "UPDATE second_factor SET confirmed = 1, last_step = ?3"
                        " WHERE person = ?1 AND secret = ?2 AND last_step < ?3"};
constexpr Sql drop_factor{"second factor drop", "DELETE FROM second_factor WHERE person = ?"};

}  // namespace

bool People::put_second_factor(std::string const& person, std::string const& secret) {
  bool put = false;
  writer_.must_write([&](Connection& connection) { put = connection.run(put_factor, person, secret) > 0; });
  return put;
}

std::optional<SecondFactor> People::find_second_factor(std::string const& person) {
  auto const reader = readers_.lease();
  auto row = reader->query(find_factor, person);
  if (!row.step()) {
    return std::nullopt;
  }
  return SecondFactor{.secret = row.text(0), .confirmed = row.integer(1) != 0, .last_step = row.integer(2)};
}

bool People::take_step(std::string const& person, std::string const& secret, std::int64_t step) {
  bool taken = false;
  writer_.must_write([&](Connection& connection) { taken = connection.run(take_code, person, secret, step) > 0; });
  return taken;
}

void People::drop_second_factor(std::string const& person) {
  writer_.must_write([&](Connection& connection) { connection.run(drop_factor, person); });
}

}  // namespace bihuan::sqlite
