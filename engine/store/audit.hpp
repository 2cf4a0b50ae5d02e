// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/json.hpp"
#include "engine/core/result.hpp"
#include "engine/core/time.hpp"
#include "engine/store/page.hpp"

namespace bihuan {

// The audit of reading: who saw, searched for, took out or printed what, who signed in, and what
// administrators did. Case histories say who changed a case; this says who looked. Rows are appended, chained
// by their hashes like a history, and forgotten only from the front, when they are older than the retention.
enum class AuditKind {
  case_viewed,
  history_viewed,
  deadline_explained,
  diagram_viewed,
  attachment_downloaded,
  cases_listed,
  cases_searched,
  worklist_viewed,
  report_viewed,
  exported,
  printed,
  signed_in,
  sign_in_failed,
  signed_out,
  administration_changed,
  audit_read,
  audit_purged,
};

// What a case holds is not copied here: ids, counts, and the filter as it was given. A search is kept in its
// words, personal ones too: what somebody looked for is what an auditor must see, and only auditors read
// this.
struct AuditEvent {
  std::int64_t sequence = 0;  // the store's: from 1, without a gap
  Instant at{};
  AuditKind kind = AuditKind::case_viewed;
  std::string person{};  // empty: nobody known
  std::string unit{};
  std::string case_id{};  // empty when it is not about one case
  std::string address{};  // the client's
  Json detail = Json::object();
  std::string previous{};
  std::string hash{};

  bool operator==(AuditEvent const&) const = default;
};

struct AuditQuery {
  std::optional<std::string> person{};
  std::optional<std::string> case_id{};
  std::optional<AuditKind> kind{};
  std::optional<Instant> from{};  // the first and the last instant, both included
  std::optional<Instant> to{};
  std::size_t limit = 50;
  std::string cursor{};
};

// Where the kept rows begin and end: the last one that was purged (0 and empty: none was) and the last one
// appended.
struct AuditEnds {
  std::int64_t purged_sequence = 0;
  std::string purged_hash{};
  std::int64_t last_sequence = 0;
  std::string last_hash{};
};

class AuditStore {
 public:
  virtual ~AuditStore() = default;
  // Numbers and chains them in this order; returns once they are durable. Refused with busy when the queue is
  // full.
  [[nodiscard]] virtual Result<void> append(std::vector<AuditEvent> events) = 0;
  // Newest first. Refused with bad_format when the cursor is not one of ours.
  [[nodiscard]] virtual Result<Page<AuditEvent>> list(AuditQuery const& query) = 0;
  // Forgets rows from the front up to the first that is not before this instant, 10,000 at most, and appends
  // an audit_purged row that names the last of them: the chain is verified from there on. How many it forgot.
  virtual std::int64_t purge(Instant before, Instant now) = 0;
  // The ends and every kept row in order, from one moment; for verify.
  virtual AuditEnds for_each(std::function<void(AuditEvent const&)> const& each) = 0;
};

}  // namespace bihuan
