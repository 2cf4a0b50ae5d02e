// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/store.hpp"

namespace bihuan {

[[nodiscard]] std::string_view audit_kind_name(AuditKind kind);
[[nodiscard]] std::optional<AuditKind> parse_audit_kind(std::string_view name);
// Every kind, in order.
[[nodiscard]] std::vector<AuditKind> const& all_audit_kinds();

// The canonical JSON that a row's hash covers: everything but itself.
[[nodiscard]] std::string hashed_bytes(AuditEvent const& event);

// Numbers and chains rows after the last one there is; the ends go along.
void chain(std::vector<AuditEvent>& events, AuditEnds& ends);

// What an audit_purged row says, and what it says it of.
[[nodiscard]] Json purge_detail(std::int64_t sequence, std::string const& hash, std::int64_t rows);

struct AuditFault {
  std::int64_t sequence = 0;
  std::string what;
};
struct AuditVerified {
  std::int64_t rows = 0;
  std::vector<AuditFault> faults;
};

// Walks the whole log: numbers without a gap, each row's hash and its link to the one before, from the
// recorded last purged row to the recorded last row, and the purge itself on record. The first wrong row is
// named.
[[nodiscard]] AuditVerified verify(AuditStore& store);

}  // namespace bihuan
