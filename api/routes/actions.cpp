// SPDX-License-Identifier: Apache-2.0
#include "api/routes/answer.hpp"
#include "api/routes/case_answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "engine/core/message.hpp"

namespace bihuan::routes {
namespace {

// An action that asks for nothing may come without a body.
Step<OrderedJson> read_optional_body(Request const& request) {
  if (request.body.empty()) return OrderedJson::object();
  return read_body(request);
}

Result<ActionRequest> parse_action(Request const& request, OrderedJson const& body, std::int64_t revision) {
  Refusals faults;
  Reader reader(body, {}, faults);
  ActionRequest action{.case_id = request.path_parameter("id"),
                       .action = request.path_parameter("action"),
                       .input = read_object(reader, "input"),
                       .documents = read_documents(reader),
                       .comment = read_comment(reader),
                       .expected_revision = revision};
  reader.finish();
  if (!faults.empty()) return refused(std::move(faults));
  return action;
}

OrderedJson possible_actions(CaseAt const& current, Context& context, Actor const& actor) {
  auto names = OrderedJson::array();
  for (auto const& offered : context.cases.allowed_actions(current.subject, actor, current.at)) {
    if (offered.possible) names.push_back(offered.name);
  }
  return names;
}

// Says besides why not what the case is now, so that the caller can go on without asking again.
Response action_refused(Refusals refusals, ActionRequest const& action, Request const& request, Context& context) {
  auto const status = http::status_of(refusals.front().code);
  if (status != 409 && status != 412) return http::problem(refusals, request);
  auto const& actor = caller_of(request).actor;
  auto found = context.cases.find(action.case_id, actor);
  if (!found) return http::problem(found.error(), request);
  CaseAt const current{.subject = std::move(*found), .at = context.cases.now()};
  // Somebody came first while this one was being decided: to the caller that is a stale revision like any
  // other.
  if (refusals.front().code == Code::conflict && current.subject.revision != action.expected_revision) {
    refusals = {refusal(
        Code::stale_version, "/header/If-Match",
        {{"seen", std::to_string(*action.expected_revision)}, {"current", std::to_string(current.subject.revision)}})};
  }
  if (http::status_of(refusals.front().code) == 412) {
    auto seen = look_at(AuditKind::case_viewed, action.case_id, true);
    if (auto full = record(request, context, std::move(seen))) return std::move(*full);
    auto response = problem_with(refusals, request, {{"current", render_with_actions(current, context, actor)}});
    response.headers.add("ETag", entity_tag(current.subject.revision));
    return response;
  }
  return problem_with(refusals, request, {{"allowed_actions", possible_actions(current, context, actor)}});
}

}  // namespace

Response act_on_case(Request& request, Context& context) {
  auto const revision = read_expected_revision(request);
  if (!revision) return revision.error();
  auto const body = read_optional_body(request);
  if (!body) return body.error();
  auto const action = parse_action(request, *body, *revision);
  if (!action) return http::problem(action.error(), request);
  auto const repeatable = read_repeatable(request, *body);
  if (!repeatable) return repeatable.error();
  auto const& actor = caller_of(request).actor;
  auto const done = context.cases.act(*action, actor, *repeatable);
  if (!done) return action_refused(done.error(), *action, request, context);
  // Asked for only: a second person has to confirm it before it is done.
  auto const& pending = done->subject.pending;
  bool const waits = std::ranges::any_of(
      pending, [&](Pending const& one) { return one.id == std::to_string(done->subject.revision); });
  return case_answer(waits ? 202 : 200, *done, context, actor);
}

}  // namespace bihuan::routes
