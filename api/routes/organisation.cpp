// SPDX-License-Identifier: Apache-2.0
#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/render.hpp"

namespace bihuan::routes {

// A district has tens of units: always one page.
Response list_units(Request& request, Context& context) {
  auto items = OrderedJson::array();
  for (auto const& unit : context.library().organisation().units()) items.push_back(render(unit));
  return page_answer(std::move(items), {}, request);
}

}  // namespace bihuan::routes
