// SPDX-License-Identifier: Apache-2.0
// 64 people at once: at one case, at one scope of numbers, at one link.
#include <algorithm>
#include <atomic>
#include <barrier>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "tests/service/fixture.hpp"

using namespace bihuan;

namespace {

constexpr std::size_t people = 64;

Actor reporter() {
  return person("head", "lijiatuo", {"dept_head"});
}
Actor supervisor() {
  return person("supervisor", "inspection-office", {"supervisor"});
}

OpenCaseRequest issue(Office const& office) {
  OpenCaseRequest request;
  request.workflow = "inspection-issue";
  request.fields = {{"problem", "雨水口冒黑水，有臭味"},
                    {"source", "routine-check"},
                    {"category", "water"},
                    {"level", "general"},
                    {"place", {{"name", "花溪河段"}}}};
  request.parties = Json(office.library.current("inspection-issue")->example.value("parties", OrderedJson::object()));
  return request;
}

// Everybody begins at the same moment.
template <class Work>
void all_at_once(Work const& work) {
  std::barrier start(static_cast<std::ptrdiff_t>(people));
  std::vector<std::jthread> threads;
  for (std::size_t number = 0; number < people; ++number)
    threads.emplace_back([&, number] {
      start.arrive_and_wait();
      work(number);
    });
}

std::string dispatched_issue(Office& office) {
  auto const opened = office.service.open(issue(office), reporter());
  REQUIRE(opened.has_value());
  auto const act = [&](std::string const& action, Actor const& by, Json input, std::string const& paper) {
    ActionRequest request;
    request.case_id = opened->subject.id;
    request.action = action;
    request.input = std::move(input);
    request.documents[paper] = {office.upload(paper, by, "application/pdf")};
    REQUIRE(office.service.act(request, by).has_value());
  };
  act("report", reporter(), Json::object(), "issue-form");
  act("dispatch-fix-now", supervisor(), {{"lead", "water"}, {"rectify_by", "2026-12-30"}}, "assignment-notice");
  return opened->subject.id;
}

void check_links(Office& office) {
  std::map<std::string, Case> cases;
  office.store->cases().for_each(
      [&](Case const& subject, std::vector<Event> const&) { cases.emplace(subject.id, subject); });
  for (auto const& [id, subject] : cases) {
    for (auto const& link : subject.links) {
      REQUIRE(cases.contains(link.other));
      auto const& back = cases.at(link.other).links;
      CHECK(std::ranges::any_of(back, [&](Link const& one) { return one.other == id && one.outward != link.outward; }));
    }
    // What another case opened knows of it.
    if (subject.workflow == "supervision-matter") CHECK(subject.links.size() == 1);
  }
}

}  // namespace

TEST_CASE("of 64 people who take a step on the same revision one does, and the others hear that it has moved") {
  Office office;
  auto const id = dispatched_issue(office);
  auto const handler = person("handler", "water", {"handler"});
  auto const first = office.service.find(id, handler)->revision;
  for (std::int64_t revision = first; revision < first + 6; ++revision) {
    std::atomic<int> done = 0;
    std::mutex mutex;
    std::set<Code> refusals;
    all_at_once([&](std::size_t number) {
      ActionRequest request;
      request.case_id = id;
      request.action = "progress";
      request.input = {{"progress_percent", number}, {"progress_note", "本月完成管网清淤两公里。"}};
      request.expected_revision = revision;
      auto const answer = office.service.act(request, handler);
      if (answer) {
        ++done;
        if (answer->subject.revision == revision + 1) return;
      }
      std::scoped_lock const lock(mutex);
      refusals.insert(answer ? Code::not_found : answer.error().front().code);
    });
    CHECK(done == 1);
    CHECK(
        std::ranges::all_of(refusals, [](Code code) { return code == Code::stale_version || code == Code::conflict; }));
  }
  CHECK(office.service.find(id, handler)->revision == first + 6);
  CHECK(verify(office.store->cases()).faults.empty());
}

TEST_CASE("64 people who open cases at once get numbers without a gap or a double, one for each key") {
  Office office;
  std::mutex mutex;
  std::multiset<std::string> numbers;
  std::map<std::string, std::set<std::string>> cases_of_key;
  all_at_once([&](std::size_t number) {
    for (int round = 0; round < 4; ++round) {
      auto request = issue(office);
      // Every fourth is refused, and two people send the same request under the same key.
      if (number % 4 == 3) request.fields = {{"problem", ""}};
      auto const key = "key-" + std::to_string(number / 2 * 2) + "-" + std::to_string(round);
      auto const opened = office.service.open(request, reporter(), Repeatable{key, number % 4 == 3 ? "bad" : "good"});
      if (!opened) continue;
      std::scoped_lock const lock(mutex);
      if (cases_of_key[key].insert(opened->subject.id).second) numbers.insert(opened->subject.number);
    }
  });
  std::set<std::string> expected;
  for (std::size_t serial = 1; serial <= cases_of_key.size(); ++serial) {
    auto const digits = std::to_string(serial);
    expected.insert("BN-WT-2026-" + std::string(6 - digits.size(), '0') + digits);
  }
  CHECK(cases_of_key.size() == people / 2 * 4);
  CHECK(std::ranges::all_of(cases_of_key, [](auto const& entry) { return entry.second.size() == 1; }));
  CHECK(std::set<std::string>(numbers.begin(), numbers.end()) == expected);
  CHECK(numbers.size() == expected.size());
  CHECK(verify(office.store->cases()).faults.empty());
}

TEST_CASE("of 64 people who ask for a linked case at once one opens it, and both ends know each other") {
  Office office;
  auto const id = dispatched_issue(office);
  std::atomic<int> done = 0;
  all_at_once([&](std::size_t) {
    ActionRequest request;
    request.case_id = id;
    request.action = "supervise";
    request.comment = "请抓紧";
    if (office.service.act(request, supervisor())) ++done;
  });
  CHECK(done == 1);
  auto const issue_now = office.service.find(id, supervisor());
  CHECK(std::ranges::count(issue_now->links, "supervision", &Link::name) == 1);
  check_links(office);
  CHECK(verify(office.store->cases()).faults.empty());
}

TEST_CASE("64 people who work at cases and at what is linked to them leave no link with one end") {
  Office office;
  std::vector<std::string> ids;
  for (int i = 0; i < 8; ++i) ids.push_back(dispatched_issue(office));
  all_at_once([&](std::size_t number) {
    for (int round = 0; round < 3; ++round) {
      auto const& id = ids[(number + static_cast<std::size_t>(round)) % ids.size()];
      ActionRequest request;
      request.case_id = id;
      request.action = number % 2 == 0 ? "supervise" : "comment";
      request.comment = "请抓紧";
      (void)office.service.act(request, supervisor());
    }
  });
  for (auto const& id : ids)
    CHECK(std::ranges::count(office.service.find(id, supervisor())->links, "supervision", &Link::name) == 1);
  check_links(office);
  CHECK(verify(office.store->cases()).faults.empty());
}
