// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <set>
#include <span>
#include <sstream>

#include "engine/core/apply.hpp"
#include "engine/core/json.hpp"
#include "engine/service/library.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/scratch.hpp"
#include "tools/bihuan/simulate.hpp"
#include "tools/bihuan/verify.hpp"
#include "tools/bihuan/year_ledger.hpp"

using namespace bihuan;

namespace {

namespace fs = std::filesystem;

Instant at(char const* text) {
  return *parse_instant(text);
}

// Lived through once for the tests that only look.
struct Year {
  ScratchDirectory scratch;
  Json report;
  std::unique_ptr<Store> store;

  double seconds = 0;  // of the processor: what else the machine does is not the year's

  Year() {
    std::ostringstream out;
    std::ostringstream err;
    auto const began = std::clock();
    auto const status = run_simulate({.data = scratch.path() / "data",
                                      .workflows = fs::path(BIHUAN_SOURCE_DIR) / "workflows",
                                      .year = 2026,
                                      .seed = 5,
                                      .cases_a_month = 3,
                                      .json = true},
                                     out, err);
    seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
    CAPTURE(err.str());
    CAPTURE(out.str());
    REQUIRE(status == done);
    report = Json::parse(out.str());
    store = std::move(open_sqlite_store(scratch.path() / "data").value());
  }

  template <class Each>
  void each_of(std::string const& workflow, Each const& each) {
    store->cases().for_each([&](Case const& subject, std::vector<Event> const& events) {
      if (subject.workflow == workflow) each(subject, events);
    });
  }
};

Year& year() {
  static Year lived;
  return lived;
}

// Is the case open when these events have happened? By replaying them, as verify does, not by the ledger's reading.
bool open_until(std::vector<Event> const& events, Instant instant) {
  std::size_t count = 0;
  while (count < events.size() && events[count].at <= instant) ++count;
  return count > 0 && !replay(std::span(events.data(), count)).final;
}

bool fired(std::vector<Event> const& events, std::string const& deadline, std::string const& rung, Instant instant) {
  return std::any_of(events.begin(), events.end(), [&](Event const& event) {
    return event.type == EventType::rung_fired && event.body.at("deadline") == deadline &&
           event.body.at("rung") == rung && event.at == instant;
  });
}

}  // namespace

TEST_CASE("a simulated year's ledger is what replaying its events gives, month by month") {
  CHECK(year().report.at("faults").empty());
  std::map<std::pair<std::string, unsigned>, std::pair<int, int>> replayed;  // workflow, month -> opened, open
  Zone const zone;
  year().store->cases().for_each([&](Case const& subject, std::vector<Event> const& events) {
    for (unsigned month = 1; month <= 12; ++month) {
      auto const last = std::chrono::year(2026) / std::chrono::month(month) / std::chrono::last;
      auto& [opened, open] = replayed[{subject.workflow, month}];
      opened += zone.date_of(subject.opened).month() == std::chrono::month(month) ? 1 : 0;
      open += open_until(events, zone.end_of(Date(last))) ? 1 : 0;
    }
  });
  CHECK(replayed.size() == 12 * year().report.at("workflows").size());
  for (auto const& [key, counts] : replayed) {
    CAPTURE(key.first);
    CAPTURE(key.second);
    auto const& month = year().report.at("workflows").at(key.first).at("months").at(key.second - 1);
    CHECK(month.at("opened") == counts.first);
    CHECK(month.at("open_at_end") == counts.second);
  }
}

TEST_CASE("the whole district works through the simulated year, and the year takes under two minutes") {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which make it slower many times over
  CHECK(year().seconds < 120);
#endif
  auto const library = Library::load(fs::path(BIHUAN_SOURCE_DIR) / "workflows");
  REQUIRE(library);
  CHECK(library->current_definitions().size() == 15);
  for (auto const* const definition : library->current_definitions()) {
    CAPTURE(definition->id);
    auto const& workflows = year().report.at("workflows");
    REQUIRE(workflows.contains(definition->id));
    CHECK(workflows.at(definition->id).at("opened").get<int>() > 0);
  }
}

TEST_CASE("what needs two persons finds its second, and the clue of an accountability matter gets past its check") {
  int checked = 0;
  year().each_of("accountability-referral", [&](Case const& referral, std::vector<Event> const&) {
    auto const check = referral.last.find("check");
    checked += check == referral.last.end() ? 0 : 1;
  });
  CHECK(checked > 0);
}

