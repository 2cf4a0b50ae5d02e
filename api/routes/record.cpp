// SPDX-License-Identifier: Apache-2.0
#include "api/routes/record.hpp"

#include <algorithm>
#include <utility>

#include "api/http/problem.hpp"

namespace bihuan::routes {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t id_limit = 64;  // bytes; ids are shorter, and what is none is cut

std::optional<Response> keep(AuditEvent event, Request const& request, Context& context) {
  event.address = request.remote_address;
  if (auto const kept = context.audit.record(std::move(event)); !kept) return http::busy_problem(request);
  return std::nullopt;
}

std::string shortened(std::string const& text) {
  auto end = std::min(text.size(), id_limit);
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

}  // namespace

std::optional<Response> record(Request const& request, Context& context, Seen seen) {
  return record_for(&caller_of(request).person, request, context, std::move(seen));
}

std::optional<Response> put_on_record(Request const& request, Context& context, std::string_view what, Json of) {
  of["what"] = what;
  return record(request, context, {.kind = AuditKind::administration_changed, .detail = std::move(of)});
}

std::optional<Response> record_for(Person const* person, Request const& request, Context& context, Seen seen) {
  AuditEvent event;
  event.kind = seen.kind;
  event.case_id = std::move(seen.case_id);
  event.detail = std::move(seen.detail);
  if (person != nullptr) {
    event.person = person->id;
    event.unit = person->unit;
  }
  return keep(std::move(event), request, context);
}

Seen look_at(AuditKind kind, std::string const& case_id, bool found) {
  return {.kind = kind, .case_id = shortened(case_id), .detail = {{"found", found}}};
}

Seen look_at_list(AuditKind kind, Request const& request, std::size_t shown) {
  Json filter = Json::object();
  for (auto const& [name, value] : request.query) {
    // Where a page goes on says nothing to a person.
    if (name != "cursor") filter[name] = value;
  }
  return {.kind = kind, .detail = {{"filter", std::move(filter)}, {"shown", shown}}};
}

}  // namespace bihuan::routes
