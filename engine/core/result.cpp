// SPDX-License-Identifier: Apache-2.0
#include "engine/core/result.hpp"

#include <iterator>

namespace bihuan {

// A switch, so that the compiler refuses a code without a name. The names are written out because programs
// outside depend on them: renaming an enumerator must not rename what they read.
std::string_view code_name(Code code) {
  switch (code) {
    case Code::malformed_json: return "malformed_json";
    case Code::too_large: return "too_large";
    case Code::too_deep: return "too_deep";
    case Code::duplicate_key: return "duplicate_key";
    case Code::number_out_of_range: return "number_out_of_range";
    case Code::invalid_text: return "invalid_text";
    case Code::wrong_type: return "wrong_type";
    case Code::missing: return "missing";
    case Code::unknown_field: return "unknown_field";
    case Code::out_of_bounds: return "out_of_bounds";
    case Code::not_a_choice: return "not_a_choice";
    case Code::bad_format: return "bad_format";
    case Code::unknown_parameter: return "unknown_parameter";
    case Code::not_found: return "not_found";
    case Code::unknown_workflow: return "unknown_workflow";
    case Code::unknown_action: return "unknown_action";
    case Code::unknown_unit: return "unknown_unit";
    case Code::unknown_person: return "unknown_person";
    case Code::not_from_this_state: return "not_from_this_state";
    case Code::not_offered: return "not_offered";
    case Code::not_your_part: return "not_your_part";
    case Code::same_unit_may_not_verify: return "same_unit_may_not_verify";
    case Code::only_the_system: return "only_the_system";
    case Code::stale_version: return "stale_version";
    case Code::version_required: return "version_required";
    case Code::document_missing: return "document_missing";
    case Code::document_unknown: return "document_unknown";
    case Code::document_type_refused: return "document_type_refused";
    case Code::party_missing: return "party_missing";
    case Code::party_not_eligible: return "party_not_eligible";
    case Code::guard_failed: return "guard_failed";
    case Code::reason_missing: return "reason_missing";
    case Code::already_asked: return "already_asked";
    case Code::same_person_may_not_confirm: return "same_person_may_not_confirm";
    case Code::request_lapsed: return "request_lapsed";
    case Code::asker_not_entitled: return "asker_not_entitled";
    case Code::deadline_not_running: return "deadline_not_running";
    case Code::deadline_not_paused: return "deadline_not_paused";
    case Code::extension_exhausted: return "extension_exhausted";
    case Code::extension_too_late: return "extension_too_late";
    case Code::extension_too_long: return "extension_too_long";
    case Code::extension_not_later: return "extension_not_later";
    case Code::conflict: return "conflict";
    case Code::key_reused: return "key_reused";
    case Code::busy: return "busy";
    case Code::store_failed: return "store_failed";
    case Code::newer_store: return "newer_store";
    case Code::store_in_use: return "store_in_use";
    case Code::store_read_only: return "store_read_only";
    case Code::key_missing: return "key_missing";
    case Code::key_wrong: return "key_wrong";
    case Code::not_signed_in: return "not_signed_in";
    case Code::wrong_credentials: return "wrong_credentials";
    case Code::not_allowed: return "not_allowed";
    case Code::cross_site: return "cross_site";
    case Code::locked_out: return "locked_out";
    case Code::second_factor_required: return "second_factor_required";
    case Code::second_factor_missing: return "second_factor_missing";
    case Code::second_factor_present: return "second_factor_present";
    case Code::wrong_code: return "wrong_code";
    case Code::password_change_required: return "password_change_required";
    case Code::weak_password: return "weak_password";
    case Code::identity_refused: return "identity_refused";
    case Code::identity_unplaced: return "identity_unplaced";
    case Code::identity_unavailable: return "identity_unavailable";
    case Code::name_taken: return "name_taken";
    case Code::roles_conflict: return "roles_conflict";
    case Code::unknown_role: return "unknown_role";
    case Code::last_administrator: return "last_administrator";
    case Code::unit_in_use: return "unit_in_use";
    case Code::bad_identifier: return "bad_identifier";
    case Code::unknown_reference: return "unknown_reference";
    case Code::name_clash: return "name_clash";
    case Code::unreachable_state: return "unreachable_state";
    case Code::no_way_to_final: return "no_way_to_final";
    case Code::no_final_state: return "no_final_state";
    case Code::state_without_owner: return "state_without_owner";
    case Code::state_without_way_out: return "state_without_way_out";
    case Code::competing_triggers: return "competing_triggers";
    case Code::deadline_never_starts: return "deadline_never_starts";
    case Code::deadline_never_stops: return "deadline_never_stops";
    case Code::period_without_default: return "period_without_default";
    case Code::duties_not_separable: return "duties_not_separable";
    case Code::opens_for_ever: return "opens_for_ever";
    case Code::guard_reads_unknown: return "guard_reads_unknown";
    case Code::template_reads_unknown: return "template_reads_unknown";
    case Code::template_reads_kept: return "template_reads_kept";
    case Code::report_counts_hidden: return "report_counts_hidden";
    case Code::link_tells_hidden: return "link_tells_hidden";
    case Code::version_not_newer: return "version_not_newer";
    case Code::version_in_use: return "version_in_use";
    case Code::not_mapped: return "not_mapped";
    case Code::migration_closes: return "migration_closes";
    case Code::case_is_final: return "case_is_final";
    case Code::scenarios_missing: return "scenarios_missing";
    case Code::scenario_failed: return "scenario_failed";
    case Code::cases_do_not_fit: return "cases_do_not_fit";
    case Code::plan_changed: return "plan_changed";
    case Code::cases_not_counted: return "cases_not_counted";
    case Code::proofs_kept: return "proofs_kept";
    case Code::bad_rule: return "bad_rule";
    case Code::version_changed: return "version_changed";
    case Code::calendar_changed: return "calendar_changed";
    case Code::expectation_failed: return "expectation_failed";
    case Code::four_eyes_impossible: return "four_eyes_impossible";
    case Code::hidden_takes_documents: return "hidden_takes_documents";
  }
  return {};
}

void append(Refusals& to, Refusals from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

std::vector<Code> const& all_codes() {
  static auto const codes = [] {
    std::vector<Code> found;
    for (int number = 0; !code_name(static_cast<Code>(number)).empty(); ++number) {
      found.push_back(static_cast<Code>(number));
    }
    return found;
  }();
  return codes;
}

}  // namespace bihuan
