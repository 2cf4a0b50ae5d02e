// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/store/sql/readers.hpp"
#include "engine/store/sql/writer.hpp"
#include "engine/store/store.hpp"

namespace bihuan::sql {

class Audit final : public AuditStore {
 public:
  Audit(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

  Result<void> append(std::vector<AuditEvent> events) override;
  Result<Page<AuditEvent>> list(AuditQuery const& query) override;
  std::int64_t purge(Instant before, Instant now) override;
  AuditEnds for_each(std::function<void(AuditEvent const&)> const& each) override;

 private:
  Writer& writer_;
  Readers& readers_;
};

}  // namespace bihuan::sql
