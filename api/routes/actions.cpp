// SPDX-License-Identifier: Apache-2.0
#include "api/routes/answer.hpp"
#include "api/routes/case_answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "engine/core/message.hpp"

namespace bihuan::routes {
namespace {

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
