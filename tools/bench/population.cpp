// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/population.hpp"

#include <algorithm>
#include <mutex>
#include <random>
#include <stdexcept>
#include <thread>

#include "engine/core/decide.hpp"
#include "engine/service/library.hpp"
#include "engine/store/digest.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"

// Every case here was decided by the engine, but not one by one: some hundred stories are decided, and each
// is told of as many cases as are wanted, which differ by their id alone.

namespace bihuan::bench {
namespace {

using std::chrono::days;

constexpr char workflow[] = "inspection-issue";
constexpr std::size_t changes_at_once = 256;
constexpr std::size_t fillers = 2;

template <class Value>
Value must(Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().front().pointer + " " + result.error().front().text.en);
  return std::move(*result);
}

std::unique_ptr<Store> open(std::filesystem::path const& directory, Library& library, bool durable) {
  SqliteOptions options;
  options.durable = durable;
  auto store = must(open_sqlite_store(directory, options));
  if (auto const fit = library.reconcile(*store); !fit) throw std::runtime_error(fit.error().front().text.en);
  return store;
}

Actor supervisor() {
  return {"person-supervisor", "inspection-office", {"supervisor"}, false};
}

// A case and the events that lead to it, to be told of others as well.
class Story {
 public:
  Story(Library const& library, std::string const& unit, Instant opened)
      : library_(library), definition_(*library.current(workflow)), at_(opened) {
    Actor const head{"person-of-" + unit, unit, {"dept_head"}, false};
    Opening opening;
    opening.case_id = "model";
    opening.workflow = workflow;
    opening.fields = {{"problem", "雨水口冒黑水，有臭味"},
                      {"source", "routine-check"},
                      {"category", "water"},
                      {"level", "general"},
                      {"place", {{"name", "花溪河段"}, {"longitude", 106.5436}, {"latitude", 29.4781}}}};
    take(must(decide_opening(circumstances(), opening, head)));
    reporter_ = head;
  }

  Story& report() { return act("report", Json::object(), "issue-form", reporter_); }
  Story& reject() { return act("reject", Json::object(), {}, supervisor()); }
  Story& dispatch(std::string const& lead, Date rectify_by) {
    return act("dispatch-fix-now", {{"lead", lead}, {"rectify_by", format_date(rectify_by)}}, "assignment-notice",
               supervisor());
  }

  [[nodiscard]] Change told_of(std::string const& id) const {
    Change change;
    change.after = after_;
    change.after.id = id;
    change.events = events_;
    for (auto& event : change.events) event.case_id = id;
    change.number_scope =
        library_.organisation().district_code() + "-" + definition_.number_prefix + "-" +
        std::to_string(static_cast<int>(std::chrono::year_month_day(std::chrono::floor<days>(after_.opened)).year()));
    if (auto const* const state = definition_.find_state(after_.state)) change.owner_party = state->owner;
    // What fell due long ago was swept long ago.
    if (auto const wakeup = next_wakeup(circumstances(), after_); wakeup && *wakeup > wall_clock())
      change.wakeup = wakeup;
    change.search_text = after_.title;
    return change;
  }

 private:
  [[nodiscard]] Circumstances circumstances() const {
    return {definition_, library_.calendar_of(definition_), library_.organisation(), at_};
  }

  Story& act(std::string const& action, Json const& input, std::string const& paper, Actor const& actor) {
    at_ += std::chrono::minutes(10);
    Command command{.action = action, .input = input, .documents = {}, .comment = "如附件", .expected_revision = {}};
    if (!paper.empty())
      command.documents[paper] = {
          {hash_of(paper), paper + ".pdf", "application/pdf", static_cast<std::int64_t>(paper.size()), 0}};
    take(must(decide(circumstances(), after_, command, actor)));
    return *this;
  }

  void take(Decision decision) {
    after_ = std::move(decision.after);
    events_.insert(events_.end(), decision.events.begin(), decision.events.end());
  }

