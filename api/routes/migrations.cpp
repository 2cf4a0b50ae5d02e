// SPDX-License-Identifier: Apache-2.0
#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "api/routes/render.hpp"
#include "engine/core/access.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"

namespace bihuan::routes {
namespace {

constexpr std::int64_t most_at_once = 200;
constexpr std::size_t reason_limit = 2000;  // bytes

struct Wanted {
  MigrationRequest migration;
  bool dry_run = true;
  std::size_t limit = most_at_once;
  std::string cursor;
};

Step<Wanted> read_wanted(Request const& request) {
  auto const body = read_body(request);
  if (!body) return tl::make_unexpected(body.error());
  Refusals faults;
  Reader reader(*body, {}, faults);
  Wanted wanted;
  wanted.migration.workflow = request.path_parameter("id");
  wanted.migration.version = reader.text("to");
  wanted.migration.reason = reader.text_or("reason", "");
  wanted.migration.leave_unfit = reader.boolean_or("leave_unfit", false);
  wanted.dry_run = reader.boolean_or("dry_run", true);
  wanted.cursor = reader.text_or("cursor", "");
  auto const limit = reader.integer_or("limit", most_at_once);
  if (limit < 1 || limit > most_at_once)
    reader.fault(Code::out_of_bounds, "limit",
                 {{"expected", message("expected.at_most", {{"limit", std::to_string(most_at_once)}})}});
  wanted.limit = static_cast<std::size_t>(std::max(limit, std::int64_t{1}));
  if (auto fault = check_text(wanted.migration.reason, reason_limit, "/reason")) faults.push_back(std::move(*fault));
  if (auto const* const given = reader.find("map"); given != nullptr && !given->is_null()) {
    if (auto map = parse_migration_map(*given, "/map"))
      wanted.migration.map = std::move(*map);
    else
      append(faults, map.error());
  }
  reader.finish();
  if (!faults.empty()) return tl::make_unexpected(problem_as(422, faults, request));
  return wanted;
}

OrderedJson render(MovingState const& line) {
  OrderedJson shown;
  shown["version"] = line.version;
  shown["state"] = line.state;
  shown["title"] = routes::render(line.title);
  shown["to"] = line.to.empty() ? OrderedJson(nullptr) : OrderedJson(line.to);
  shown["to_title"] = line.to.empty() ? OrderedJson(nullptr) : routes::render(line.to_title);
  shown["cases"] = line.cases;
  shown["unfit"] = line.unfit;
  return shown;
}

OrderedJson render(MovingDeadline const& line) {
  OrderedJson shown;
  shown["version"] = line.version;
  shown["deadline"] = line.deadline;
  shown["title"] = routes::render(line.title);
  shown["to"] = line.to.empty() ? OrderedJson(nullptr) : OrderedJson(line.to);
  shown["clock"] = line.clock;
  shown["why"] = routes::render(line.why);
  shown["cases"] = line.cases;
  shown["earlier"] = line.earlier;
  shown["later"] = line.later;
  shown["overdue"] = line.overdue;
  return shown;
}

OrderedJson render(UnfitCase const& one) {
  OrderedJson shown;
  shown["id"] = one.id;
  shown["number"] = one.number;
  shown["version"] = one.version;
  shown["state"] = one.state;
  shown["reasons"] = OrderedJson::array();
  for (auto const& reason : one.reasons) shown["reasons"].push_back(routes::render(reason));
  return shown;
}

OrderedJson render(MigrationOutlook const& outlook) {
  OrderedJson body;
  body["dry_run"] = true;
  body["cases"] = outlook.cases;
  body["unfit"] = outlook.unfit;
  body["lapsing"] = outlook.lapsing;
  body["states"] = OrderedJson::array();
  for (auto const& line : outlook.states) body["states"].push_back(render(line));
  body["deadlines"] = OrderedJson::array();
  for (auto const& line : outlook.deadlines) body["deadlines"].push_back(render(line));
  body["reasons"] = OrderedJson::array();
  for (auto const& reason : outlook.reasons)
    body["reasons"].push_back({{"code", reason.code}, {"pointer", reason.pointer}, {"cases", reason.cases}});
  body["unfit_cases"] = OrderedJson::array();
  for (auto const& one : outlook.unfit_cases) body["unfit_cases"].push_back(render(one));
  return body;
}

Response show_outlook(Wanted const& wanted, Request const& request, Context& context) {
  // Who may see a case reads why it does not fit; the others read how many there are.
  auto const outlook = context.migrations.outlook(wanted.migration, context.cases.visibility(caller_of(request).actor));
  if (!outlook) return http::problem(outlook.error(), request);
  auto response = json_answer(200, render(*outlook));
  response.headers.add("ETag", '"' + outlook->stamp + '"');
  return response;
}

}  // namespace

Response migrate_cases(Request& request, Context& context) {
  auto const wanted = read_wanted(request);
  if (!wanted) return wanted.error();
  // Whoever moves cases has to know how many: where that is not told, they are moved by the verb at the machine.
  auto const* const current = context.library().current(wanted->migration.workflow);
  if (current && !may_be_counted(*current, context.cases.visibility(caller_of(request).actor)))
    return http::problem(refusal(Code::cases_not_counted, {}, {{"workflow", current->title}}), request);
  if (wanted->dry_run) return show_outlook(*wanted, request, context);
  // Which plan the caller has looked at: the tag that the dry run gave.
  auto const stamp = read_expected_tag(request);
  if (!stamp) return stamp.error();
  auto const& migration = wanted->migration;
  if (auto unrecorded = put_on_record(
          request, context, "cases_migrated",
          {{"workflow", migration.workflow}, {"version", migration.version}, {"reason", migration.reason}}))
    return std::move(*unrecorded);
  auto const batch =
      context.migrations.move(migration, *stamp, caller_of(request).actor, wanted->limit, wanted->cursor);
  if (!batch) return http::problem(batch.error(), request);
  OrderedJson body;
  body["dry_run"] = false;
  body["moved"] = batch->moved;
  body["unfit"] = batch->unfit;
  body["remaining"] = batch->remaining;
  body["next_cursor"] = batch->next_cursor.empty() ? OrderedJson(nullptr) : OrderedJson(batch->next_cursor);
  return json_answer(200, body);
}

}  // namespace bihuan::routes
