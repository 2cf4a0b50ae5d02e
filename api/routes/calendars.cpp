// SPDX-License-Identifier: Apache-2.0
#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/render.hpp"
#include "engine/core/message.hpp"

namespace bihuan::routes {
namespace {

OrderedJson render_line(Calendar const& calendar, Library const& library) {
  auto workflows = OrderedJson::array();
  for (auto const* const definition : library.current_definitions()) {
    if (definition->calendar == calendar.id()) workflows.push_back(definition->id);
  }
  OrderedJson shown;
  shown["id"] = calendar.id();
  shown["title"] = render(calendar.title());
  shown["zone"] = calendar.zone().name();
  shown["announced_until"] =
      calendar.announced_until() == 0 ? OrderedJson(nullptr) : OrderedJson(calendar.announced_until());
  shown["workflows"] = std::move(workflows);
  return shown;
}

}  // namespace

Response list_calendars(Request& request, Context& context) {
  auto items = OrderedJson::array();
  for (auto const* const calendar : context.library().calendars())
    items.push_back(render_line(*calendar, context.library()));
  return page_answer(std::move(items), {}, request);
}

Response get_calendar(Request& request, Context& context) {
  auto const& library = context.library();
  auto const* const calendar = library.find_calendar(request.path_parameter("id"));
  if (calendar == nullptr) return http::problem(refusal(Code::not_found, {}), request);
  auto body = render_line(*calendar, library);
  auto const document = library.calendar_document(calendar->id());
  body["fixed_days"] = document.contains("fixed_days") ? document.at("fixed_days") : OrderedJson::array();
  body["years"] = OrderedJson::array();
  for (auto const& [year, announced] : document.at("years").items()) {
    OrderedJson shown{{"year", std::stoi(year)}, {"notice", announced.at("notice")}};
    for (auto const* const days : {"days_off", "working_days"}) {
      shown[days] = announced.contains(days) ? announced.at(days) : OrderedJson::array();
    }
    body["years"].push_back(std::move(shown));
  }
  return json_answer(200, body);
}

}  // namespace bihuan::routes
