// SPDX-License-Identifier: Apache-2.0
#include "api/routes/answer.hpp"
#include "api/routes/case_query.hpp"
#include "api/routes/case_shape.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"

namespace bihuan::routes {

// The cases whose next step is the caller's unit's, soonest due first; how many they are, where that is asked.
Response get_worklist(Request& request, Context& context) {
  auto const limit = read_limit(request);
  if (!limit) return limit.error();
  auto const count = request.query_parameter("count");
  if (count && *count != "exact") return parameter_problem(not_among("count", *count, {"exact"}), request);
  auto const& actor = caller_of(request).actor;
  auto const cursor = std::string(request.query_parameter("cursor").value_or(""));
  auto page = context.cases.worklist(actor, *limit, cursor);
  if (!page) return problem_as(400, page.error(), request);
  auto seen = look_at_list(AuditKind::worklist_viewed, request, page->items.size());
  if (auto full = record(request, context, std::move(seen))) return std::move(*full);
  std::optional<std::int64_t> total;
  if (count) total = context.cases.count_worklist(actor);
  return written_page(listed_cases(page->items, context.library(), context.cases.now()), page->next_cursor, request,
                      total);
}

}  // namespace bihuan::routes