TEST_CASE("the bureau finishes the annual summary, with those missing named") {
  int summaries = 0;
  year().each_of("annual-summary", [&](Case const& summary, std::vector<Event> const&) {
    ++summaries;
    CHECK(summary.final);
    CHECK(summary.outcome == "closed");
  });
  CHECK(summaries == 1);
}

TEST_CASE("annual reports open by themselves, are due on 28 February, and the late ones escalate") {
  std::set<std::string> departments;
  int late = 0;
  year().each_of("annual-report", [&](Case const& report, std::vector<Event> const& events) {
    // Another round that somebody opened by hand is about the next February.
    if (report.opened > at("2026-02-28T23:59:59+08:00")) return;
    departments.insert(report.parties.at("department").front().unit);
    auto const& due = report.deadlines.front();
    CHECK(due.name == "due");
    CHECK(due.due == at("2026-02-28T23:59:59+08:00"));
    bool const in_time = due.stopped && *due.stopped <= due.due;
    late += in_time ? 0 : 1;
    // The first working day after Saturday 28 February is Monday 2 March.
    CHECK(fired(events, "due", "due", at("2026-03-01T00:00:00+08:00")) == !in_time);
    bool const after_monday = !due.stopped || *due.stopped >= at("2026-03-02T00:00:00+08:00");
    CHECK(fired(events, "due", "overdue-1", at("2026-03-02T00:00:00+08:00")) == after_monday);
  });
  CHECK(departments.size() == 13);
  CHECK(late > 0);
  CHECK(late < 13);
}

TEST_CASE(
    "complaints reach their clocks, and what is overdue long enough becomes a supervision matter, one at a time") {
  auto const& complaints = year().report.at("workflows").at("public-complaint");
  CHECK(complaints.at("deadlines").at("in_time").get<int>() > 0);
  CHECK(complaints.at("deadlines").at("late").get<int>() + complaints.at("deadlines").at("overdue").get<int>() > 0);
  int escalated = 0;
  year().store->cases().for_each([&](Case const& subject, std::vector<Event> const& events) {
    CAPTURE(subject.number);
    std::set<std::string> open;
    for (auto const& event : events) {
      bool const changes = event.type == EventType::linked || event.type == EventType::link_changed;
      if (!changes || event.body.at("workflow") != "supervision-matter" || event.body.at("outward") != true) continue;
      if (event.type == EventType::linked && event.actor.at("person") == Actor::the_system().person) {
        CHECK(open.empty());
        ++escalated;
      }
      auto const matter = event.body.at("case").get<std::string>();
      if (event.body.at("final") == true)
        open.erase(matter);
      else
        open.insert(matter);
    }
  });
  CHECK(escalated > 0);
}

TEST_CASE("the year's data verify") {
  year().store.reset();
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run_verify({.data = year().scratch.path() / "data", .json = true}, out, err) == done);
  year().store = std::move(open_sqlite_store(year().scratch.path() / "data").value());
}

TEST_CASE("a ledger that does not balance is found out") {
  Zone const zone;
  auto const end = at("2026-12-31T23:59:59+08:00");
  auto& cases = year().store->cases();
  auto const ledger = read_year_ledger(cases, zone, 2026, end);
  CHECK(imbalances(ledger, cases, zone, 2026, end).empty());
  auto closed_twice = ledger;
  ++closed_twice.lines.at("annual-report").months.at(2).closed;
  CHECK_FALSE(imbalances(closed_twice, cases, zone, 2026, end).empty());
  auto lost = ledger;
  --lost.lines.at("public-complaint").months.at(6).opened;
  CHECK_FALSE(imbalances(lost, cases, zone, 2026, end).empty());
  auto never = ledger;
  never.lines.erase("inspection-issue");
  CHECK_FALSE(imbalances(never, cases, zone, 2026, end).empty());
}

TEST_CASE("simulate refuses a directory that holds data") {
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run_simulate({.data = year().scratch.path() / "data",
                      .workflows = fs::path(BIHUAN_SOURCE_DIR) / "workflows",
                      .year = 2026,
                      .seed = 5,
                      .cases_a_month = 1,
                      .json = false},
                     out, err) == said_no);
  CHECK_FALSE(err.str().empty());
}
