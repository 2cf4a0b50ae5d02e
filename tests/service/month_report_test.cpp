// SPDX-License-Identifier: Apache-2.0
#include "engine/service/month_report.hpp"

#include "engine/service/paper.hpp"
#include "tests/service/fixture.hpp"

using namespace bihuan;

namespace {

// Opens issues and moves them, on the days that the test names.
class Ledger {
 public:
  std::string open(std::string const& at, std::string const& problem) {
    turn_to(at);
    OpenCaseRequest request;
    request.workflow = "inspection-issue";
    request.fields = Json(office.library.current("inspection-issue")->example.at("fields"));
    request.fields["problem"] = problem;
    auto const opened = office.service.open(request, head_);
    REQUIRE(opened.has_value());
    return opened->subject.id;
  }
  void report(std::string const& at, std::string const& id) { act(at, id, "report", head_, {}, "issue-form"); }
  void dispatch(std::string const& at, std::string const& id, std::string const& lead) {
    act(at, id, "dispatch", supervisor, {{"lead", lead}, {"rectify_by", "2026-12-30"}, {"level", "general"}},
        "assignment-notice");
  }
  void reject(std::string const& at, std::string const& id) { act(at, id, "reject", supervisor, {}, ""); }
  void act(std::string const& at, std::string const& id, std::string const& action, Actor const& actor, Json input,
           std::string const& document) {
    turn_to(at);
    ActionRequest request;
    request.case_id = id;
    request.action = action;
    if (!input.is_null()) request.input = std::move(input);
    request.comment = "理由";
    if (!document.empty()) request.documents[document] = {office.upload(action + id, actor, "application/pdf")};
    auto const done = office.service.act(request, actor);
    if (!done) MESSAGE(action << " " << done.error().front().text.en << " " << done.error().front().pointer);
    REQUIRE(done.has_value());
  }
  MonthReport count(std::string const& at, int month = 10) {
    turn_to(at);
    auto const& definition = *office.library.current("monthly-circular");
    return count_month(*definition.find_document("circular")->report,
                       std::chrono::year{2026} / std::chrono::month(static_cast<unsigned>(month)),
                       office.library.calendar_of(definition).zone(), *office.store, office.library, office.now);
  }
  void turn_to(std::string const& at) { office.now = *parse_instant(at + "+08:00"); }

  Office office;
  Actor const supervisor = person("su", "inspection-office", {"supervisor"});

 private:
  Actor const head_ = person("head", "yudong", {"dept_head"});
};

std::string line(MonthCounts const& c) {
  std::string all;
  for (auto const count : {c.carried, c.opened, c.reopened, c.closed, c.open, c.overdue})
    all += std::to_string(count) + " ";
  return all;
}

std::string line(MonthReport const& report, std::string const& unit) {
  for (auto const& [id, counts] : report.units) {
    if (id == unit) return line(counts);
  }
  return "none";
}

}  // namespace

