// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/store/sqlite/readers.hpp"
#include "engine/store/sqlite/writer.hpp"
#include "engine/store/store.hpp"

namespace bihuan::sqlite {

class People final : public PeopleStore {
 public:
  People(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}
  void put_people(std::span<Person const> people) override;
  std::optional<Person> find_by_name(std::string const& name) override;
  std::optional<Person> find_person(std::string const& id) override;
  std::vector<Person> list_people() override;
  void put_session(Session const& session) override;
  std::optional<Session> find_session(std::string const& token_hash) override;
  void drop_session(std::string const& token_hash) override;

 private:
  Writer& writer_;
  Readers& readers_;
};

}  // namespace bihuan::sqlite
