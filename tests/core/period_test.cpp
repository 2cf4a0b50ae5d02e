// SPDX-License-Identifier: Apache-2.0
#include "engine/core/period.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "tests/support/calendar.hpp"

using namespace bihuan;

namespace {

constexpr Counting plain{.first_day = FirstDay::next, .last_rest_day = LastRestDay::none};
constexpr Counting rolling{.first_day = FirstDay::next, .last_rest_day = LastRestDay::next_working_day};

// A bare date is noon of that day in Shanghai.
Instant at(std::string const& text) {
  return parse_instant(text.size() == 10 ? text + "T12:00:00+08:00" : text).value();
}
Period period(std::int64_t count, Unit unit) {
  return {.count = count, .unit = unit};
}
Pause pause(std::string const& from, std::string const& to) {
  return {.from = at(from), .to = at(to)};
}

Due due_of(std::string const& start, Period const& length, Counting const& counting = rolling,
           std::vector<Pause> const& pauses = {}) {
  return due_after(cn_calendar(), at(start), length, counting, pauses).value();
}
std::string day_of(Instant instant) {
  return format_date(cn_calendar().zone().date_of(instant));
}
std::string due_day(std::string const& start, Period const& length, Counting const& counting = rolling,
                    std::vector<Pause> const& pauses = {}) {
  return day_of(due_of(start, length, counting, pauses).due);
}
Period month_and_15_days() {
  return {.count = 1, .unit = Unit::month, .days_more = 15};
}
Period february_end() {
  return {.form = Period::Form::yearly, .month = 2, .day = 0};
}

bool some_note_has(Due const& due, std::string_view words) {
  return std::ranges::any_of(due.notes, [&](Text const& note) { return note.zh.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("periods end where the law and the State Council's notices put their end") {
  struct {
    char const* start;
    Period length;
    Counting counting;
    char const* unrolled;
    char const* due;
  } const cases[] = {
      {"2024-06-17", period(2, Unit::month), rolling, "2024-08-17", "2024-08-19"},
      {"2026-09-30", period(3, Unit::day), rolling, "2026-10-03", "2026-10-08"},
      {"2026-09-30", period(3, Unit::working_day), rolling, "2026-10-10", "2026-10-10"},
      {"2026-02-12", period(3, Unit::day), rolling, "2026-02-15", "2026-02-24"},
      {"2026-02-13", period(3, Unit::working_day), rolling, "2026-02-25", "2026-02-25"},
      {"2026-05-06", period(3, Unit::day), rolling, "2026-05-09", "2026-05-09"},
      {"2025-01-25", period(7, Unit::day), rolling, "2025-02-01", "2025-02-05"},
      {"2025-04-30", period(5, Unit::working_day), rolling, "2025-05-12", "2025-05-12"},
      {"2026-01-31", period(1, Unit::month), rolling, "2026-02-28", "2026-02-28"},
      {"2024-12-31", period(2, Unit::month), rolling, "2025-02-28", "2025-02-28"},
      {"2026-09-18", period(1, Unit::working_day), rolling, "2026-09-20", "2026-09-20"},
      {"2025-12-31", february_end(), plain, "2026-02-28", "2026-02-28"},
      {"2026-12-31", february_end(), plain, "2027-02-28", "2027-02-28"},
      {"2026-02-28", february_end(), plain, "2027-02-28", "2027-02-28"},
      {"2026-02-27", february_end(), plain, "2026-02-28", "2026-02-28"},
      {"2026-12-31", february_end(), rolling, "2027-02-28", "2027-03-01"},
      {"2027-03-01", february_end(), plain, "2028-02-29", "2028-02-29"},
      {"2026-09-30", period(3, Unit::day), plain, "2026-10-03", "2026-10-03"},
      {"2024-01-31", period(1, Unit::month), plain, "2024-02-29", "2024-02-29"},
      {"2024-02-29", period(12, Unit::month), plain, "2025-02-28", "2025-02-28"},
      {"2026-01-15", month_and_15_days(), plain, "2026-03-02", "2026-03-02"},
      {"2026-01-31", month_and_15_days(), plain, "2026-03-15", "2026-03-15"},
      {"2026-06-01", month_and_15_days(), plain, "2026-07-16", "2026-07-16"},
      {"2026-07-04", month_and_15_days(), rolling, "2026-08-19", "2026-08-19"},
      {"2026-07-08", month_and_15_days(), rolling, "2026-08-23", "2026-08-24"},
      {"2026-11-24", period(0, Unit::day), rolling, "2026-11-24", "2026-11-24"},
      {"2026-11-28", period(0, Unit::day), rolling, "2026-11-28", "2026-11-30"},
      {"2026-11-28", period(0, Unit::working_day), plain, "2026-11-28", "2026-11-28"},
  };
  for (auto const& c : cases) {
    CAPTURE(c.start);
    CAPTURE(describe(c.length).en);
    auto const due = due_of(c.start, c.length, c.counting);
    CHECK(day_of(due.unrolled) == c.unrolled);
    CHECK(day_of(due.due) == c.due);
    CHECK(cn_calendar().zone().format(due.due).substr(10) == "T23:59:59+08:00");
  }
}

TEST_CASE("hours run exactly, through rest days and without rolling") {
  auto const due = due_of("2026-09-30T17:30:00+08:00", period(24, Unit::hour));
  CHECK(cn_calendar().zone().format(due.due) == "2026-10-01T17:30:00+08:00");
  CHECK(due.unrolled == due.due);
  CHECK(due_of("2026-11-24", period(0, Unit::hour)).due == at("2026-11-24"));
}

TEST_CASE("the day of the start is the zone's, however late at night") {
  // In UTC both are 25 November; in Shanghai the second is the 26th already.
  CHECK(due_day("2026-11-25T15:59:59Z", period(1, Unit::working_day)) == "2026-11-26");
  CHECK(due_day("2026-11-25T16:00:00Z", period(1, Unit::working_day)) == "2026-11-27");
}

TEST_CASE("the first day counts only where the rule says so") {
  Counting const same{.first_day = FirstDay::same, .last_rest_day = LastRestDay::none};
  CHECK(due_day("2026-11-24", period(3, Unit::day), same) == "2026-11-26");
  CHECK(due_day("2026-11-24", period(1, Unit::working_day), same) == "2026-11-24");
  CHECK(due_day("2026-11-28", period(1, Unit::working_day), same) == "2026-11-30");
}

TEST_CASE("paused days are not counted, from the day the pause begins up to the day it ends") {
  struct {
    char const* what;
    Period length;
    std::vector<Pause> pauses;
    char const* due;
  } const cases[] = {
      {"none", period(5, Unit::day), {}, "2026-11-14"},
      {"two days", period(5, Unit::day), {pause("2026-11-10", "2026-11-12")}, "2026-11-16"},
      {"on and off on one day", period(5, Unit::day), {pause("2026-11-10", "2026-11-10T18:00:00+08:00")}, "2026-11-14"},
      {"across midnight",
       period(5, Unit::day),
       {pause("2026-11-10T23:59:59+08:00", "2026-11-11T00:00:00+08:00")},
       "2026-11-15"},
      {"twice the same days",
       period(5, Unit::day),
       {pause("2026-11-10", "2026-11-12"), pause("2026-11-11", "2026-11-12")},
       "2026-11-16"},
      {"after the end", period(5, Unit::day), {pause("2026-11-20", "2026-11-25")}, "2026-11-14"},
      {"before the start", period(5, Unit::day), {pause("2026-11-01", "2026-11-05")}, "2026-11-14"},
      {"ends before it begins", period(5, Unit::day), {pause("2026-11-12", "2026-11-10")}, "2026-11-14"},
      // Friday to Monday: of the three days only the Friday was a working day.
      {"a weekend", period(5, Unit::working_day), {pause("2026-11-13", "2026-11-16")}, "2026-11-17"},
      {"a weekend alone", period(5, Unit::working_day), {pause("2026-11-14", "2026-11-16")}, "2026-11-16"},
      {"within a month", period(1, Unit::month), {pause("2026-11-20", "2026-11-25")}, "2026-12-14"},
      {"in the days that a pause adds",
       period(1, Unit::month),
       {pause("2026-11-20", "2026-11-25"), pause("2026-12-12", "2026-12-13")},
       "2026-12-15"},
  };
  for (auto const& c : cases) {
    CAPTURE(c.what);
    CHECK(due_day("2026-11-09", c.length, plain, c.pauses) == c.due);
  }
}

TEST_CASE("a pause that goes on is left out, and rolling passes over paused days") {
  std::vector<Pause> const open{{.from = at("2026-11-10"), .to = std::nullopt}};
  CHECK(due_day("2026-11-09", period(5, Unit::day), plain, open) == "2026-11-14");
  CHECK(due_day("2026-11-09", period(5, Unit::day), rolling, {pause("2026-11-16", "2026-11-18")}) == "2026-11-18");
}

TEST_CASE("paused hours are added to the second, once, and only while the period runs") {
  auto const due = [](std::vector<Pause> const& pauses) {
    return due_of("2026-11-24T10:00:00+08:00", period(24, Unit::hour), rolling, pauses).due -
           at("2026-11-25T10:00:00+08:00");
  };
  auto const first = pause("2026-11-24T11:00:00+08:00", "2026-11-24T12:00:01+08:00");
  auto const second = pause("2026-11-24T11:30:00+08:00", "2026-11-24T13:00:00+08:00");
  CHECK(due({first}) == std::chrono::seconds(3601));
  CHECK(due({second, first}) == std::chrono::hours(2));
  CHECK(due({pause("2026-11-24T09:00:00+08:00", "2026-11-24T11:00:00+08:00")}) == std::chrono::hours(1));
  CHECK(due({pause("2026-11-25T10:00:00+08:00", "2026-11-26T10:00:00+08:00")}) == std::chrono::hours(0));
  CHECK(due({first, pause("2026-11-25T10:30:00+08:00", "2026-11-25T11:30:00+08:00")}) ==
        std::chrono::seconds(3601 + 3600));
}

TEST_CASE("a date that the case carries is taken as it stands, pushed by pauses, rolled only by its rule") {
  Period const by_field{.form = Period::Form::field, .field = "rectify_by"};
  auto const due = [&](char const* date, Counting const& counting, std::vector<Pause> const& pauses = {}) {
    return day_of(due_after(cn_calendar(), at("2026-11-09"), by_field, counting, pauses, *parse_date(date))->due);
  };
  CHECK(due("2026-11-28", plain) == "2026-11-28");
  CHECK(due("2026-11-28", rolling) == "2026-11-30");
  CHECK(due("2026-11-28", plain, {pause("2026-11-10", "2026-11-12")}) == "2026-11-30");
  CHECK(due("2026-11-06", plain) == "2026-11-06");
  auto const missing = due_after(cn_calendar(), at("2026-11-09"), by_field, plain);
  REQUIRE(!missing);
  CHECK(missing.error().front().code == Code::out_of_bounds);
  CHECK(missing.error().front().text.en.find("rectify_by") != std::string::npos);
}

TEST_CASE("a due instant is provisional exactly when it rests on a year without a notice") {
  CHECK(!due_of("2026-12-24", period(5, Unit::working_day)).provisional);
  CHECK(due_of("2026-12-30", period(2, Unit::working_day)).provisional);
  CHECK(due_of("2026-12-30", period(5, Unit::day), rolling).provisional);
  CHECK(!due_of("2026-12-30", period(5, Unit::day), plain).provisional);
  CHECK(!due_of("2026-12-31", february_end(), plain).provisional);
  CHECK(!due_of("2026-12-31T12:00:00+08:00", period(72, Unit::hour)).provisional);
  CHECK(due_of("2023-12-20", period(30, Unit::working_day)).provisional);
  CHECK(due_day("2026-12-31", period(1, Unit::working_day)) == "2027-01-04");
  CHECK(some_note_has(due_of("2026-12-31", period(1, Unit::working_day)), "放假安排尚未载入"));
}

TEST_CASE("a year in which every day is off is walked through, and more than a century is refused") {
  OrderedJson document = read_cn_document();
  auto& days_off = document["years"]["2025"]["days_off"];
  days_off = OrderedJson::array();
  for (std::chrono::sys_days day = std::chrono::year(2025) / 1 / 1; Date(day).year() == std::chrono::year(2025);
       day += std::chrono::days(1)) {
    days_off.push_back({{"date", format_date(Date(day))}, {"title", {{"zh", "全年放假"}, {"en", "All year off"}}}});
  }
  document["years"]["2025"]["working_days"] = OrderedJson::array();
  auto const calendar = Calendar::parse(document);
  REQUIRE(calendar);
  auto const due = due_after(*calendar, at("2024-12-31"), period(1, Unit::working_day), rolling);
  REQUIRE(due);
  CHECK(day_of(due->due) == "2026-01-04");  // a make-up Sunday
  CHECK(due->days.size() == 369);

  for (auto const& length :
       {period(-1, Unit::day), period(36'601, Unit::day), period(30'000, Unit::working_day), period(1'181, Unit::month),
        Period{.count = 1, .unit = Unit::day, .days_more = 1}, Period{.count = 1, .unit = Unit::month, .days_more = 31},
        period(878'401, Unit::hour), period(std::numeric_limits<std::int64_t>::max(), Unit::hour)}) {
    CAPTURE(length.count);
    auto const refused_due = due_after(cn_calendar(), at("2026-11-24"), length, rolling);
    REQUIRE(!refused_due);
    CHECK(refused_due.error().front().code == Code::out_of_bounds);
  }
  CHECK(!due_after(cn_calendar(), at("9999-12-20"), period(30, Unit::day), plain));
  CHECK(!due_after(cn_calendar(), at("9999-12-20"), period(999, Unit::hour), plain));
}

TEST_CASE("the explanation of working days names each day, counted or not, and why") {
  auto const due = due_of("2026-09-30", period(3, Unit::working_day), rolling, {pause("2026-10-08", "2026-10-09")});
  CHECK(day_of(due.due) == "2026-10-12");
  REQUIRE(due.days.size() == 12);
  CHECK(due.days[0].reason.en.starts_with("National Day, day off"));
  CHECK(!due.days[0].counted);
  CHECK(due.days[7].reason.zh == "期限中止，不计入");
  CHECK(due.days[8].number == 1);
  CHECK(due.days[9].reason.zh.starts_with("调休上班：国庆节"));
  CHECK(due.days[9].number == 2);
  CHECK(due.days[10].reason.en == "Sunday, rest day");
  CHECK(due.days[11].number == 3);
  CHECK(some_note_has(due, "期限中止1日"));
}

TEST_CASE("the explanation of a rolled period lists the days it rolled over") {
  auto const by_day = due_of("2026-11-25", period(3, Unit::day));
  REQUIRE(by_day.days.size() == 5);
  CHECK(by_day.days[2].number == 3);
  CHECK(!by_day.days[3].counted);
  CHECK(by_day.days[4].reason.en == "the period ends on this day instead (Monday)");
  CHECK(some_note_has(by_day, "期限最后一日 2026-11-28 为休息日"));

  auto const by_month = due_of("2024-06-17", period(2, Unit::month));
  REQUIRE(by_month.days.size() == 3);
  CHECK(format_date(by_month.days.front().date) == "2024-08-17");
  CHECK(some_note_has(by_month, "至对应日 2024-08-17 届满"));
  CHECK(some_note_has(due_of("2026-11-25", period(3, Unit::day), plain), "不顺延"));
  CHECK(some_note_has(due_of("2026-01-31", month_and_15_days()), "先按月数至 2026-02-28，再按日数至 2026-03-15"));

  auto const shown = to_json(by_month, cn_calendar());
  CHECK(shown["from"] == "2024-06-17T12:00:00+08:00");
  CHECK(shown["due"] == "2024-08-19T23:59:59+08:00");
  CHECK(shown["unrolled"] == "2024-08-17T23:59:59+08:00");
  CHECK(shown["provisional"] == false);
  CHECK(shown["rule"]["period"] == Json{{"count", 2}, {"unit", "month"}});
  CHECK(shown["days"][0]["number"].is_null());
  CHECK(shown["notices"][0]["year"] == 2024);
}

TEST_CASE("warnings and rungs stand a period before or after the due instant") {
  auto const due = at("2026-10-10T23:59:59+08:00");
  auto const before = [&](Period const& length) {
    return cn_calendar().zone().format(instant_before(cn_calendar(), due, length));
  };
  auto const after = [&](Period const& length) {
    return cn_calendar().zone().format(instant_after(cn_calendar(), due, length));
  };
  CHECK(before(period(3, Unit::working_day)) == "2026-09-30T00:00:00+08:00");
  CHECK(before(period(3, Unit::day)) == "2026-10-07T00:00:00+08:00");
  CHECK(before(period(1, Unit::month)) == "2026-09-10T00:00:00+08:00");
  CHECK(before(month_and_15_days()) == "2026-08-26T00:00:00+08:00");
  CHECK(before(period(24, Unit::hour)) == "2026-10-09T23:59:59+08:00");
  CHECK(before(period(0, Unit::day)) == "2026-10-10T00:00:00+08:00");
  CHECK(after(period(0, Unit::working_day)) == "2026-10-11T00:00:00+08:00");
  CHECK(after(period(2, Unit::working_day)) == "2026-10-13T00:00:00+08:00");
  CHECK(after(period(1, Unit::day)) == "2026-10-11T00:00:00+08:00");
  CHECK(after(period(6, Unit::hour)) == "2026-10-11T05:59:59+08:00");
}

TEST_CASE("a period is written and read back the same") {
  for (auto const* text :
       {R"({"count":3,"unit":"working_day"})", R"({"field":"rectify_by"})", R"({"count":1,"days":15,"unit":"month"})",
        R"({"yearly":{"day":"last","month":2}})", R"({"yearly":{"day":31,"month":3}})"}) {
    auto const read = parse_period(OrderedJson::parse(text), "/period");
    REQUIRE(read);
    CHECK(to_json(*read).dump() == text);
  }
  CHECK(describe(period(3, Unit::working_day)) == Text{.zh = "3个工作日", .en = "3 working days"});
  CHECK(describe(period(1, Unit::hour)) == Text{.zh = "1小时", .en = "1 hour"});
  CHECK(describe(month_and_15_days()) == Text{.zh = "1个月零15日", .en = "1 month and 15 days"});
  CHECK(describe(february_end()) == Text{.zh = "每年2月最后一日", .en = "the last day of February"});
  CHECK(parse_counting(OrderedJson::object(), "").value() == rolling);
  CHECK(parse_counting(OrderedJson::parse(R"({"last_rest_day":"none"})"), "").value() == plain);
}

TEST_CASE("each fault of a period or a counting rule is refused with its place") {
  struct {
    char const* text;
    Code code;
    char const* pointer;
  } const cases[] = {
      {"3", Code::wrong_type, "/p"},
      {"{}", Code::bad_format, "/p"},
      {R"({"count":3,"unit":"day","field":"x"})", Code::bad_format, "/p"},
      {R"({"count":3})", Code::missing, "/p/unit"},
      {R"({"count":3,"unit":"week"})", Code::not_a_choice, "/p/unit"},
      {R"({"count":"3","unit":"day"})", Code::wrong_type, "/p/count"},
      {R"({"count":-1,"unit":"day"})", Code::out_of_bounds, "/p/count"},
      {R"({"count":1181,"unit":"month"})", Code::out_of_bounds, "/p/count"},
      {R"({"count":3,"unit":"day","roll":true})", Code::unknown_field, "/p/roll"},
      {R"({"count":1,"unit":"month","days":31})", Code::out_of_bounds, "/p/days"},
      {R"({"count":1,"unit":"month","days":0})", Code::out_of_bounds, "/p/days"},
      {R"({"count":1,"unit":"day","days":15})", Code::out_of_bounds, "/p/days"},
      {R"({"yearly":{"month":13,"day":1}})", Code::out_of_bounds, "/p/yearly/month"},
      {R"({"yearly":{"month":2,"day":30}})", Code::out_of_bounds, "/p/yearly/day"},
      {R"({"yearly":{"month":2,"day":0}})", Code::out_of_bounds, "/p/yearly/day"},
      {R"({"yearly":{"month":2,"day":"first"}})", Code::wrong_type, "/p/yearly/day"},
      {R"({"yearly":2})", Code::wrong_type, "/p/yearly"},
  };
  for (auto const& c : cases) {
    CAPTURE(c.text);
    auto const read = parse_period(OrderedJson::parse(c.text), "/p");
    REQUIRE(!read);
    CHECK(read.error().front().code == c.code);
    CHECK(read.error().front().pointer == c.pointer);
  }
  auto const counting = parse_counting(OrderedJson::parse(R"({"first_day":"third"})"), "/counting");
  REQUIRE(!counting);
  CHECK(counting.error().front().pointer == "/counting/first_day");
}
