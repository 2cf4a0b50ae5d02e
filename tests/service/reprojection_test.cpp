// SPDX-License-Identifier: Apache-2.0
#include "engine/service/reprojection.hpp"

#include "tests/service/fixture.hpp"
#include "tests/support/sample.hpp"

using namespace bihuan;

namespace {

// The shipped calendar with a made-up notice for 2027 whose New Year is four days long.
OrderedJson calendar_with_2027() {
  auto document = read_json_file(shipped_workflows() / "calendars" / "cn.json").value();
  auto& year = document["years"]["2027"];
  year["notice"] = {{"title", {{"zh", "通知"}, {"en", "Notice"}}}};
  for (auto const* const day : {"2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04"})
    year["days_off"].push_back({{"date", day}, {"title", {{"zh", "元旦"}, {"en", "New Year"}}}});
  year["working_days"] = OrderedJson::array();
  return document;
}

// A district with the sample workflow, late in a year whose successor is not announced yet.
struct Winter {
  TemporaryDirectory directory;
  std::filesystem::path workflows = directory.path() / "workflows";
  Library library = make_library();
  std::unique_ptr<Store> store = open_store(directory.path() / "data");
  Instant now = *parse_instant("2026-12-29T09:00:00+08:00");
  CaseService service{*store, library, [this] { return now; }};

  Library make_library() {
    std::filesystem::create_directories(workflows);
    for (auto const* const part : {"calendars", "organisation"})
      std::filesystem::copy(shipped_workflows() / part, workflows / part, std::filesystem::copy_options::recursive);
    auto document = sample::document();
    // A second look some working days after it was due: it moves with the calendar though its deadline may not.
    document["deadlines"]["triage"]["escalations"].push_back(OrderedJson::parse(
        R"json({"id": "again", "at": {"after": {"count": 5, "unit": "working_day"}}, "effects": [{"notify": ["office"]}]})json"));
    document["transitions"].erase("lapse");
    document["states"].erase("lapsed");
    std::ofstream(workflows / "sample.json") << document.dump();
    return load_library(workflows);
  }
  CaseAt open(char const* problem) {
    OpenCaseRequest request;
    request.workflow = "sample";
    request.fields = {{"problem", problem}};
    auto opened = service.open(request, person("in", "yudong", {"inspector"}));
    REQUIRE(opened.has_value());
    return *opened;
  }
  Case find(std::string const& id) { return store->cases().find(id, Visibility::of_everything()).value(); }
  void announce() {
    auto const document = calendar_with_2027();
    library.put_calendar(Calendar::parse(document).value(), document);
  }
};

}  // namespace

TEST_CASE("a new calendar moves the running deadlines of every case by events, once") {
  Winter winter;
  REQUIRE(winter.library.reconcile(*winter.store).has_value());
  std::vector<std::string> ids;
  for (int i = 0; i < 450; ++i) ids.push_back(winter.open("污水外溢").subject.id);
  // Five working days after 29 December 2026: 30, 31, and by the bare law 4, 5 and 6 January.
  auto const before = winter.find(ids.front());
  CHECK(before.deadline("triage")->due == *parse_instant("2027-01-06T23:59:59+08:00"));
  CHECK(before.deadline("triage")->provisional);
  winter.announce();

  auto const tried = reproject(*winter.store, winter.library, "cn", winter.now, Trial::dry_run);
  CHECK(tried.moved.size() == 450);
  CHECK(winter.find(ids.front()) == before);

  auto const result = reproject(*winter.store, winter.library, "cn", winter.now, Trial::for_good);
  CHECK(result.running == 450);
  REQUIRE(result.moved.size() == 450);
  CHECK(result.moved.front().from == *parse_instant("2027-01-06T23:59:59+08:00"));
  CHECK(result.moved.front().to == *parse_instant("2027-01-07T23:59:59+08:00"));
  for (auto const& id : ids) {
    auto const after = winter.find(id);
    REQUIRE(after.deadline("triage")->due == *parse_instant("2027-01-07T23:59:59+08:00"));
    REQUIRE(after.version == before.version);
    REQUIRE(after.revision == 2);
  }
  CHECK(reproject(*winter.store, winter.library, "cn", winter.now, Trial::for_good).moved.empty());
  CHECK(winter.find(ids.front()).revision == 2);
  CHECK(verify(winter.store->cases()).faults.empty());
}

TEST_CASE("the sweeper wakes by the new calendar, also for a rung after a deadline that did not move") {
  Winter winter;
  winter.now = *parse_instant("2026-12-21T09:00:00+08:00");
  auto const id = winter.open("污水外溢").subject.id;  // due on the 28th; the rung comes on 5 January, by the bare law
  winter.now = *parse_instant("2026-12-29T09:00:00+08:00");
  while (winter.service.sweep() > 0) continue;
  REQUIRE(winter.store->cases().next_wakeup() == parse_instant("2027-01-05T00:00:00+08:00").value());
  auto const before = winter.find(id);
  winter.announce();
  CHECK(reproject(*winter.store, winter.library, "cn", winter.now, Trial::for_good).moved.empty());
  CHECK(winter.store->cases().next_wakeup() == parse_instant("2027-01-06T00:00:00+08:00").value());
  CHECK(winter.find(id).revision == before.revision);
}

TEST_CASE("a calendar that the deadlines were not reckoned by keeps the data from being served") {
  Winter winter;
  REQUIRE(winter.library.reconcile(*winter.store).has_value());
  REQUIRE(winter.library.reconcile(*winter.store).has_value());
  winter.open("污水外溢");
  winter.announce();
  auto const refused = winter.library.reconcile(*winter.store);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().front().code == Code::calendar_changed);
  (void)reproject(*winter.store, winter.library, "cn", winter.now, Trial::for_good);
  winter.library.record_calendar("cn", *winter.store);
  CHECK(winter.library.reconcile(*winter.store).has_value());
}
