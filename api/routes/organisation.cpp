// SPDX-License-Identifier: Apache-2.0
#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "api/routes/render.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"

namespace bihuan::routes {
namespace {

OrderedJson render_kept(KeptUnit const& kept) {
  auto shown = render(kept.unit);
  shown["revision"] = kept.revision;
  return shown;
}

Response unit_answer(int status, KeptUnit const& kept) {
  auto response = json_answer(status, render_kept(kept));
  response.headers.add("ETag", entity_tag(kept.revision));
  return response;
}

Step<OrganisationUnit> read_new_unit(Request const& request) {
  auto const body = read_body(request);
  if (!body) return tl::make_unexpected(body.error());
  Refusals faults;
  Reader reader(*body, {}, faults);
  OrganisationUnit unit{.id = reader.text("id"),
                        .title = reader.bilingual("title"),
                        .kind = reader.text("kind"),
                        .parent = reader.text_or("parent", "")};
  reader.finish();
  if (!faults.empty()) return tl::make_unexpected(problem_as(422, faults, request));
  return unit;
}

// A merge patch (RFC 7396). Only the parent may be null: the unit then stands at the root.
Step<Units::Change> read_change(Request const& request) {
  auto const body = read_body(request);
  if (!body) return tl::make_unexpected(body.error());
  Refusals faults;
  Reader reader(*body, {}, faults);
  Units::Change change;
  if (reader.gives("title", "type.object")) change.title = reader.bilingual("title");
  if (reader.gives("kind", "type.text")) change.kind = reader.text("kind");
  if (reader.find("parent")) change.parent = reader.text_or("parent", "");
  if (reader.gives("dissolved", "type.boolean")) change.dissolved = reader.boolean_or("dissolved", false);
  reader.finish();
  if (!faults.empty()) return tl::make_unexpected(problem_as(422, faults, request));
  return change;
}

}  // namespace

// A district has tens of units: always one page.
Response list_units(Request& request, Context& context) {
  auto items = OrderedJson::array();
  for (auto const& kept : context.units.list()) items.push_back(render_kept(kept));
  return page_answer(std::move(items), {}, request);
}

Response get_unit(Request& request, Context& context) {
  auto const kept = context.units.find(request.path_parameter("id"));
  return kept ? unit_answer(200, *kept) : http::problem(refusal(Code::not_found, {}), request);
}

Response add_unit(Request& request, Context& context) {
  auto const unit = read_new_unit(request);
  if (!unit) return unit.error();
  if (auto unrecorded = put_on_record(request, context, "unit_added", {{"unit", unit->id}}))
    return std::move(*unrecorded);
  auto const added = context.units.add(*unit);
  if (!added) return http::problem(added.error(), request);
  auto response = unit_answer(201, *added);
  response.headers.add("Location", "/api/v1/units/" + percent_encoded(added->unit.id));
  return response;
}

Response change_unit(Request& request, Context& context) {
  auto const revision = read_expected_revision(request);
  if (!revision) return revision.error();
  auto const change = read_change(request);
  if (!change) return change.error();
  auto const& id = request.path_parameter("id");
  if (auto unrecorded = put_on_record(request, context, "unit_changed", {{"unit", id}})) return std::move(*unrecorded);
  auto const changed = context.units.change(id, *change, *revision);
  return changed ? unit_answer(200, *changed) : http::problem(changed.error(), request);
}

}  // namespace bihuan::routes
