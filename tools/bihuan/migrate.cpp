// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/migrate.hpp"

#include <istream>
#include <ostream>

#include "engine/core/message.hpp"
#include "engine/service/migrations.hpp"
#include "tools/bihuan/data_directory.hpp"
#include "tools/bihuan/open_store.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

constexpr std::size_t cases_at_once = 200;

std::string number(std::int64_t count) {
  return std::to_string(count);
}

void tell(MigrationOutlook const& outlook, MigrateOptions const& options, std::ostream& out) {
  say(out, message("migrate.outlook", {{"workflow", options.workflow},
                                       {"version", options.to},
                                       {"cases", number(outlook.cases)},
                                       {"unfit", number(outlook.unfit)}}));
  for (auto const& line : outlook.states)
    say(out, message("migrate.state", {{"version", line.version},
                                       {"state", line.state},
                                       {"to", line.to.empty() ? "—" : line.to},
                                       {"cases", number(line.cases)},
                                       {"unfit", number(line.unfit)}}));
  for (auto const& line : outlook.deadlines)
    say(out, message("migrate.deadline", {{"version", line.version},
                                          {"deadline", line.title},
                                          {"cases", number(line.cases)},
                                          {"why", line.why},
                                          {"earlier", number(line.earlier)},
                                          {"later", number(line.later)},
                                          {"overdue", number(line.overdue)}}));
  if (outlook.lapsing > 0) say(out, message("migrate.lapsing", {{"count", number(outlook.lapsing)}}));
  for (auto const& one : outlook.unfit_cases) {
    for (auto const& reason : one.reasons)
      say(out,
          message("migrate.unfit",
                  {{"number", one.number}, {"state", one.state}, {"pointer", reason.pointer}, {"text", reason.text}}));
  }
  auto const untold = outlook.unfit - static_cast<std::int64_t>(outlook.unfit_cases.size());
  if (untold > 0) say(out, message("migrate.untold", {{"count", number(untold)}}));
}

Json to_json(MigrationOutlook const& outlook) {
  Json states = Json::array();
  for (auto const& line : outlook.states)
    states.push_back({{"version", line.version},
                      {"state", line.state},
                      {"to", line.to.empty() ? Json() : Json(line.to)},
                      {"cases", line.cases},
                      {"unfit", line.unfit}});
  Json deadlines = Json::array();
  for (auto const& line : outlook.deadlines)
    deadlines.push_back({{"version", line.version},
                         {"deadline", line.deadline},
                         {"to", line.to.empty() ? Json() : Json(line.to)},
                         {"clock", line.clock},
                         {"cases", line.cases},
                         {"earlier", line.earlier},
                         {"later", line.later},
                         {"overdue", line.overdue}});
  Json unfit = Json::array();
  for (auto const& one : outlook.unfit_cases) {
    Json reasons = Json::array();
    for (auto const& reason : one.reasons)
      reasons.push_back({{"code", code_name(reason.code)},
                         {"pointer", reason.pointer},
                         {"text", {{"zh", reason.text.zh}, {"en", reason.text.en}}}});
    unfit.push_back({{"case", one.id}, {"number", one.number}, {"state", one.state}, {"reasons", reasons}});
  }
  return {{"cases", outlook.cases}, {"unfit", outlook.unfit}, {"lapsing", outlook.lapsing},
          {"states", states},       {"deadlines", deadlines}, {"unfit_cases", unfit}};
}

Result<std::optional<MigrationMap>> read_map(std::filesystem::path const& file) {
  if (file.empty()) return std::optional<MigrationMap>();
  auto const document = read_json_file(file);
  auto map = document ? parse_migration_map(*document, "") : refused(document.error());
  if (!map) {
    auto faults = map.error();
    for (auto& fault : faults) fault.pointer = file.filename().string() + "#" + fault.pointer;
    return refused(std::move(faults));
  }
  return std::optional(std::move(*map));
}

Result<void> record(Store& store, MigrateOptions const& options, std::int64_t moved, Instant now) {
  AuditEvent event;
  event.at = now;
  event.kind = AuditKind::administration_changed;
  event.detail = {{"what", "cases_migrated"}, {"workflow", options.workflow},
                  {"version", options.to},    {"reason", options.reason},
                  {"moved", moved},           {"by", "command line"}};
  return store.audit().append({event});
}

bool agrees(std::istream& in, std::ostream& out) {
  say(out, message("migrate.ask"));
  std::string answer;
  std::getline(in, answer);
  return answer == "yes" || answer == "y" || answer == "是";
}

Result<int> migrate(MigrateOptions const& options, Library& library, Store& store, Instant now, std::istream& in,
                    std::ostream& out) {
  if (auto const fit = library.reconcile(store); !fit) return refused(fit.error());
  auto map = read_map(options.map);
  if (!map) return refused(map.error());
  MigrationRequest const request{.workflow = options.workflow,
                                 .version = options.to,
                                 .map = std::move(*map),
                                 .reason = options.reason,
                                 .leave_unfit = options.leave_unfit};
  Migrations migrations(store, library, [now] { return now; });
  auto const outlook = migrations.outlook(request, Visibility::of_everything());
  if (!outlook) return refused(outlook.error());
  bool const stuck = outlook->unfit > 0 && !options.leave_unfit;
  if (options.json)
    out << canonical(to_json(*outlook)) << "\n";
  else
    tell(*outlook, options, out);
  if (options.dry_run) return stuck ? said_no : done;
  if (stuck)
    return refused(refusal(Code::cases_do_not_fit, "", {{"count", number(outlook->unfit)}, {"version", options.to}}));
  if (outlook->cases == outlook->unfit) return done;
  if (!options.yes && !agrees(in, out)) return said_no;
  std::int64_t moved = 0;
  std::string cursor;
  do {
    auto const batch = migrations.move(request, outlook->stamp, Actor::the_system(), cases_at_once, cursor);
    if (!batch) return refused(batch.error());
    moved += batch->moved;
    cursor = batch->next_cursor;
    if (!options.json)
      say(out, message("migrate.progress", {{"moved", number(moved)}, {"remaining", number(batch->remaining)}}));
  } while (!cursor.empty());
  if (auto const recorded = record(store, options, moved, now); !recorded) return refused(recorded.error());
  if (options.json) out << canonical(Json{{"moved", moved}}) << "\n";
  return done;
}

int refuse(std::ostream& err, Refusals const& refusals) {
  print_refusals(err, refusals);
  if (refusals.front().code == Code::store_in_use) say(err, message("migrate.stop_server"));
  return said_no;
}

}  // namespace

int run_migrate(MigrateOptions const& options, Instant now, std::istream& in, std::ostream& out, std::ostream& err) {
  if (options.store.empty() && !holds_data(options.data, err)) return said_no;
  return say_faults(err, [&] {
    auto library = Library::load(options.workflows);
    if (!library) return refuse(err, library.error());
    auto const store = open_store(options.data, options.store, KeyUse::spared);
    if (!store) return refuse(err, store.error());
    auto const migrated = migrate(options, *library, **store, now, in, out);
    return migrated ? *migrated : refuse(err, migrated.error());
  });
}

}  // namespace bihuan
