// SPDX-License-Identifier: Apache-2.0
#include "engine/service/substitutes.hpp"

#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"

namespace bihuan::routes {
namespace {

OrderedJson render(Substitution const& one, Instant now) {
  Zone const zone;
  OrderedJson shown;
  shown["id"] = one.id;
  shown["absent"] = one.absent;
  shown["substitute"] = one.substitute;
  shown["from"] = zone.format(one.from);
  shown["to"] = zone.format(one.to);
  shown["recorded_by"] = one.recorded_by;
  shown["active"] = one.from <= now && now < one.to;
  return shown;
}

Instant read_instant(Reader& reader, std::string_view name) {
  auto const text = reader.text(name);
  if (text.empty()) return {};
  auto const read = parse_instant(text, pointer_to(reader.pointer(), name));
  if (read) return *read;
  reader.faults().insert(reader.faults().end(), read.error().begin(), read.error().end());
  return {};
}

}  // namespace

Response list_substitutes(Request& request, Context& context) {
  auto items = OrderedJson::array();
  for (auto const& one : bihuan::list_substitutes(context.store, caller_of(request).person))
    items.push_back(render(one, context.cases.now()));
  return page_answer(std::move(items), {}, request);
}

Response add_substitute(Request& request, Context& context) {
  auto const body = read_body(request);
  if (!body) return body.error();
  auto const& person = caller_of(request).person;
  auto const now = context.cases.now();
  Refusals faults;
  Reader reader(*body, {}, faults);
  Substitution wanted{.id = make_id(now),
                      .absent = reader.text_or("absent", person.id),
                      .substitute = reader.text("substitute"),
                      .from = read_instant(reader, "from"),
                      .to = read_instant(reader, "to"),
                      .recorded_by = {}};
  reader.finish();
  if (!faults.empty()) return http::problem(faults, request);
  if (auto unrecorded = put_on_record(request, context, "substitute_added",
                                      {{"absent", wanted.absent},
                                       {"substitute", wanted.substitute},
                                       {"from", Zone().format(wanted.from)},
                                       {"to", Zone().format(wanted.to)}}))
    return std::move(*unrecorded);
  auto const added = bihuan::add_substitute(context.store, std::move(wanted), person, now);
  if (!added) return http::problem(added.error(), request);
  auto response = json_answer(201, render(*added, now));
  response.headers.add("Location", "/api/v1/substitutes/" + added->id);
  return response;
}

Response end_substitute(Request& request, Context& context) {
  auto const& id = request.path_parameter("id");
  if (auto unrecorded = put_on_record(request, context, "substitute_ended", {{"substitution", id}}))
    return std::move(*unrecorded);
  auto const ended = bihuan::end_substitute(context.store, id, caller_of(request).person, context.cases.now());
  if (!ended) return http::problem(ended.error(), request);
  return Response{.status = 204};
}

}  // namespace bihuan::routes