TEST_CASE("a month's figures are those of its last second, whenever they are asked for") {
  Ledger ledger;
  auto const carried = ledger.open("2026-09-10T09:00:00", "甲");
  ledger.report("2026-09-10T10:00:00", carried);
  ledger.dispatch("2026-09-11T09:00:00", carried, "water");  // its plan is due ten working days on
  auto const closed = ledger.open("2026-09-29T09:00:00", "乙");
  ledger.report("2026-09-29T10:00:00", closed);
  ledger.reject("2026-10-01T00:00:00", closed);  // the month's first second
  auto const late_in_month = ledger.open("2026-10-28T09:00:00", "丙");
  ledger.report("2026-10-28T10:00:00", late_in_month);
  ledger.dispatch("2026-10-29T09:00:00", late_in_month, "city");
  auto const within = ledger.open("2026-10-31T22:00:00", "丁");
  ledger.report("2026-10-31T23:00:00", within);
  ledger.reject("2026-10-31T23:59:59", within);  // and its last

  auto const at_end = ledger.count("2026-11-01T00:00:00");
  //                             carried opened reopened closed open overdue
  CHECK(line(at_end.total) == "2 2 0 2 2 1 ");
  CHECK(line(at_end, "water") == "1 0 0 0 1 1 ");
  CHECK(line(at_end, "city") == "0 1 0 0 1 0 ");
  CHECK(line(at_end, "") == "1 1 0 2 0 0 ");
  REQUIRE(at_end.overdue.size() == 1);
  CHECK(at_end.overdue.front().title == "甲");
  CHECK(at_end.overdue.front().number == "BN-WT-2026-000001");
  CHECK(at_end.overdue.front().unit == "water");
  CHECK(format_date(at_end.overdue.front().due) == "2026-09-24");
  CHECK(at_end.overdue.front().days == 37);

  // What happens afterwards changes nothing of it.
  auto const afterwards = ledger.open("2026-11-02T09:00:00", "戊");
  ledger.report("2026-11-02T10:00:00", afterwards);
  ledger.act("2026-11-03T09:00:00", carried, "plan", person("w", "water", {"dept_head"}),
             {{"plan_goal", "达标"}, {"plan_tasks", {"封堵"}}, {"plan_finish", "2026-12-01"}}, "rectification-plan");
  ledger.reject("2026-11-04T09:00:00", afterwards);
  auto const later = ledger.count("2026-11-20T09:00:00");
  CHECK(line(later.total) == line(at_end.total));
  CHECK(line(later, "water") == line(at_end, "water"));
  CHECK(line(later, "city") == line(at_end, "city"));
  CHECK(later.overdue.size() == 1);

  // November begins with what October ended with.
  auto const november = ledger.count("2026-11-20T09:00:00", 11);
  CHECK(line(november.total) == "2 1 0 1 2 1 ");
  CHECK(november.until == ledger.office.now);
  CHECK(line(ledger.count("2026-11-20T09:00:00", 12).total) == "0 0 0 0 0 0 ");
}

TEST_CASE("a case of several units stands in each row and once in the total") {
  Ledger ledger;
  auto const id = ledger.open("2026-10-12T09:00:00", "甲");
  ledger.report("2026-10-12T10:00:00", id);
  ledger.dispatch("2026-10-12T11:00:00", id, "water");
  auto const& definition = *ledger.office.library.current("monthly-circular");
  auto asked = *definition.find_document("circular")->report;
  asked.counted = {{"inspection-issue", "coordinator"}};
  auto const zone = ledger.office.library.calendar_of(definition).zone();
  auto const by_office = count_month(asked, std::chrono::year{2026} / std::chrono::October, zone, *ledger.office.store,
                                     ledger.office.library, *parse_instant("2026-11-02T09:00:00+08:00"));
  CHECK(line(by_office, "inspection-office") == "0 1 0 0 1 0 ");
  // Overdue is whose deadline it is, whoever the case stands with.
  CHECK(line(by_office, "water") == "0 0 0 0 0 1 ");
  CHECK(line(by_office.total) == "0 1 0 0 1 1 ");
}

TEST_CASE("a circular is printed by those who may read all that it counts, and says what the ledger says") {
  Ledger ledger;
  auto const issue = ledger.open("2026-09-10T09:00:00", "花溪河污水外溢");
  ledger.report("2026-09-10T10:00:00", issue);
  ledger.dispatch("2026-09-11T09:00:00", issue, "water");
  ledger.turn_to("2026-11-02T09:00:00");
  auto& office = ledger.office;
  OpenCaseRequest request;
  request.workflow = "monthly-circular";
  request.fields = {{"heading", "十月通报"}, {"period", "2026-10-31"}};
  auto const opened = office.service.open(request, ledger.supervisor);
  REQUIRE(opened.has_value());
  auto const papers_for = [&](Actor const& actor) {
    return papers_of(opened->subject, office.library, office.service.visibility(actor));
  };
  CHECK(papers_for(person("w", "water", {"dept_head"})).empty());
  auto const papers = papers_for(ledger.supervisor);
  REQUIRE(papers.size() == 1);
  auto const page = papers.front().form->fill(paper_values(opened->subject, papers.front(), office.library,
                                                           {.unit = ledger.supervisor.unit, .person = "某"},
                                                           *office.store, office.now));
  for (auto const* const part : {"十月通报", "2026年10月", "截至2026年10月31日", "区水利局",
                                 "花溪河污水外溢（BN-WT-2026-000001）", "2026年9月24日", "37"}) {
    CAPTURE(part);
    CHECK(page.find(part) != std::string::npos);
  }
}
