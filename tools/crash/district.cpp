// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/district.hpp"

#include <stdexcept>

#include "engine/service/case_service.hpp"
#include "engine/store/digest.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tools/bihuan/workflows_directory.hpp"

namespace bihuan::crash {
namespace {

using std::chrono::days;

constexpr days far_off{200};
// Opened so long ago, with so much time: overdue by now, and every rung up to here has still to fire.
constexpr days long_ago{40};
constexpr days short_time{20};

template <class Value>
Value must(Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().front().pointer + " " + result.error().front().text.en);
  return std::move(*result);
}

class Maker {
 public:
  Maker(Store& store, Library& library, days ago = days{0})
      : store_(store), ago_(ago), service_(store, library, [ago] { return Instant(wall_clock() - ago); }) {}

  CaseAt make_issue(days due) {
    auto const opened = must(service_.open({.workflow = "inspection-issue",
                                            .fields = {{"problem", "雨水口冒黑水，有臭味"},
                                                       {"source", "routine-check"},
                                                       {"category", "water"},
                                                       {"level", "general"},
                                                       {"place", {{"name", "花溪河段"}}}},
                                            .parties = Json::object(),
                                            .documents = {},
                                            .comment = {}},
                                           reporter_));
    (void)act(opened.subject.id, "report", Json::object(), "issue-form", reporter_);
    auto const by = format_date(std::chrono::floor<days>(wall_clock() - ago_) + due);
    return act(opened.subject.id, "dispatch-fix-now", {{"lead", "water"}, {"rectify_by", by}}, "assignment-notice",
               supervisor_);
  }

 private:
  CaseAt act(std::string const& id, std::string const& action, Json const& input, std::string const& paper,
             Actor const& actor) {
    ActionRequest request;
    request.case_id = id;
    request.action = action;
    request.input = input;
    request.documents[paper] = {
        store_.attachments().put(paper, "application/pdf", actor.person, source_of(paper)).sha256};
    return must(service_.act(request, actor));
  }

  Store& store_;
  days const ago_;
  CaseService service_;
  Actor const reporter_{"reporter", "lijiatuo", {"dept_head"}, false};
  Actor const supervisor_{"chief", "inspection-office", {"supervisor"}, false};
};

void add_clients(Store& store) {
  std::vector<Person> people;
  for (std::size_t client = 0; client < clients; ++client) {
    bool const supervises = is_supervisor(client);
    people.push_back({.id = person_of(client),
                      .name = person_of(client),
                      .full_name = "某",
                      .unit = supervises ? "inspection-office" : "water",
                      .roles = {supervises ? "supervisor" : "handler"},
                      .password_hash = ""});
  }
  store.people().put_people(people);
  auto const now = wall_clock();
  for (std::size_t client = 0; client < clients; ++client)
    store.people().put_session({.token_hash = hash_of(token_of(client)),
                                .person = person_of(client),
                                .created = now,
                                .expires = now + days(7),
                                .last_used = now});
}

}  // namespace

bool is_supervisor(std::size_t client) {
  return client % 8 == 7;
}

std::string person_of(std::size_t client) {
  return "client-" + std::to_string(client);
}

std::string token_of(std::size_t client) {
  return "token-of-client-" + std::to_string(client);
}

Instant wall_clock() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

Library load_library() {
  return must(Library::load(find_workflows_directory({})));
}

Issues make_district(std::filesystem::path const& data, std::size_t issues) {
  auto library = load_library();
  auto const store = must(open_sqlite_store(data, {.durable = false}));
  if (auto const fit = library.reconcile(*store); !fit) throw std::runtime_error(fit.error().front().text.en);
  add_clients(*store);
  Maker maker(*store, library);
  Issues made;
  while (made.ids.size() < issues) {
    auto const issue = maker.make_issue(far_off);
    made.ids.push_back(issue.subject.id);
    made.revision = issue.subject.revision;
  }
  return made;
}

void add_overdue_issues(Store& store, Library& library, std::size_t issues) {
  Maker maker(store, library, long_ago);
  for (std::size_t made = 0; made < issues; ++made) (void)maker.make_issue(short_time);
}

}  // namespace bihuan::crash
