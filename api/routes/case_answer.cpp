// SPDX-License-Identifier: Apache-2.0
#include "api/routes/case_answer.hpp"

#include <algorithm>

#include "api/routes/case_shape.hpp"
#include "api/routes/record.hpp"
#include "engine/core/message.hpp"
#include "engine/store/chain.hpp"

namespace bihuan::routes {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t key_limit = 128;       // characters of an Idempotency-Key
constexpr std::size_t comment_limit = 8000;  // bytes: about 2,600 Chinese characters

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= key_limit &&
         std::ranges::all_of(text, [](char character) { return character > 0x20 && character < 0x7F; });
}

OrderedJson possible_actions(CaseAt const& current, Context& context, Actor const& actor) {
  auto names = OrderedJson::array();
  for (auto const& offered : context.cases.allowed_actions(current.subject, actor, current.at)) {
    if (offered.possible) names.push_back(offered.name);
  }
  return names;
}

// The id of a case that was tried and is none to the caller: the one that was to be acted on, or the one that it was to
// be linked with.
std::optional<std::string> id_tried(Refusal const& refusal, ActionRequest const& action) {
  if (refusal.code == Code::not_found) return action.case_id;
  if (refusal.code == Code::unknown_reference && action.action == "link" && refusal.pointer == "/input/case")
    return action.input.at("case");
  return std::nullopt;
}

}  // namespace

std::string case_with_actions(CaseAt const& found, Context& context, Actor const& actor) {
  return case_with_actions(context.cases.shown(found.subject, actor),
                           context.cases.allowed_actions(found.subject, actor, found.at), context.library(), found.at);
}

std::string shown_tag(Case const& found, Context& context, Actor const& actor) {
  return entity_tag(context.cases.known_revisions(found, actor).shown(found.revision));
}

Response case_answer(int status, CaseAt const& found, Context& context, Actor const& actor) {
  auto response = written_answer(status, case_with_actions(found, context, actor));
  response.headers.add("ETag", shown_tag(found.subject, context, actor));
  return response;
}

Step<OrderedJson> read_optional_body(Request const& request) {
  if (request.body.empty()) return OrderedJson::object();
  return read_body(request);
}

Response action_refused(Refusals refusals, ActionRequest const& action, Request const& request, Context& context) {
  if (auto const tried = id_tried(refusals.front(), action)) {
    if (auto full = record(request, context, look_at(AuditKind::case_viewed, *tried, false))) return std::move(*full);
  }
  auto const status = http::status_of(refusals.front().code);
  if (status != 409 && status != 412) return http::problem(refusals, request);
  auto const& actor = caller_of(request).actor;
  auto found = context.cases.find(action.case_id, actor);
  if (!found) return http::problem(found.error(), request);
  CaseAt const current{.subject = std::move(*found), .at = context.cases.now()};
  // Somebody came first while this one was being decided: to the caller that is a stale revision like any
  // other.
  auto const shown = context.cases.known_revisions(current.subject, actor).shown(current.subject.revision);
  if (refusals.front().code == Code::conflict && shown != action.expected_revision) {
    refusals = {stale_version("/header/If-Match", *action.expected_revision, shown)};
  }
  if (http::status_of(refusals.front().code) == 412) {
    auto seen = look_at(AuditKind::case_viewed, action.case_id, true);
    if (auto full = record(request, context, std::move(seen))) return std::move(*full);
    auto response =
        problem_with(refusals, request, {{"current", OrderedJson::parse(case_with_actions(current, context, actor))}});
    response.headers.add("ETag", entity_tag(shown));
    return response;
  }
  return problem_with(refusals, request, {{"allowed_actions", possible_actions(current, context, actor)}});
}

Step<std::optional<Repeatable>> read_repeatable(Request const& request, OrderedJson const& body) {
  auto const key = request.headers.find("idempotency-key");
  if (!key) return std::nullopt;
  if (!is_key(*key)) {
    return tl::make_unexpected(
        parameter_problem(refusal(Code::bad_format, "/header/Idempotency-Key",
                                  {{"value", *key}, {"expected", message("expected.idempotency_key")}}),
                          request));
  }
  auto const asked = Json::array(
      {request.method, request.path, std::string(request.headers.find("if-match").value_or("")), Json(body)});
  return Repeatable{.key = std::string(*key), .request_hash = hash_of(canonical(asked))};
}

std::map<std::string, std::vector<std::string>> read_documents(Reader& reader) {
  std::map<std::string, std::vector<std::string>> documents;
  auto const* const given = reader.find("documents");
  if (given == nullptr || given->is_null()) return documents;
  Reader kinds(*given, pointer_to(reader.pointer(), "documents"), reader.faults());
  if (kinds.is_object()) {
    for (auto const& [kind, hashes] : given->items()) documents[kind] = kinds.texts(kind);
  }
  kinds.finish();
  return documents;
}

Json read_object(Reader& reader, std::string_view name) {
  auto const* const given = reader.find(name);
  if (given == nullptr || given->is_null()) return Json::object();
  if (!given->is_object()) {
    // Complains of the wrong type with this pointer.
    Reader(*given, pointer_to(reader.pointer(), name), reader.faults()).finish();
    return Json::object();
  }
  return Json(*given);
}

std::string read_comment(Reader& reader) {
  auto comment = reader.text_or("comment", {});
  if (auto fault = check_text(comment, comment_limit, pointer_to(reader.pointer(), "comment"))) {
    reader.faults().push_back(std::move(*fault));
  }
  return comment;
}

}  // namespace bihuan::routes
