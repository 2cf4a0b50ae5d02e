// SPDX-License-Identifier: Apache-2.0
#include "engine/core/recurrence.hpp"
#include "tests/service/fixture.hpp"
#include "tests/support/sample.hpp"

using namespace bihuan;

namespace {

Date date(char const* text) {
  return *parse_date(text);
}

std::string opens_on(Recurrence const& recurrence, char const* first, char const* last) {
  std::string all;
  for (auto const& occurrence : occurrences(recurrence, sample::calendar(), date(first), date(last)))
    all += (all.empty() ? "" : " ") + format_date(occurrence.opens_on);
  return all;
}

}  // namespace

TEST_CASE("yearly and monthly occurrences fall where the rule says, moved off rest days where it says so") {
  Recurrence yearly;
  yearly.month = 10;
  yearly.day = 1;
  CHECK(opens_on(yearly, "2025-01-01", "2026-12-31") == "2025-10-01 2026-10-01");
  yearly.on_working_day = true;
  // 1 and 2 October 2026 are days off, 3 and 4 a weekend.
  CHECK(opens_on(yearly, "2026-01-01", "2026-12-31") == "2026-10-05");
  Recurrence last_day;
  last_day.month = 2;
  CHECK(opens_on(last_day, "2026-01-01", "2028-12-31") == "2026-02-28 2027-02-28 2028-02-29");
  Recurrence quarterly;
  quarterly.months = 3;
  quarterly.starting = date("2026-01-31");
  CHECK(opens_on(quarterly, "2026-02-01", "2026-12-31") == "2026-04-30 2026-07-31 2026-10-31");
}

TEST_CASE("an occurrence opens once for each unit, whatever happens to the clock or the process in between") {
  TemporaryDirectory directory;
  auto const workflows = directory.path() / "workflows";
  std::filesystem::create_directories(workflows);
  for (auto const* const part : {"calendars", "organisation"})
    std::filesystem::copy(shipped_workflows() / part, workflows / part, std::filesystem::copy_options::recursive);
  auto document = sample::document();
  document.merge_patch(OrderedJson::parse(R"json({
    "parties": {"reporter": {"default": null}},
    "recurring": {"quarterly": {"title": {"zh": "季度", "en": "Quarterly"}, "every": {"months": 3}, "starting": "2026-01-01",
      "for": {"party": "reporter", "units": ["water", "agri"]},
      "fields": {"problem": {"cat": ["季度情况 ", {"var": "occurrence.date"}]}}}}})json"));
  std::ofstream(workflows / "sample.json") << document.dump();
  auto const library = load_library(workflows);
  Instant now = *parse_instant("2026-02-10T09:00:00+08:00");
  auto const count = [&](CaseService& service) {
    return service.list({.limit = 100}, person("su", "inspection-office", {"supervisor"}))->items.size();
  };
  {
    auto const store = open_store(directory.path() / "data");
    CaseService service(*store, library, [&] { return now; });
    CHECK(service.open_recurring() == 0);  // 1 January was before the program ran
    now = *parse_instant("2026-03-31T23:59:59+08:00");
    CHECK(service.open_recurring() == 0);
    now = *parse_instant("2026-04-01T00:00:00+08:00");
    CHECK(service.open_recurring() == 2);
    CHECK(service.open_recurring() == 0);
    now = *parse_instant("2026-03-01T00:00:00+08:00");  // the clock steps back
    CHECK(service.open_recurring() == 0);
  }
  auto const store = open_store(directory.path() / "data");
  CaseService service(*store, library, [&] { return now; });
  now = *parse_instant("2026-11-01T00:00:00+08:00");  // the process was down over two quarters
  CHECK(service.open_recurring() == 4);
  CHECK(service.open_recurring() == 0);
  CHECK(count(service) == 6);
  auto const first = service.list({.sort = CaseQuery::Sort::opened_oldest, .limit = 1},
                                  person("su", "inspection-office", {"supervisor"}));
  CHECK(first->items.front().title == "季度情况 2026-04-01");
  CHECK(verify(store->cases()).faults.empty());
}
