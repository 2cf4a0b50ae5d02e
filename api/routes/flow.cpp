// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "api/routes/answer.hpp"
#include "api/routes/case_query.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "engine/core/message.hpp"

namespace bihuan::routes {
namespace {

constexpr int weeks_default = 12;
constexpr int weeks_most = 53;

Step<int> read_weeks(Request const& request) {
  auto const text = request.query_parameter("weeks");
  if (!text) return weeks_default;
  int weeks = 0;
  auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), weeks);
  if (error == std::errc() && end == text->data() + text->size() && weeks >= 1 && weeks <= weeks_most) return weeks;
  auto const expected = message("expected.whole_number_between", {{"from", "1"}, {"to", std::to_string(weeks_most)}});
  return tl::make_unexpected(
      parameter_problem(refusal(Code::out_of_bounds, "/query/weeks", {{"expected", expected}}), request));
}

// The Monday on which this week, or one so many weeks ago, began.
Date monday_before(Date today, int weeks) {
  std::chrono::sys_days const day(today);
  return Date(day - (std::chrono::weekday(day) - std::chrono::Monday) - std::chrono::weeks(weeks));
}

}  // namespace

// What came and went in each of the last weeks, the present one included.
Response get_flow(Request& request, Context& context) {
  auto const weeks = read_weeks(request);
  if (!weeks) return weeks.error();
  auto const workflow = read_workflow_parameter(request, context.library());
  if (!workflow) return workflow.error();
  Zone const zone;
  auto const now = context.cases.now();
  std::vector<Instant> bounds;
  for (int ago = *weeks - 1; ago >= -1; --ago) bounds.push_back(zone.start_of(monday_before(zone.date_of(now), ago)));
  auto const flows = context.cases.flow(bounds, *workflow, caller_of(request).actor);
  OrderedJson body;
  body["workflow"] = *workflow ? OrderedJson(**workflow) : OrderedJson(nullptr);
  body["at"] = zone.format(now);
  body["weeks"] = OrderedJson::array();
  for (std::size_t place = 0; place < flows.size(); ++place) {
    auto const& flow = flows[place];
    body["weeks"].push_back({{"from", zone.format(bounds[place])},
                             {"to", zone.format(bounds[place + 1] - std::chrono::seconds(1))},
                             {"opened", flow.opened},
                             {"closed", flow.closed},
                             {"opened_and_closed", flow.opened_and_closed}});
  }
  if (auto full = record(request, context, look_at_list(AuditKind::report_viewed, request, flows.size()))) {
    return std::move(*full);
  }
  return json_answer(200, body);
}

}  // namespace bihuan::routes
