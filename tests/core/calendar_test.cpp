// SPDX-License-Identifier: Apache-2.0
#include "engine/core/calendar.hpp"

#include <doctest/doctest.h>

#include "engine/core/remaining.hpp"
#include "tests/support/calendar.hpp"

using namespace bihuan;
using std::chrono::sys_days;

namespace {

DayKind kind_of(std::string_view date) {
  return cn_calendar().kind(*parse_date(date));
}

OrderedJson small_calendar() {
  return OrderedJson::parse(R"({"id": "t", "title": {"zh": "试", "en": "Test"}, "zone": "Asia/Shanghai",
    "fixed_days": [{"month": 5, "day": 1, "title": {"zh": "劳动节", "en": "Labour Day"}}],
    "years": {"2026": {"notice": {"title": {"zh": "通知", "en": "Notice"}, "url": "https://example.org"},
      "days_off": [{"date": "2026-01-01", "title": {"zh": "元旦", "en": "New Year"}}],
      "working_days": [{"date": "2026-01-04", "title": {"zh": "元旦", "en": "New Year"}}]}}})");
}

}  // namespace

TEST_CASE("each announced year has as many working days as its notice leaves") {
  struct {
    int year;
    int days;
  } const cases[] = {{2024, 251}, {2025, 248}, {2026, 248}};
  for (auto const& c : cases) {
    CAPTURE(c.year);
    int working = 0;
    Date const last(std::chrono::year(c.year) / 12 / 31);
    for (sys_days day = std::chrono::year(c.year) / 1 / 1; day <= sys_days(last); day += std::chrono::days(1)) {
      working += cn_calendar().working(Date(day)) ? 1 : 0;
    }
    CHECK(working == c.days);
  }
}

TEST_CASE("a day says what it is and by which notice") {
  struct {
    char const* date;
    bool working;
    char const* reason;
  } const cases[] = {
      {"2026-02-17", false, "春节放假（《国务院办公厅关于2026年部分节假日安排的通知》）"},
      {"2026-02-14", true, "调休上班：春节（《国务院办公厅关于2026年部分节假日安排的通知》）"},
      {"2025-10-06", false, "国庆节、中秋节放假（《国务院办公厅关于2025年部分节假日安排的通知》）"},
      {"2026-11-24", true, "星期二"},
      {"2026-11-28", false, "星期六，休息日"},
  };
  for (auto const& c : cases) {
    CAPTURE(c.date);
    auto const kind = kind_of(c.date);
    CHECK(kind.working == c.working);
    CHECK(kind.reason.zh == c.reason);
    CHECK(!kind.reason.en.empty());
    CHECK(!kind.provisional);
  }
}

TEST_CASE("a year without a notice has weekends and the days that the law fixes, provisionally") {
  CHECK(cn_calendar().announced_until() == 2026);
  for (auto const* date : {"2027-01-01", "2027-05-01", "2027-10-01", "2027-11-28", "2023-05-01"}) {
    CAPTURE(date);
    CHECK(!kind_of(date).working);
    CHECK(kind_of(date).provisional);
  }
  CHECK(kind_of("2028-05-02").working == false);  // a statutory day since 2025
  CHECK(kind_of("2023-05-02").working);
  CHECK(kind_of("2027-02-08").working);  // the Spring Festival's days are not known before the notice
}

