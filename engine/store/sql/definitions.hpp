// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/store/sql/readers.hpp"
#include "engine/store/sql/writer.hpp"
#include "engine/store/store.hpp"

namespace bihuan::sql {

class Definitions final : public DefinitionStore {
 public:
  Definitions(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}
  std::vector<StoredDefinition> all() override;
  void put(StoredDefinition const& definition) override;

 private:
  Writer& writer_;
  Readers& readers_;
};

}  // namespace bihuan::sql
