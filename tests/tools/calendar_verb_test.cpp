// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "engine/service/case_service.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/verify.hpp"
#include "tools/bihuan/calendar.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/scratch.hpp"

using namespace bihuan;

namespace {

namespace fs = std::filesystem;

std::string read(fs::path const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A district of its own with one case that is due beyond the announced years.
struct District {
  ScratchDirectory scratch;
  fs::path workflows = scratch.path() / "workflows";
  fs::path installed = workflows / "calendars" / "cn.json";
  Instant now = *parse_instant("2026-12-29T09:00:00+08:00");
  CalendarLoadOptions options{.file = scratch.path() / "new.json",
                              .data = scratch.path() / "data",
                              .workflows = workflows,
                              .dry_run = false,
                              .json = true};
  std::string out;
  std::string err;

  District() {
    fs::copy(fs::path(BIHUAN_SOURCE_DIR) / "workflows", workflows, fs::copy_options::recursive);
    auto const store = open();
    auto library = load();
    REQUIRE(library.reconcile(*store).has_value());
    CaseService service(*store, library, [this] { return now; });
    Actor const inspector{"in", "yudong", {"inspector"}, false};
    OpenCaseRequest request;
    request.workflow = "inspection-issue";
    auto const& example = library.current("inspection-issue")->source.at("example");
    request.fields = Json(example.at("fields"));
    request.parties = Json(example.at("parties"));
    auto const opened = service.open(request, inspector);
    if (!opened) MESSAGE(opened.error().front().pointer << opened.error().front().text.en);
    REQUIRE(opened.has_value());
  }

  std::unique_ptr<Store> open() const { return std::move(open_sqlite_store(options.data).value()); }
  Library load() const { return std::move(Library::load(workflows).value()); }

  OrderedJson calendar() const {
    auto document = OrderedJson::parse(read(installed));
    auto& year = document["years"]["2027"];
    year = OrderedJson::object();
    year["notice"] = {{"title", {{"zh", "通知"}, {"en", "Notice"}}}};
    for (auto const* const day : {"2027-01-01", "2027-01-04", "2027-01-05", "2027-01-06"})
      year["days_off"].push_back({{"date", day}, {"title", {{"zh", "元旦"}, {"en", "New Year"}}}});
    year["working_days"] = OrderedJson::array();
    return document;
  }
  int run(OrderedJson const& document) {
    std::ofstream(options.file) << document.dump(2);
    std::ostringstream to_out;
    std::ostringstream to_err;
    int const status = run_calendar_load(options, now, to_out, to_err);
    out = to_out.str();
    err = to_err.str();
    return status;
  }
};

}  // namespace

TEST_CASE("a loaded calendar takes the installed one's place, and a report says which deadlines moved") {
  District district;
  auto const before = read(district.installed);
  district.options.dry_run = true;
  REQUIRE(district.run(district.calendar()) == done);
  auto const foretold = Json::parse(district.out);
  REQUIRE_FALSE(foretold.at("moved").empty());
  CHECK(read(district.installed) == before);

  district.options.dry_run = false;
  REQUIRE(district.run(district.calendar()) == done);
  auto const report = Json::parse(district.out);
  CHECK(report.at("moved") == foretold.at("moved"));
  CHECK(report.at("announced_until") == Json{{"before", 2026}, {"after", 2027}});
  CHECK(report.at("file") == district.installed.string());
  CHECK(read(district.installed) == read(district.options.file));
  auto const& first = report.at("moved").at(0);
  auto const store = district.open();
  auto const events = store->cases().history(first.at("case").get<std::string>());
  auto const last = std::find_if(events.rbegin(), events.rend(),
                                 [](Event const& e) { return e.type == EventType::deadline_reprojected; });
  REQUIRE(last != events.rend());
  CHECK(parse_instant(last->body.at("due").get<std::string>()).value() ==
        parse_instant(first.at("to").get<std::string>()).value());
  CHECK(verify(store->cases()).faults.empty());
  CHECK(district.load().reconcile(*store).has_value());
  auto const audit = store->audit().list({});
  REQUIRE(audit.has_value());
  CHECK(audit->items.front().detail.at("what") == "calendar_loaded");
}

TEST_CASE("the same calendar again moves nothing, also one that was put into its place by hand") {
  District district;
  auto const text = district.calendar().dump(2);
  std::ofstream(district.installed) << text;
  CHECK(district.load().reconcile(*district.open()).error().front().code == Code::calendar_changed);
  REQUIRE(district.run(district.calendar()) == done);
  CHECK_FALSE(Json::parse(district.out).at("moved").empty());
  CHECK(district.load().reconcile(*district.open()).has_value());
  REQUIRE(district.run(district.calendar()) == done);
  CHECK(Json::parse(district.out).at("moved").empty());
}

TEST_CASE("a calendar with a fault is refused with its place, and nothing changes") {
  District district;
  auto const before = read(district.installed);
  struct {
    char const* what;
    char const* patch;
    char const* says;
  } const cases[] = {
      {"a year that the installed one has", R"([{"op":"remove","path":"/years/2024"}])", "new.json#/years/2024"},
      {"a year between two", R"([{"op":"remove","path":"/years/2026"}])", "new.json#/years/2026"},
      {"a day off named twice", R"([{"op":"copy","from":"/years/2027/days_off/0","path":"/years/2027/days_off/-"}])",
       "new.json#/years/2027/days_off/4/date"},
      {"a make-up day that is a work day anyway",
       R"([{"op":"add","path":"/years/2027/working_days/-","value":{"date":"2027-01-07","title":{"zh":"x","en":"x"}}}])",
       "new.json#/years/2027/working_days/0/date"},
      {"a calendar that nobody uses", R"([{"op":"replace","path":"/id","value":"de"}])", "new.json#/id"},
  };
  for (auto const& c : cases) {
    CAPTURE(c.what);
    CHECK(district.run(district.calendar().patch(OrderedJson::parse(c.patch))) == said_no);
    CHECK(district.err.find(c.says) != std::string::npos);
    CHECK(read(district.installed) == before);
  }
  CHECK(district.load().reconcile(*district.open()).has_value());
}

TEST_CASE("a calendar is not loaded under a running server, and the answer says to stop it") {
  District district;
  auto const before = read(district.installed);
  auto const held = district.open();
  CHECK(district.run(district.calendar()) == said_no);
  CHECK(district.err.find("store_in_use") != std::string::npos);
  CHECK(district.err.find("stop it") != std::string::npos);
  CHECK(read(district.installed) == before);
}
