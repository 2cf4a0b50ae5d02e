// SPDX-License-Identifier: Apache-2.0
#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "engine/store/digest.hpp"

namespace bihuan::routes {

// Everybody's name, for whoever reads a history or picks a person. Always one page; those who have left are in it,
// since what they did is still read.
Response list_directory(Request& request, Context& context) {
  auto items = OrderedJson::array();
  for (auto const& person : context.accounts.list()) {
    items.push_back(
        {{"id", person.id}, {"full_name", person.full_name}, {"unit", person.unit}, {"active", person.active}});
  }
  auto response = page_answer(std::move(items), {}, request);
  auto const tag = '"' + hash_of(response.body).substr(0, 32) + '"';
  if (has_current(request, tag)) return not_modified(tag);
  response.headers.add("ETag", tag);
  return response;
}

}  // namespace bihuan::routes
