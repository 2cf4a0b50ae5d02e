// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/http/message.hpp"
#include "api/routes/context.hpp"

namespace bihuan::routes {

using http::Request;
using http::Response;

// operation.cpp
Response get_livez(Request& request, Context& context);
Response get_readyz(Request& request, Context& context);
Response get_metrics(Request& request, Context& context);
// contract.cpp
Response get_contract(Request& request, Context& context);
// problems.cpp
Response get_problem_type(Request& request, Context& context);
// session.cpp
Response sign_in(Request& request, Context& context);
Response sign_out(Request& request, Context& context);
Response get_me(Request& request, Context& context);
Response list_sessions(Request& request, Context& context);
Response end_session(Request& request, Context& context);
Response end_sessions(Request& request, Context& context);
// identity.cpp
Response get_sign_in_ways(Request& request, Context& context);
Response start_open_id(Request& request, Context& context);
Response finish_open_id(Request& request, Context& context);
// own_account.cpp
Response change_own_password(Request& request, Context& context);
Response enrol_second_factor(Request& request, Context& context);
Response confirm_second_factor(Request& request, Context& context);
// tokens.cpp
Response list_tokens(Request& request, Context& context);
Response make_token(Request& request, Context& context);
Response revoke_token(Request& request, Context& context);
// feeds.cpp
Response list_feeds(Request& request, Context& context);
Response make_feed(Request& request, Context& context);
Response revoke_feed(Request& request, Context& context);
Response get_deadline_feed(Request& request, Context& context);
// open311.cpp
Response get_open311_discovery(Request& request, Context& context);
Response list_open311_services(Request& request, Context& context);
Response get_open311_service(Request& request, Context& context);
Response list_open311_requests(Request& request, Context& context);
Response open_open311_request(Request& request, Context& context);
Response get_open311_request(Request& request, Context& context);
Response get_open311_token(Request& request, Context& context);
// insight.cpp
Response get_object_log(Request& request, Context& context);
Response get_trace_log(Request& request, Context& context);
Response get_insight(Request& request, Context& context);
Response get_insight_diagram(Request& request, Context& context);
// imports.cpp
Response import_ledger(Request& request, Context& context);
// webhooks.cpp
Response list_webhooks(Request& request, Context& context);
Response make_webhook(Request& request, Context& context);
Response change_webhook(Request& request, Context& context);
Response drop_webhook(Request& request, Context& context);
Response rotate_webhook_secret(Request& request, Context& context);
Response list_dead_letters(Request& request, Context& context);
Response repeat_dead_letter(Request& request, Context& context);
// people.cpp
Response list_people(Request& request, Context& context);
Response get_person(Request& request, Context& context);
Response add_person(Request& request, Context& context);
Response change_person(Request& request, Context& context);
Response reset_password(Request& request, Context& context);
Response reset_second_factor(Request& request, Context& context);
// organisation.cpp
Response list_units(Request& request, Context& context);
Response get_unit(Request& request, Context& context);
Response add_unit(Request& request, Context& context);
Response change_unit(Request& request, Context& context);
// directory.cpp
Response list_directory(Request& request, Context& context);
// calendars.cpp
Response list_calendars(Request& request, Context& context);
Response get_calendar(Request& request, Context& context);
// publications.cpp
Response list_published(Request& request, Context& context);
// flow.cpp
Response get_flow(Request& request, Context& context);
// reached.cpp
Response get_reached(Request& request, Context& context);
// stream.cpp
Response stream_events(Request& request, Context& context);
// ledger.cpp
Response get_ledger(Request& request, Context& context);
Response get_ledger_sheet(Request& request, Context& context);
// substitutes.cpp
Response list_substitutes(Request& request, Context& context);
Response add_substitute(Request& request, Context& context);
Response end_substitute(Request& request, Context& context);
// workflows.cpp
Response list_workflows(Request& request, Context& context);
Response get_workflow(Request& request, Context& context);
Response get_workflow_diagram(Request& request, Context& context);
// definitions.cpp
Response list_definitions(Request& request, Context& context);
Response get_definition_text(Request& request, Context& context);
Response check_definition(Request& request, Context& context);
Response save_definition(Request& request, Context& context);
// migrations.cpp
Response migrate_cases(Request& request, Context& context);
// cases.cpp
Response open_case(Request& request, Context& context);
Response list_cases(Request& request, Context& context);
Response get_case(Request& request, Context& context);
Response get_case_history(Request& request, Context& context);
Response explain_deadline(Request& request, Context& context);
// actions.cpp
Response act_on_case(Request& request, Context& context);
// papers.cpp
Response list_papers(Request& request, Context& context);
Response preview_paper(Request& request, Context& context);
Response issue_paper(Request& request, Context& context);
// seals.cpp
Response get_newest_seal(Request& request, Context& context);
Response get_seal(Request& request, Context& context);
Response get_seal_consistency(Request& request, Context& context);
Response get_case_proofs(Request& request, Context& context);
Response get_case_package(Request& request, Context& context);
// worklist.cpp
Response get_worklist(Request& request, Context& context);
// reports.cpp
Response get_summary(Request& request, Context& context);
// audit.cpp
Response list_audit_events(Request& request, Context& context);
// attachments.cpp
Response upload_attachment(Request& request, Context& context);
Response get_attachment(Request& request, Context& context);

}  // namespace bihuan::routes
