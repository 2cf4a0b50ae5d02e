// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "engine/core/text.hpp"

namespace bihuan {

// Why something is not done. The names are stable: programs depend on them (see code_name).
// One to a line would hide the groups.
// clang-format off
enum class Code {
  // A text or value from outside that does not have the form asked for.
  malformed_json, too_large, too_deep, duplicate_key, number_out_of_range, invalid_text, wrong_type, missing,
  unknown_field, out_of_bounds, not_a_choice, bad_format, unknown_parameter,
  // What the request speaks of.
  not_found, unknown_workflow, unknown_action, unknown_unit, unknown_person,
  // Deciding.
  not_from_this_state, not_offered, not_your_part, same_unit_may_not_verify, only_the_system, stale_version,
  version_required, document_missing, document_unknown, document_type_refused, party_missing, party_not_eligible,
  guard_failed, reason_missing, already_asked, same_person_may_not_confirm, request_lapsed,
  asker_not_entitled, deadline_not_running,
  deadline_not_paused, extension_exhausted, extension_too_late, extension_too_long, extension_not_later,
  // Storing and serving.
  conflict, key_reused, busy, store_failed, newer_store, store_in_use, store_read_only, key_missing,
  key_wrong,
  // Signing in.
  not_signed_in, wrong_credentials, not_allowed, cross_site, locked_out, second_factor_required,
  second_factor_missing, second_factor_present, wrong_code, password_change_required, weak_password,
  identity_refused, identity_unplaced, identity_unavailable,
  // Keeping people.
  name_taken, roles_conflict, unknown_role, last_administrator, unit_in_use,
  // Faults of a definition, a calendar, an organisation or a scenario.
  bad_identifier, unknown_reference, name_clash, unreachable_state, no_way_to_final, no_final_state,
  state_without_owner, state_without_way_out, competing_triggers, deadline_never_starts, deadline_never_stops,
  period_without_default, duties_not_separable, opens_for_ever, guard_reads_unknown, bad_rule, version_changed,
  calendar_changed, expectation_failed, four_eyes_impossible, template_reads_unknown, template_reads_kept,
  report_counts_hidden, link_tells_hidden, hidden_takes_documents,
  // Changing a definition while cases run by it.
  version_not_newer, version_in_use, not_mapped, migration_closes, case_is_final, scenarios_missing, scenario_failed,
  cases_do_not_fit, plan_changed, cases_not_counted, proofs_kept,
};
// clang-format on

[[nodiscard]] std::string_view code_name(Code code);
// Every code, for tests and for the served list of problem types.
[[nodiscard]] std::vector<Code> const& all_codes();

// A rule of law or of the district behind a step, a deadline or a refusal.
struct Source {
  std::string id;
  std::string source;
  std::string article;
  bool verified = false;

  bool operator==(Source const&) const = default;
};

// One reason why something cannot be done, fit to be shown: what stands in the way, where, by which rule.
struct Refusal {
  Code code = Code::not_found;
  Text text;
  // The place in the input (or in the definition) that is wrong; empty when it is not about a place.
  std::string pointer;
  std::vector<Source> sources;
  // What would make it possible; empty when nothing would.
  Text remedy;
};

using Refusals = std::vector<Refusal>;

void append(Refusals& to, Refusals from);

// Never holds an empty list of refusals; the first one decides how the whole is answered.
template <class T>
using Result = tl::expected<T, Refusals>;

[[nodiscard]] inline auto refused(Refusal refusal) {
  return tl::make_unexpected(Refusals{std::move(refusal)});
}
[[nodiscard]] inline auto refused(Refusals refusals) {
  return tl::make_unexpected(std::move(refusals));
}

}  // namespace bihuan
