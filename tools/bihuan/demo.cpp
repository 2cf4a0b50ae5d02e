// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/demo.hpp"

#include <cerrno>
#include <fstream>
#include <ostream>
#include <system_error>

#include "engine/core/message.hpp"
#include "engine/service/sign_in.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tools/bihuan/data_directory.hpp"
#include "tools/bihuan/demo_people.hpp"
#include "tools/bihuan/demo_walk.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/replace_file.hpp"

namespace bihuan {
namespace {

namespace fs = std::filesystem;

constexpr auto record_name = "demo.json";
constexpr auto people_name = "demo-people.json";

struct Filled {
  std::size_t cases = 0;
  std::size_t people = 0;
  std::size_t overdue = 0;
};

void write_file(fs::path const& path, std::string const& text) {
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (!file) throw std::system_error(errno, std::generic_category(), path.string());
}

// Is what lies there the outcome of these options? Without --now, of whatever day it was made.
bool is_own_repeat(DemoOptions const& options) {
  std::ifstream file(options.data / record_name, std::ios::binary);
  std::string const text(std::istreambuf_iterator<char>(file), {});
  auto const record = parse_json(text);
  if (!record || !record->is_object()) return false;
  return record->value("seed", Json()) == Json(options.seed) && record->value("cases", Json()) == Json(options.cases) &&
         (options.now.empty() || record->value("now", Json()) == Json(options.now));
}

std::size_t count_overdue(CaseStore& cases, Instant now) {
  std::size_t count = 0;
  cases.for_each(
      [&](Case const& stored, std::vector<Event> const&) { count += light_of(stored, now) == Light::red ? 1U : 0U; });
  return count;
}

Result<Filled> fill(DemoOptions const& options, fs::path const& directory, Library& library, Instant now) {
  auto opened = open_sqlite_store(directory, {.durable = false, .queue = 1024, .batch = 1, .readers = 2});
  if (!opened) return refused(opened.error());
  auto& store = **opened;
  if (auto const fit = library.reconcile(store); !fit) return refused(fit.error());
  DemoWords const words;
  DemoRandom random(options.seed);
  auto people = make_demo_people(library.organisation(), words, random);
  auto const password = "bihuan-demo-" + std::to_string(options.seed);
  // One hash for all: it costs 60 ms, and there are more than a hundred people.
  auto const hash = hash_password(password);
  for (auto& person : people) person.password_hash = hash;
  store.people().put_people(people);
  DemoWalk walk(store, library, people, words, random.next(), now);
  walk.run(options.cases);
  write_file(directory / people_name, demo_people_file(people, password));
  return Filled{.cases = walk.opened(), .people = people.size(), .overdue = count_overdue(store.cases(), now)};
}

// Whatever the store left, its log included if there is one; the database goes last, for with it the
// directory holds data. The store was filled without waiting for the disk: nothing takes its place before it is
// there.
void move_into_place(fs::path const& from, fs::path const& to) {
  std::vector<std::string> names;
  for (auto const& entry : fs::directory_iterator(from)) {
    auto const name = entry.path().filename().string();
    if (name != "bihuan.lock" && name != "bihuan.db" && !name.ends_with("-shm")) names.push_back(name);
  }
  names.emplace_back("bihuan.db");
  for (auto const& name : names) {
    reach_disk(from / name);
    fs::rename(from / name, to / name);
  }
  reach_disk(to);
  fs::remove_all(from);
}

Result<Instant> end_of_story(DemoOptions const& options, Library const& library) {
  if (!options.now.empty()) return parse_instant(options.now, "--now");
  auto const& zone = library.calendar_of(*library.current_definitions().front()).zone();
  auto const now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return zone.start_of(zone.date_of(now));
}

int demo(DemoOptions const& options, std::ostream& out, std::ostream& err) {
  if (fs::exists(options.data / "bihuan.db")) {
    bool const repeat = is_own_repeat(options);
    say(repeat ? out : err,
        message(repeat ? "demo.already_there" : "demo.not_empty", {{"path", options.data.string()}}));
    return repeat ? done : said_no;
  }
  auto library = Library::load(options.workflows);
  if (!library) {
    print_refusals(err, library.error());
    return said_no;
  }
  auto const now = end_of_story(options, *library);
  if (!now) {
    print_refusals(err, now.error());
    return wrong_use;
  }
  // Made beside its place, so that a run that was cut off leaves nothing that looks like data.
  auto const partial = options.data / "demo-partial";
  fs::remove_all(partial);
  fs::create_directories(partial);
  auto const filled = fill(options, partial, *library, *now);
  if (!filled) {
    fs::remove_all(partial);
    print_refusals(err, filled.error());
    return said_no;
  }
  Json const record{
      {"seed", options.seed}, {"cases", options.cases}, {"now", options.now.empty() ? format_utc(*now) : options.now}};
  write_file(partial / record_name, canonical(record) + "\n");
  move_into_place(partial, options.data);
  say(out, message("demo.filled", {{"path", options.data.string()},
                                   {"cases", std::to_string(filled->cases)},
                                   {"people", std::to_string(filled->people)},
                                   {"now", Zone().format(*now)},
                                   {"overdue", std::to_string(filled->overdue)}}));
  return done;
}

}  // namespace

int run_demo(DemoOptions const& options, std::ostream& out, std::ostream& err) {
  return say_faults(err, [&] { return demo(options, out, err); });
}

}  // namespace bihuan
