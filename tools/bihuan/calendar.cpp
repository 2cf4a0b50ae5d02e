// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/calendar.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <ostream>
#include <system_error>

#include "engine/core/message.hpp"
#include "engine/service/reprojection.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tools/bihuan/data_directory.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/replace_file.hpp"

namespace bihuan {
namespace {

namespace fs = std::filesystem;

struct NewCalendar {
  std::string text;
  OrderedJson document;
  Calendar calendar;
};

Result<NewCalendar> read_new(fs::path const& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file) return refused(refusal(Code::not_found, path.string()));
  auto document = parse_ordered_json(text);
  auto calendar = document ? Calendar::parse(*document) : refused(document.error());
  if (!calendar) {
    auto faults = calendar.error();
    for (auto& fault : faults) fault.pointer = path.filename().string() + "#" + fault.pointer;
    return refused(std::move(faults));
  }
  return NewCalendar{std::move(text), std::move(*document), std::move(*calendar)};
}

// What only shows beside the calendar that it replaces.
Refusals compare(NewCalendar const& wanted, Library const& library, std::string const& file) {
  auto const& id = wanted.calendar.id();
  auto const* const present = library.find_calendar(id);
  if (!present)
    return {refusal(Code::unknown_reference, file + "#/id", {{"name", id}, {"kind", message("kind.calendar")}})};
  Refusals faults;
  for (auto const& [year, notice] : present->notices()) {
    auto const name = std::to_string(year);
    if (!wanted.calendar.notices().contains(year))
      faults.push_back(refusal(Code::missing, file + "#/years/" + name, {{"name", name}}));
  }
  return faults;
}

Json to_json(Reprojection const& result, Calendar const& calendar) {
  Json moved = Json::array();
  for (auto const& one : result.moved)
    moved.push_back({{"case", one.case_id},
                     {"number", one.number},
                     {"workflow", one.workflow},
                     {"deadline", one.deadline},
                     {"cycle", one.cycle},
                     {"from", calendar.zone().format(one.from)},
                     {"to", calendar.zone().format(one.to)},
                     {"provisional", one.provisional}});
  return {{"running", result.running}, {"settled", result.settled}, {"moved", moved}};
}

struct Loading {
  fs::path target;
  int announced_before = 0;
  bool dry_run = false;
};

void report(Loading const& loading, Reprojection const& result, Calendar const& calendar, bool json,
            std::ostream& out) {
  if (json) {
    auto document = to_json(result, calendar);
    document["calendar"] = calendar.id();
    document["file"] = loading.target.string();
    document["dry_run"] = loading.dry_run;
    document["announced_until"] = {{"before", loading.announced_before}, {"after", calendar.announced_until()}};
    out << canonical(document) << "\n";
    return;
  }
  say(out, message(loading.dry_run ? "calendar.would_replace" : "calendar.replaced",
                   {{"calendar", calendar.id()},
                    {"path", loading.target.string()},
                    {"before", std::to_string(loading.announced_before)},
                    {"after", std::to_string(calendar.announced_until())}}));
  for (auto const& one : result.moved)
    say(out, message("calendar.moved_one", {{"number", one.number},
                                            {"deadline", one.title},
                                            {"from", calendar.zone().format(one.from)},
                                            {"to", calendar.zone().format(one.to)}}));
  say(out, message("calendar.moved", {{"running", std::to_string(result.running)},
                                      {"moved", std::to_string(result.moved.size())},
                                      {"settled", std::to_string(result.settled)}}));
}

Result<void> record(Store& store, Calendar const& calendar, Reprojection const& result, Instant now) {
  AuditEvent event;
  event.at = now;
  event.kind = AuditKind::administration_changed;
  event.detail = {
      {"what", "calendar_loaded"},    {"calendar", calendar.id()}, {"announced_until", calendar.announced_until()},
      {"moved", result.moved.size()}, {"settled", result.settled}, {"by", "command line"}};
  return store.audit().append({event});
}

Result<void> load(CalendarLoadOptions const& options, Library& library, Store& store, Instant now, std::ostream& out) {
  if (auto fit = library.reconcile_definitions(store); !fit) return fit;
  auto wanted = read_new(options.file);
  if (!wanted) return refused(wanted.error());
  if (auto faults = compare(*wanted, library, options.file.filename().string()); !faults.empty())
    return refused(std::move(faults));
  auto const id = wanted->calendar.id();
  Loading const loading{.target = options.workflows / "calendars" / (id + ".json"),
                        .announced_before = library.find_calendar(id)->announced_until(),
                        .dry_run = options.dry_run};
  library.put_calendar(std::move(wanted->calendar), wanted->document);
  // The file first: were the deadlines moved and the file not, a server would start by the old one and not
  // notice; the other way round it refuses to start until this is repeated.
  if (!options.dry_run) replace_file(loading.target, wanted->text);
  auto const result = reproject(store, library, id, now, options.dry_run ? Trial::dry_run : Trial::for_good);
  auto const& calendar = *library.find_calendar(id);
  if (!options.dry_run) {
    library.record_calendar(id, store);
    if (auto recorded = record(store, calendar, result, now); !recorded) return recorded;
  }
  report(loading, result, calendar, options.json, out);
  return {};
}

int refuse(std::ostream& err, Refusals const& refusals) {
  print_refusals(err, refusals);
  if (refusals.front().code == Code::store_in_use) say(err, message("calendar.stop_server"));
  return said_no;
}

}  // namespace

int run_calendar_load(CalendarLoadOptions const& options, Instant now, std::ostream& out, std::ostream& err) {
  if (!holds_data(options.data, err)) return said_no;
  return say_faults(err, [&] {
    auto library = Library::load(options.workflows);
    if (!library) return refuse(err, library.error());
    auto const store = open_sqlite_store(options.data, {.key = SqliteOptions::Key::spared});
    if (!store) return refuse(err, store.error());
    auto const loaded = load(options, *library, **store, now, out);
    return loaded ? done : refuse(err, loaded.error());
  });
}

}  // namespace bihuan
