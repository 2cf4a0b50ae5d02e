// SPDX-License-Identifier: Apache-2.0
#include "api/http/problem.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/core/message.hpp"

namespace bihuan::http {
namespace {

using nlohmann::ordered_json;

ordered_json both(Text const& text) {
  return {{"zh", text.zh}, {"en", text.en}};
}

ordered_json to_json(Source const& source) {
  return {{"id", source.id}, {"source", source.source}, {"article", source.article}, {"verified", source.verified}};
}

ordered_json to_json(Refusal const& refusal) {
  ordered_json error{{"pointer", refusal.pointer}, {"code", code_name(refusal.code)}, {"message", both(refusal.text)}};
  error["remedy"] = refusal.remedy == Text{} ? ordered_json(nullptr) : both(refusal.remedy);
  error["sources"] = ordered_json::array();
  for (auto const& source : refusal.sources) error["sources"].push_back(to_json(source));
  return error;
}

// Titles are by status: the detail says the rest.
Text title_of(int status) {
  switch (status) {
    case 400:
    case 401:
    case 403:
    case 404:
    case 405:
    case 408:
    case 409:
    case 412:
    case 413:
    case 415:
    case 417:
    case 422:
    case 428:
    case 429:
    case 431:
    case 500:
    case 503:
    case 505: return message("http.title." + std::to_string(status));
    default: return message(status < 500 ? "http.title.400" : "http.title.500");
  }
}

Response render(int status, std::string_view code, Text const& text, ordered_json errors, Request const& request) {
  bool const english = prefers_english(request);
  auto const in_language = [&](Text const& both_languages) { return english ? both_languages.en : both_languages.zh; };
  ordered_json body;
  body["type"] = "/problems/" + std::string(code);
  body["title"] = in_language(title_of(status));
  body["status"] = status;
  body["detail"] = in_language(text);
  body["instance"] = request.path;
  body["code"] = code;
  body["request_id"] = request.request_id;
  body["errors"] = std::move(errors);

  Response response{.status = status};
  response.headers.add("Content-Type", "application/problem+json");
  response.headers.add("Content-Language", english ? "en" : "zh-CN");
  if (status == 503) response.headers.add("Retry-After", "1");
  if (status == 401) response.headers.add("WWW-Authenticate", "Bearer");
  // Refusals may quote what came from outside; ill-formed bytes are replaced, never thrown on.
  response.body = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  return response;
}

// The weight of one element of Accept-Language, 1 when it names none.
double weight_of(std::string_view element) {
  auto const start = element.find("q=");
  if (start == std::string_view::npos) return 1;
  double weight = 0;
  auto const text = element.substr(start + 2);
  std::from_chars(text.data(), text.data() + text.size(), weight);
  return weight;
}

std::string size_text(std::size_t bytes) {
  if (bytes >= 1024 * 1024 && bytes % (1024 * 1024) == 0) return std::to_string(bytes / (1024 * 1024)) + " MiB";
  if (bytes >= 1024 && bytes % 1024 == 0) return std::to_string(bytes / 1024) + " KiB";
  return std::to_string(bytes) + " B";
}

}  // namespace

int status_of(Code code) {
  switch (code) {
    case Code::malformed_json:
    case Code::too_deep:
    case Code::duplicate_key:
    case Code::invalid_text:
    case Code::number_out_of_range:
    case Code::unknown_parameter: return 400;
    case Code::not_signed_in:
    case Code::wrong_credentials:
    case Code::identity_refused:
    case Code::second_factor_required: return 401;
    case Code::not_your_part:
    case Code::same_unit_may_not_verify:
    case Code::same_person_may_not_confirm:
    case Code::only_the_system:
    case Code::not_allowed:
    case Code::cross_site:
    case Code::identity_unplaced:
    case Code::second_factor_missing:
    case Code::password_change_required:
    case Code::cases_not_counted: return 403;
    case Code::proofs_kept: return 403;
    case Code::not_found:
    case Code::unknown_workflow:
    case Code::unknown_action: return 404;
    case Code::not_from_this_state:
    case Code::not_offered:
    case Code::already_asked:
    case Code::request_lapsed:
    case Code::asker_not_entitled:
    case Code::conflict:
    case Code::deadline_not_running:
    case Code::deadline_not_paused:
    case Code::second_factor_present:
    case Code::name_taken:
    case Code::last_administrator:
    case Code::unit_in_use:
    case Code::version_not_newer:
    case Code::version_in_use:
    case Code::case_is_final:
    case Code::cases_do_not_fit: return 409;
    case Code::stale_version:
    case Code::plan_changed: return 412;
    case Code::too_large: return 413;
    case Code::version_required: return 428;
    case Code::locked_out: return 429;
    case Code::busy:
    case Code::identity_unavailable:
    case Code::store_failed:
    case Code::newer_store:
    case Code::store_in_use:
    case Code::store_read_only:
    case Code::key_missing:
    case Code::key_wrong: return 503;
    case Code::wrong_type:
    case Code::missing:
    case Code::unknown_field:
    case Code::out_of_bounds:
    case Code::not_a_choice:
    case Code::bad_format:
    case Code::unknown_unit:
    case Code::unknown_person:
    case Code::document_missing:
    case Code::document_unknown:
    case Code::document_type_refused:
    case Code::party_missing:
    case Code::party_not_eligible:
    case Code::guard_failed:
    case Code::reason_missing:
    case Code::extension_exhausted:
    case Code::extension_too_late:
    case Code::extension_too_long:
    case Code::extension_not_later:
    case Code::key_reused:
    case Code::wrong_code:
    case Code::weak_password:
    case Code::roles_conflict:
    case Code::unknown_role:
    // What is wrong in a definition, a calendar, an organisation or a scenario.
    case Code::bad_identifier:
    case Code::unknown_reference:
    case Code::name_clash:
    case Code::unreachable_state:
    case Code::no_way_to_final:
    case Code::no_final_state:
    case Code::state_without_owner:
    case Code::state_without_way_out:
    case Code::competing_triggers:
    case Code::deadline_never_starts:
    case Code::deadline_never_stops:
    case Code::period_without_default:
    case Code::duties_not_separable:
    case Code::opens_for_ever:
    case Code::guard_reads_unknown:
    case Code::template_reads_unknown:
    case Code::template_reads_kept:
    case Code::report_counts_hidden:
    case Code::link_tells_hidden:
    case Code::bad_rule:
    case Code::version_changed:
    case Code::calendar_changed:
    case Code::expectation_failed:
    case Code::four_eyes_impossible:
    case Code::hidden_takes_documents:
    case Code::not_mapped:
    case Code::migration_closes:
    case Code::scenarios_missing:
    case Code::scenario_failed: return 422;
  }
  return 500;
}

Response problem(Refusals const& refusals, Request const& request) {
  auto const& first = refusals.front();
  auto errors = ordered_json::array();
  for (auto const& refusal : refusals) errors.push_back(to_json(refusal));
  return render(status_of(first.code), code_name(first.code), first.text, std::move(errors), request);
}

Response problem(Refusal const& refusal, Request const& request) {
  return problem(Refusals{refusal}, request);
}

Response protocol_problem(int status, std::string_view code, Text const& text, Request const& request) {
  ordered_json error{{"pointer", ""}, {"code", code}, {"message", both(text)}, {"remedy", nullptr}};
  error["sources"] = ordered_json::array();
  auto errors = ordered_json::array();
  errors.push_back(std::move(error));
  return render(status, code, text, std::move(errors), request);
}

Response body_problem(int status, std::size_t limit, Request const& request) {
  if (status == 413) return problem(refusal(Code::too_large, "", {{"limit", size_text(limit)}}), request);
  if (status == 408) return protocol_problem(408, "request_timeout", message("http.request_timeout"), request);
  auto const text = message("http.malformed_request", {{"detail", message("http.detail.body")}});
  return protocol_problem(400, "malformed_request", text, request);
}

Response busy_problem(Request const& request) {
  return problem(refusal(Code::busy, ""), request);
}

bool prefers_english(Request const& request) {
  auto list = request.headers.find("accept-language").value_or("");
  double zh = 0;
  double en = 0;
  while (!list.empty()) {
    auto element = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), element.size() + 1));
    element.remove_prefix(std::min(element.size(), element.find_first_not_of(' ')));
    auto& weight = same_name(element.substr(0, 2), "en") ? en : zh;
    if (same_name(element.substr(0, 2), "en") || same_name(element.substr(0, 2), "zh")) {
      weight = std::max(weight, weight_of(element));
    }
  }
  return en > zh;
}

Language language_of(Request const& request) {
  return prefers_english(request) ? Language::en : Language::zh;
}

}  // namespace bihuan::http
