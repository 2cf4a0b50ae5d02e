// SPDX-License-Identifier: Apache-2.0
#include "engine/store/audit_chain.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "engine/core/json.hpp"
#include "engine/store/digest.hpp"

namespace bihuan {
namespace {

using Named = std::pair<AuditKind, std::string_view>;
constexpr std::array names{Named{AuditKind::case_viewed, "case_viewed"},
                           Named{AuditKind::history_viewed, "history_viewed"},
                           Named{AuditKind::deadline_explained, "deadline_explained"},
                           Named{AuditKind::diagram_viewed, "diagram_viewed"},
                           Named{AuditKind::attachment_downloaded, "attachment_downloaded"},
                           Named{AuditKind::cases_listed, "cases_listed"},
                           Named{AuditKind::cases_searched, "cases_searched"},
                           Named{AuditKind::worklist_viewed, "worklist_viewed"},
                           Named{AuditKind::report_viewed, "report_viewed"},
                           Named{AuditKind::exported, "exported"},
                           Named{AuditKind::printed, "printed"},
                           Named{AuditKind::signed_in, "signed_in"},
                           Named{AuditKind::sign_in_failed, "sign_in_failed"},
                           Named{AuditKind::signed_out, "signed_out"},
                           Named{AuditKind::administration_changed, "administration_changed"},
                           Named{AuditKind::audit_read, "audit_read"},
                           Named{AuditKind::audit_purged, "audit_purged"}};

// The row's own account of itself, or why it is wrong in its place after the one before.
std::optional<std::string> fault_of(AuditEvent const& event, std::int64_t sequence, std::string const& previous) {
  if (event.sequence != sequence) return "row " + std::to_string(sequence) + " is gone";
  if (event.previous != previous) return "the row before it was altered";
  if (event.hash != hash_of(hashed_bytes(event))) return "the row was altered";
  return std::nullopt;
}

// Whoever takes rows from the front has to forge this row as well.
bool says(AuditEvent const& purge, AuditEnds const& ends) {
  return purge.detail.value("through", std::int64_t{}) == ends.purged_sequence &&
         purge.detail.value("hash", std::string()) == ends.purged_hash;
}

}  // namespace

std::string_view audit_kind_name(AuditKind kind) {
  auto const found = std::ranges::find(names, kind, &Named::first);
  if (found == names.end()) std::abort();
  return found->second;
}

std::optional<AuditKind> parse_audit_kind(std::string_view name) {
  auto const found = std::ranges::find(names, name, &Named::second);
  if (found == names.end()) return std::nullopt;
  return found->first;
}

std::vector<AuditKind> const& all_audit_kinds() {
  static std::vector<AuditKind> const all = [] {
    std::vector<AuditKind> kinds;
    for (auto const& [kind, name] : names) kinds.push_back(kind);
    return kinds;
  }();
  return all;
}

std::string hashed_bytes(AuditEvent const& event) {
  return canonical({{"sequence", event.sequence},
                    {"at", event.at.time_since_epoch().count()},
                    {"kind", audit_kind_name(event.kind)},
                    {"person", event.person},
                    {"unit", event.unit},
                    {"case", event.case_id},
                    {"address", event.address},
                    {"detail", event.detail},
                    {"previous", event.previous}});
}

void chain(std::vector<AuditEvent>& events, AuditEnds& ends) {
  for (AuditEvent& event : events) {
    event.sequence = ++ends.last_sequence;
    event.previous = std::move(ends.last_hash);
    event.hash = hash_of(hashed_bytes(event));
    ends.last_hash = event.hash;
  }
}

Json purge_detail(std::int64_t sequence, std::string const& hash, std::int64_t rows) {
  return {{"through", sequence}, {"hash", hash}, {"rows", rows}};
}

AuditVerified verify(AuditStore& store) {
  AuditVerified verified;
  std::optional<AuditEvent> first;
  std::optional<AuditEvent> last;
  std::optional<AuditEvent> purge;
  auto const wrong = [&](std::int64_t sequence, std::string what) {
    if (verified.faults.empty()) verified.faults.push_back({.sequence = sequence, .what = std::move(what)});
  };
  auto const ends = store.for_each([&](AuditEvent const& event) {
    ++verified.rows;
    if (last) {
      if (auto what = fault_of(event, last->sequence + 1, last->hash)) wrong(event.sequence, std::move(*what));
    } else {
      first = event;
    }
    if (event.kind == AuditKind::audit_purged) purge = event;
    last = event;
  });
  if (first) {
    // Wrong at the front comes before what was found later.
    if (auto what = fault_of(*first, ends.purged_sequence + 1, ends.purged_hash)) {
      verified.faults = {{.sequence = first->sequence, .what = std::move(*what)}};
    }
  }
  auto const sequence = last ? last->sequence : ends.purged_sequence;
  auto const hash = last ? last->hash : ends.purged_hash;
  if (sequence != ends.last_sequence || hash != ends.last_hash) {
    wrong(sequence, "the log ends here, and should end with row " + std::to_string(ends.last_sequence));
  }
  if (ends.purged_sequence > 0 && (!purge || !says(*purge, ends))) {
    wrong(ends.purged_sequence, "rows are gone from the front, and no purge is on record for it");
  }
  return verified;
}

}  // namespace bihuan