TEST_CASE("each fault of a calendar is refused with its place") {
  struct {
    char const* what;
    char const* patch;
    Code code;
    char const* pointer;
  } const cases[] = {
      {"no id", R"([{"op":"remove","path":"/id"}])", Code::missing, "/id"},
      {"an unknown zone", R"([{"op":"replace","path":"/zone","value":"Mars/Base"}])", Code::bad_format, "/zone"},
      {"a day that no month has", R"([{"op":"replace","path":"/fixed_days/0/day","value":32}])", Code::out_of_bounds,
       "/fixed_days/0/day"},
      {"a year that is none", R"([{"op":"add","path":"/years/next","value":{}}])", Code::bad_format, "/years/next"},
      {"no notice", R"([{"op":"remove","path":"/years/2026/notice"}])", Code::missing, "/years/2026/notice"},
      {"an empty list", R"([{"op":"replace","path":"/years/2026/days_off","value":[]}])", Code::missing,
       "/years/2026/days_off"},
      {"a date of another year", R"([{"op":"replace","path":"/years/2026/days_off/0/date","value":"2027-01-01"}])",
       Code::out_of_bounds, "/years/2026/days_off/0/date"},
      {"no date", R"([{"op":"replace","path":"/years/2026/days_off/0/date","value":"1 January"}])", Code::bad_format,
       "/years/2026/days_off/0/date"},
      {"a make-up day on a weekday",
       R"([{"op":"replace","path":"/years/2026/working_days/0/date","value":"2026-01-05"}])", Code::out_of_bounds,
       "/years/2026/working_days/0/date"},
      {"a day that is both", R"([{"op":"replace","path":"/years/2026/days_off/0/date","value":"2026-01-04"}])",
       Code::duplicate_key, "/years/2026/working_days/0/date"},
      {"an unknown member", R"([{"op":"add","path":"/years/2026/announced","value":true}])", Code::unknown_field,
       "/years/2026/announced"},
      {"a day off named twice", R"([{"op":"copy","from":"/years/2026/days_off/0","path":"/years/2026/days_off/-"}])",
       Code::duplicate_key, "/years/2026/days_off/1/date"},
      {"a year missing between two", R"([{"op":"add","path":"/years/2028","value":
         {"notice": {"title": {"zh": "通知", "en": "Notice"}},
          "days_off": [{"date": "2028-01-01", "title": {"zh": "元旦", "en": "New Year"}}], "working_days": []}}])",
       Code::missing, "/years/2027"},
      {"a list for a year", R"([{"op":"replace","path":"/years/2026","value":[]}])", Code::wrong_type, "/years/2026"},
  };
  for (auto const& c : cases) {
    CAPTURE(c.what);
    auto const calendar = Calendar::parse(small_calendar().patch(OrderedJson::parse(c.patch)));
    REQUIRE(!calendar);
    CHECK(calendar.error().front().code == c.code);
    CHECK(calendar.error().front().pointer == c.pointer);
  }
  CHECK(Calendar::parse(small_calendar()));
  CHECK(Calendar::parse(OrderedJson::array()).error().front().code == Code::wrong_type);
}

TEST_CASE("a notice may name days of the December before its year") {
  auto const document = small_calendar().patch(OrderedJson::parse(
      R"([{"op":"add","path":"/years/2026/days_off/-","value":{"date":"2025-12-31","title":{"zh":"元旦","en":"New Year"}}}])"));
  auto const calendar = Calendar::parse(document);
  REQUIRE(calendar);
  CHECK(!calendar->working(*parse_date("2025-12-31")));
}

TEST_CASE("working days are left until the day itself, and are counted on below nothing") {
  auto const left = [](std::string_view now, std::string_view due) {
    return working_days_left(cn_calendar(), *parse_instant(now), *parse_instant(due));
  };
  auto const due = "2026-09-30T23:59:59+08:00";
  CHECK(left("2026-09-30T09:00:00+08:00", due) == 0);
  CHECK(left("2026-09-28T23:00:00+08:00", due) == 2);
  // By the zone of the calendar: it is the 29th there.
  CHECK(left("2026-09-28T17:00:00Z", due) == 1);
  CHECK(left("2026-10-01T00:00:00+08:00", due) == -1);
  // The seven days of the holiday are none.
  CHECK(left("2026-10-07T09:00:00+08:00", due) == -1);
  CHECK(left("2026-10-09T09:00:00+08:00", due) == -2);
  CHECK(left("2026-09-30T16:00:00+08:00", "2026-09-30T15:00:00+08:00") == -1);
}
