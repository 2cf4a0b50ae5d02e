// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/store/sql/readers.hpp"
#include "engine/store/sql/writer.hpp"
#include "engine/store/store.hpp"

namespace bihuan::sql {

class Units final : public UnitStore {
 public:
  Units(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

  Result<KeptUnit> put(OrganisationUnit const& unit, std::int64_t expected_revision) override;
  std::vector<KeptUnit> all() override;

 private:
  Writer& writer_;
  Readers& readers_;
};

}  // namespace bihuan::sql
