// SPDX-License-Identifier: Apache-2.0
// What happens when the wall clock is set, forward or back.
#include <map>
#include <tuple>

#include "engine/service/clock_watch.hpp"
#include "engine/service/sign_in.hpp"
#include "tests/service/fixture.hpp"

using namespace bihuan;
using namespace std::chrono_literals;

namespace {

constexpr auto a_day = std::chrono::hours(24);

struct District : Office {
  Actor const head = person("head", "lijiatuo", {"dept_head"});
  Actor const supervisor = person("supervisor", "inspection-office", {"supervisor"});

  Case open_issue() {
    OpenCaseRequest request;
    request.workflow = "inspection-issue";
    request.fields = Json(library.current("inspection-issue")->example.at("fields"));
    auto const opened = service.open(request, head);
    REQUIRE(opened.has_value());
    return opened->subject;
  }

  Case act(Case const& subject, std::string const& action, Actor const& by, Json input, std::string const& paper) {
    ActionRequest request;
    request.case_id = subject.id;
    request.action = action;
    request.input = std::move(input);
    request.comment = "如附件";
    if (!paper.empty()) request.documents[paper] = {upload(paper, by, "application/pdf")};
    auto const done = service.act(request, by);
    for (auto const& why : done ? Refusals{} : done.error()) MESSAGE(why.pointer << " " << why.text.en);
    REQUIRE(done.has_value());
    return done->subject;
  }

  Case issue_being_rectified() {
    auto issue = act(
        open_issue(), "report", head,
        {{"source", "routine-check"}, {"category", "water"}, {"level", "general"}, {"place", {{"name", "花溪河段"}}}},
        "issue-form");
    auto const by = Zone{}.date_of(now + 60 * a_day);
    return act(issue, "dispatch-fix-now", supervisor, {{"lead", "water"}, {"rectify_by", format_date(by)}},
               "assignment-notice");
  }

  void sweep() {
    while (service.sweep() > 0) continue;
  }

  // How often each rung of each cycle fired, in the whole store.
  std::map<std::tuple<std::string, std::string, int, std::string>, int> fired() {
    std::map<std::tuple<std::string, std::string, int, std::string>, int> count;
    store->cases().for_each([&](Case const&, std::vector<Event> const& events) {
      for (auto const& event : events)
        if (event.type == EventType::rung_fired)
          ++count[{event.case_id, event.body.at("deadline"), event.body.at("cycle"), event.body.at("rung")}];
    });
    return count;
  }
};

}  // namespace

TEST_CASE("what fell due is acted on once, wherever the clock goes afterwards") {
  District office;
  (void)office.issue_being_rectified();
  (void)office.open_issue();
  auto const start = office.now;
  for (auto const& step : {90 * a_day, 30 * a_day, 0 * a_day, 120 * a_day, 60 * a_day, 200 * a_day}) {
    office.now = start + step;
    office.sweep();
  }
  auto const fired = office.fired();
  CHECK(fired.size() > 4);
  for (auto const& [rung, count] : fired) {
    CAPTURE(std::get<1>(rung) + " " + std::get<3>(rung));
    CHECK(count == 1);
  }
  CHECK(verify(office.store->cases()).faults.empty());
}

TEST_CASE("a deadline that a clock set back paused and resumed is due no sooner than before") {
  District office;
  auto const issue = office.issue_being_rectified();
  auto const due = issue.deadline("rectify")->due;
  office.now += a_day;
  auto const paused = office.act(issue, "suspend", office.supervisor, Json::object(), "suspension-proof");
  office.now -= 3 * a_day;
  auto const resumed = office.act(paused, "resume-work", office.supervisor, Json::object(), "");
  CHECK(resumed.deadline("rectify")->due == due);
  CHECK(resumed.deadline("rectify")->state == Deadline::State::running);
  CHECK(verify(office.store->cases()).faults.empty());
}

TEST_CASE("case numbers of a year that the clock goes back to go on where they were") {
  District office;
  auto const number_at = [&](char const* instant) {
    office.now = *parse_instant(instant);
    return office.open_issue().number;
  };
  CHECK(number_at("2026-12-31T23:59:59+08:00") == "BN-WT-2026-000001");
  CHECK(number_at("2027-01-01T00:00:00+08:00") == "BN-WT-2027-000001");
  CHECK(number_at("2026-12-31T23:59:58+08:00") == "BN-WT-2026-000002");
  CHECK(number_at("2027-01-01T00:00:01+08:00") == "BN-WT-2027-000002");
  CHECK(verify(office.store->cases()).faults.empty());
}

TEST_CASE("what recurs opens once though the clock was a year ahead for a while") {
  District office;
  (void)office.service.open_recurring();
  auto const start = office.now;
  office.now = start + 365 * a_day;
  auto const ahead = office.service.open_recurring();
  CHECK(ahead > 0);
  std::size_t again = 0;
  for (int day = 0; day <= 365; day += 5) {
    office.now = start + day * a_day;
    again += office.service.open_recurring();
  }
  CHECK(again == 0);
  CHECK(verify(office.store->cases()).faults.empty());
}

TEST_CASE("a session of later than now ends, so that a clock set back makes none longer") {
  District office;
  SignIn sign_in(*office.store, [&] { return office.now; });
  Person const li{
      .id = "p1", .name = "li", .full_name = "李某", .unit = "water", .roles = {"handler"}, .password_hash = {}};
  office.store->people().put_people(std::span(&li, 1));
  auto const enter = [&](std::string const& token) {
    office.store->people().put_session({.token_hash = hash_of(token),
                                        .person = "p1",
                                        .created = office.now,
                                        .expires = office.now + 12h,
                                        .last_used = office.now});
    return token;
  };
  auto const corrected = enter("a");
  office.now -= 2min;
  CHECK(sign_in.authenticate(corrected).has_value());
  office.now -= 1h;
  CHECK_FALSE(sign_in.authenticate(corrected).has_value());
  office.now += 1h;
  CHECK_FALSE(sign_in.authenticate(corrected).has_value());
  // Of before, but used later.
  auto const used = enter("b");
  office.now += 20min;
  CHECK(sign_in.authenticate(used).has_value());
  office.now -= 15min;
  CHECK_FALSE(sign_in.authenticate(used).has_value());
}

TEST_CASE("setting the clock is noticed, and its going slightly wrong is not") {
  Instant wall = *parse_instant("2026-11-02T09:00:00+08:00");
  std::chrono::seconds steady{1000};
  ClockWatch watch([&] { return wall; }, [&] { return steady; });
  auto const pass = [&](std::chrono::seconds by_wall, std::chrono::seconds by_steady) {
    wall += by_wall;
    steady += by_steady;
    return watch.look();
  };
  CHECK_FALSE(pass(30s, 30s));
  CHECK_FALSE(pass(89s, 30s));
  CHECK_FALSE(watch.set_within(24h));
  CHECK(pass(31s, 30s) == 60s);
  CHECK(watch.set_within(1s));
  CHECK_FALSE(pass(8h, 8h));
  CHECK_FALSE(watch.set_within(7h));
  CHECK(pass(-24h, 0s) == -24h);
  CHECK_FALSE(pass(1s, 1s));
  CHECK(watch.steps() == 2);
}