  Library const& library_;
  Definition const& definition_;
  Instant at_;
  Actor reporter_;
  Case after_;
  std::vector<Event> events_;
};

// Fills through the store's own door, some hundred cases in an append.
std::vector<std::string> fill(std::filesystem::path const& directory, Library& library, std::size_t count,
                              std::function<Story const&(std::size_t place)> const& story_at) {
  auto const store = open(directory, library, false);
  std::vector<std::string> ids(count);
  std::mutex mutex;
  std::size_t next = 0;
  std::exception_ptr fault;
  auto const work = [&] {
    for (;;) {
      std::size_t from = 0;
      {
        std::scoped_lock const lock(mutex);
        from = next;
        next = std::min(count, from + changes_at_once);
      }
      if (from == count) return;
      Append append;
      append.at = wall_clock();
      for (auto place = from; place < std::min(count, from + changes_at_once); ++place) {
        ids[place] = make_id(wall_clock());
        append.changes.push_back(story_at(place).told_of(ids[place]));
      }
      try {
        (void)must(store->cases().append(std::move(append)));
      } catch (...) {
        std::scoped_lock const lock(mutex);
        fault = std::current_exception();
        next = count;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < fillers; ++i) threads.emplace_back(work);
  }
  if (fault) std::rethrow_exception(fault);
  return ids;
}

void sign_in(Store& store, Actor const& actor, std::string const& token) {
  Person const person{.id = actor.person,
                      .name = actor.person,
                      .full_name = "某",
                      .unit = actor.unit,
                      .roles = actor.roles,
                      .password_hash = ""};
  store.people().put_people({&person, 1});
  auto const now = wall_clock();
  store.people().put_session({.token_hash = hash_of(token),
                              .person = actor.person,
                              .created = now,
                              .expires = now + days(1),
                              .last_used = now});
}

std::vector<std::string> units_of(Organisation const& organisation) {
  std::vector<std::string> units;
  for (auto const& unit : organisation.units()) {
    if ((unit.kind == "administrative" || unit.kind == "township") && unit.id != busy_unit) units.push_back(unit.id);
  }
  return units;
}

}  // namespace

Library load_library() {
  return must(Library::load(std::filesystem::path(BIHUAN_SOURCE_DIR) / "workflows"));
}

Instant wall_clock() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::unique_ptr<Store> open_store(std::filesystem::path const& directory, Library& library) {
  return open(directory, library, true);
}

Actor handler(std::size_t number) {
  return {"handler-" + std::to_string(number), lead_unit, {"handler"}, false};
}

std::string token_of_handler(std::size_t number) {
  return "token-of-handler-" + std::to_string(number);
}

Json step_input(std::int64_t percent) {
  return {{"progress_percent", percent % 100}, {"progress_note", "混接点改造按计划推进，本月完成管网清淤两公里。"}};
}

std::vector<std::string> fill_with_open_issues(std::filesystem::path const& directory, Library& library,
                                               std::size_t count) {
  auto const now = wall_clock();
  std::vector<Story> stories;
  for (int hours = 1; hours <= 64; ++hours) {
    auto& story = stories.emplace_back(library, busy_unit, now - std::chrono::hours(hours));
    story.report().dispatch(lead_unit, std::chrono::floor<days>(now) + days(200 + hours));
  }
  auto ids = fill(directory, library, count,
                  [&](std::size_t place) -> Story const& { return stories[place % stories.size()]; });
  auto const store = open_store(directory, library);
  for (std::string const paper : {"issue-form", "assignment-notice"})
    (void)store->attachments().put(paper + ".pdf", "application/pdf", "bench", source_of(paper));
  for (std::size_t number = 0; number < handlers; ++number) sign_in(*store, handler(number), token_of_handler(number));
  return ids;
}

void fill_with_years_of_issues(std::filesystem::path const& directory, Library& library, std::size_t count) {
  auto const units = units_of(library.organisation());
  auto const now = wall_clock();
  auto const ago = [&](int days_ago) { return now - days(days_ago); };
  struct Of {
    std::vector<Story> overdue;
    std::vector<Story> open;
    std::vector<Story> closed;
  };
  auto const stories_of = [&](std::string const& unit) {
    Of of;
    for (int i = 0; i < 40; ++i) of.overdue.emplace_back(library, unit, ago(20 + 9 * i));
    for (int i = 0; i < 4; ++i) of.open.emplace_back(library, unit, ago(i));
    for (int i = 0; i < 20; ++i) of.closed.emplace_back(library, unit, ago(20 + 18 * i)).report().reject();
    return of;
  };
  std::vector<Of> stories;
  for (auto const& unit : units) stories.push_back(stories_of(unit));
  auto const busy = stories_of(busy_unit);
  (void)fill(directory, library, count, [&](std::size_t place) -> Story const& {
    auto const& of = place % 10 == 0 ? busy : stories[place % stories.size()];
    auto const share = place / 10 % 20;
    auto const& kind = share < 3 ? of.overdue : share < 6 ? of.open : of.closed;
    return kind[place / 200 % kind.size()];
  });
  sign_in(*open_store(directory, library), supervisor(), token_of_supervisor);
}

}  // namespace bihuan::bench
