// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/store/sql/readers.hpp"
#include "engine/store/sql/writer.hpp"
#include "engine/store/store.hpp"

namespace bihuan::sql {

class Substitutions final : public SubstitutionStore {
 public:
  Substitutions(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

  void put(Substitution const& substitution) override;
  std::optional<Substitution> find(std::string const& id) override;
  std::vector<Substitution> of_person(std::string const& person) override;
  std::vector<Substitution> all() override;

 private:
  Writer& writer_;
  Readers& readers_;
};

}  // namespace bihuan::sql
