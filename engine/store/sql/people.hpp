// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "engine/store/data_key.hpp"
#include "engine/store/sql/readers.hpp"
#include "engine/store/sql/writer.hpp"
#include "engine/store/store.hpp"

namespace bihuan::sql {

class People final : public PeopleStore {
 public:
  // Without the key second factors cannot be kept or read: StoreFault.
  People(Writer& writer, Readers& readers, std::optional<DataKey> key)
      : writer_(writer), readers_(readers), key_(std::move(key)) {}

  // people.cpp
  void put_people(std::span<Person const> people) override;
  Result<Person> put_person(Person const& person, std::int64_t expected_revision) override;
  void set_password(std::string const& person, std::string const& hash, bool must_change) override;
  std::optional<Person> find_by_name(std::string const& name) override;
  std::optional<Person> find_person(std::string const& id) override;
  std::vector<Person> list_people() override;

  // people_sessions.cpp
  void put_session(Session const& session) override;
  std::optional<SessionOfPerson> find_session(std::string const& token_hash) override;
  void touch_session(std::string const& token_hash, Instant used) override;
  std::vector<Session> list_sessions(std::string const& person) override;
  void drop_session(std::string const& token_hash) override;
  void drop_sessions(std::string const& person, std::string const& but_token_hash) override;
  void put_token(MachineToken const& token) override;
  std::optional<TokenOfPerson> find_token(std::string const& token_hash) override;
  void touch_token(std::string const& id, Instant used) override;
  std::vector<MachineToken> list_tokens(std::string const& person) override;
  bool drop_token(std::string const& person, std::string const& id) override;
  void drop_tokens(std::string const& person) override;

  // people_factors.cpp
  bool put_second_factor(std::string const& person, std::string const& secret) override;
  std::optional<SecondFactor> find_second_factor(std::string const& person) override;
  bool take_step(std::string const& person, std::string const& secret, std::int64_t step) override;
  void drop_second_factor(std::string const& person) override;

 private:
  [[nodiscard]] DataKey const& key() const;

  Writer& writer_;
  Readers& readers_;
  std::optional<DataKey> key_;
};

// From the columns of `account`, in their order, at the beginning of a row.
[[nodiscard]] Person person_from_row(Statement const& row);

}  // namespace bihuan::sql
