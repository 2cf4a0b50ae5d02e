// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <set>

#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "engine/core/message.hpp"
#include "engine/format/temporary_file.hpp"
#include "engine/service/case_package.hpp"

namespace bihuan::routes {
namespace {

OrderedJson hex_list(std::vector<MerkleHash> const& hashes) {
  auto list = OrderedJson::array();
  for (auto const& hash : hashes) list.push_back(hex_of(hash));
  return list;
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  auto const [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The head of the seal with the number that an address or a parameter gives.
std::optional<TreeHead> head_of(std::string_view text, Context& context) {
  auto const number = number_in(text);
  return number ? context.sealer.find(*number) : std::nullopt;
}

Response head_answer(std::optional<TreeHead> const& head, Request const& request) {
  if (!head) return http::problem(refusal(Code::not_found, {}), request);
  return json_answer(200, OrderedJson(head_to_json(*head)));
}

}  // namespace

Response get_newest_seal(Request& request, Context& context) {
  auto response = head_answer(context.sealer.newest(), request);
  response.headers.set("Cache-Control", "no-store");
  return response;
}

Response get_seal(Request& request, Context& context) {
  return head_answer(head_of(request.path_parameter("number"), context), request);
}

// That what an older seal covered is the beginning of what this one covers.
Response get_seal_consistency(Request& request, Context& context) {
  auto const newer = head_of(request.path_parameter("number"), context);
  if (!newer) return http::problem(refusal(Code::not_found, {}), request);
  auto const since = request.query_parameter("since");
  if (!since) return parameter_problem(refusal(Code::missing, "/query/since", {{"name", "since"}}), request);
  auto const older = head_of(*since, context);
  if (!older || older->number > newer->number) {
    auto const expected = message("expected.between", {{"least", "1"}, {"most", std::to_string(newer->number)}});
    return parameter_problem(refusal(Code::out_of_bounds, "/query/since", {{"expected", expected}}), request);
  }
  // Of a log that has no leaves yet, every log is the continuation.
  auto path = OrderedJson::array();
  if (older->size > 0) path = hex_list(context.sealer.consistency(older->size, newer->size).value());
  return json_answer(200, {{"older", OrderedJson(head_to_json(*older))},
                           {"newer", OrderedJson(head_to_json(*newer))},
                           {"path", std::move(path)}});
}

Response get_case_proofs(Request& request, Context& context) {
  auto const& id = request.path_parameter("id");
  auto const events = context.cases.history_to_prove(id, caller_of(request).actor);
  bool const found = events || events.error().front().code == Code::proofs_kept;
  if (auto full = record(request, context, look_at(AuditKind::history_viewed, id, found))) return std::move(*full);
  if (!events) return http::problem(events.error(), request);
  // Events that are hidden from the caller are not proven to be there either.
  std::set<std::pair<std::int64_t, int>> shown;
  for (auto const& event : *events) shown.emplace(event.revision, event.index);
  auto const proofs = context.sealer.prove(id);
  auto items = OrderedJson::array();
  for (auto const& proof : proofs.events)
    if (shown.contains({proof.revision, proof.index})) items.push_back(OrderedJson(proof_to_json(proof)));
  auto response = json_answer(200, {{"head", OrderedJson(head_to_json(proofs.head))}, {"events", std::move(items)}});
  response.headers.set("Cache-Control", "no-store");
  return response;
}

Response get_case_package(Request& request, Context& context) {
  auto const& id = request.path_parameter("id");
  auto const& actor = caller_of(request).actor;
  auto const found = context.cases.find(id, actor);
  auto seen = look_at(AuditKind::exported, id, found.has_value());
  seen.detail["format"] = "package";
  if (auto full = record(request, context, std::move(seen))) return std::move(*full);
  if (!found) return http::problem(found.error(), request);
  // Made whole before it goes out, so that a fault is still answered as one.
  auto const file = std::make_shared<TemporaryFile>();
  auto const about = write_package(file->path(), id, actor, context.cases, context.sealer);
  if (!about) return http::problem(about.error(), request);
  Response response;
  response.headers.add("Content-Type", "application/zip");
  response.headers.add("Content-Disposition", "attachment; filename=\"" + about->number + ".zip\"");
  response.headers.add("Cache-Control", "no-store");
  response.source_length = file->size();
  response.source = [file](std::span<char> out) { return file->read(out); };
  return response;
}

}  // namespace bihuan::routes
