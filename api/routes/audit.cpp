// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "api/routes/answer.hpp"
#include "api/routes/case_query.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "engine/core/message.hpp"
#include "engine/store/audit_chain.hpp"

namespace bihuan::routes {
namespace {

OrderedJson or_null(std::string const& text) {
  return text.empty() ? OrderedJson(nullptr) : OrderedJson(text);
}

OrderedJson render(AuditEvent const& event) {
  OrderedJson shown;
  shown["sequence"] = event.sequence;
  shown["at"] = Zone().format(event.at);
  shown["kind"] = audit_kind_name(event.kind);
  shown["person"] = or_null(event.person);
  shown["unit"] = or_null(event.unit);
  shown["case"] = or_null(event.case_id);
  shown["address"] = or_null(event.address);
  shown["detail"] = event.detail;
  shown["previous"] = or_null(event.previous);
  shown["hash"] = event.hash;
  return shown;
}

std::optional<std::string> text_of(Request const& request, std::string_view name) {
  auto const value = request.query_parameter(name);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

// An instant, or the first second of a date.
std::optional<Instant> read_instant(Request const& request, std::string_view name, Refusals& faults) {
  auto text = text_of(request, name);
  if (!text) return std::nullopt;
  // The + of an offset stands for a space when nobody encoded it.
  std::ranges::replace(*text, ' ', '+');
  if (auto const date = parse_date(*text)) return Zone().start_of(*date);
  if (auto const instant = parse_instant(*text)) return *instant;
  faults.push_back(refusal(Code::bad_format, "/query/" + std::string(name),
                           {{"value", *text}, {"expected", message("expected.instant_or_date")}}));
  return std::nullopt;
}

std::optional<AuditKind> read_kind(Request const& request, Refusals& faults) {
  auto const name = text_of(request, "kind");
  if (!name) return std::nullopt;
  auto const kind = parse_audit_kind(*name);
  if (!kind) {
    std::vector<std::string> names;
    for (auto const known : all_audit_kinds()) names.emplace_back(audit_kind_name(known));
    faults.push_back(not_among("kind", *name, names));
  }
  return kind;
}

Step<AuditQuery> read_query(Request const& request) {
  auto const limit = read_limit(request);
  if (!limit) return tl::make_unexpected(limit.error());
  Refusals faults;
  AuditQuery query;
  query.person = text_of(request, "person");
  query.case_id = text_of(request, "case");
  query.kind = read_kind(request, faults);
  query.from = read_instant(request, "from", faults);
  query.to = read_instant(request, "to", faults);
  query.limit = *limit;
  query.cursor = text_of(request, "cursor").value_or("");
  if (!faults.empty()) return tl::make_unexpected(problem_as(400, faults, request));
  return query;
}

}  // namespace

// Reading the audit is on record like any other reading, after what is shown.
Response list_audit_events(Request& request, Context& context) {
  auto const query = read_query(request);
  if (!query) return query.error();
  context.audit.flush();
  auto const page = context.store.audit().list(*query);
  if (!page) return problem_as(400, page.error(), request);
  auto items = OrderedJson::array();
  for (auto const& event : page->items) items.push_back(render(event));
  if (auto full = record(request, context, look_at_list(AuditKind::audit_read, request, items.size()))) {
    return std::move(*full);
  }
  return page_answer(std::move(items), page->next_cursor, request);
}

}  // namespace bihuan::routes
