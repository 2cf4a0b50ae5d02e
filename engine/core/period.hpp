// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/calendar.hpp"
#include "engine/core/json.hpp"
#include "engine/core/time.hpp"

namespace bihuan {

enum class Unit { hour, day, working_day, month };
[[nodiscard]] std::string_view unit_name(Unit unit);
[[nodiscard]] std::optional<Unit> unit_from(std::string_view name);

// The day of the event is not counted: CPL 105(2), CIV 201(1), W17 38.
enum class FirstDay { next, same };
// A last day that is a rest day rolls: CIV 203(1), W17 38. It does not for a person in custody: CPL 105(4).
enum class LastRestDay { next_working_day, none };

struct Counting {
  FirstDay first_day = FirstDay::next;
  LastRestDay last_rest_day = LastRestDay::next_working_day;

  bool operator==(Counting const&) const = default;
};

// A length of time that the law or the district gives. Exactly one of the three forms:
// a count of a unit, and after months so many days more; the date carried by a case field (already resolved to `date`
// before counting), or set by another system where no field is named; the given day of the year that follows the start
// ("last" day of a month is day 0).
struct Period {
  enum class Form { count, field, yearly };
  Form form = Form::count;
  std::int64_t count = 0;
  Unit unit = Unit::day;
  std::string field = {};
  int month = 0;
  int day = 0;
  std::int64_t days_more = 0;  // unit month: counted on from where the months end

  bool operator==(Period const&) const = default;
};

// While a deadline is paused its time is not counted. A day is excluded from the day the pause begins up to,
// not including, the day it ends, in the calendar's zone; hours are excluded exactly. Pauses that overlap
// count once. `to` is empty while the pause goes on.
struct Pause {
  Instant from;
  std::optional<Instant> to;

  bool operator==(Pause const&) const = default;
};

// One line of the explanation: a day, whether it was counted, and why or why not.
struct CountedDay {
  Date date;
  bool counted = false;
  std::int64_t number = 0;  // the running number of a counted day, else 0
  Text reason;
};

// A due instant that explains itself.
struct Due {
  Instant start;
  Period period;
  Counting counting;
  Instant due;
  // Before rolling off a rest day; equal to `due` when nothing was rolled.
  Instant unrolled;
  bool provisional = false;  // an unannounced year was needed
  // Units day and working_day: each day walked. Every form: the last day and those rolled over, when it was
  // rolled.
  std::vector<CountedDay> days = {};
  std::vector<Text> notes = {};  // the rolling, the pauses, the exact hours, in order
};

// The most days that are walked: a hundred years.
inline constexpr std::int64_t walked_days_limit = 36'600;
// The largest count of a unit that stays within that.
[[nodiscard]] std::int64_t largest_count(Unit unit);
// The most days after months: more would be a month again.
inline constexpr std::int64_t largest_days_more = 30;

// Counts `period` from `start`. Hours are exact and never roll (CIV 201(2)); days end at 23:59:59 local
// (CIV 203(2)); a month ends on the same date or at the month's end (CIV 202), whichever the first day, and
// days more are counted on from there; a fixed or yearly date is taken as it stands and rolls only by
// `counting`. Paused days push a month's or a date's end on by their number. A period does not end on a
// paused day either, so rolling passes over those too. A count of 0 ends with the start. `fixed` is the
// date of Form::field. Pauses without an end are ignored: while one goes on there is no due instant.
// Refused with out_of_bounds when the count is negative or too large, when more days than the limit would
// be walked, when the year 9999 would be reached, or when a fixed date is missing.
[[nodiscard]] Result<Due> due_after(Calendar const& calendar, Instant start, Period const& period,
                                    Counting const& counting, std::vector<Pause> const& pauses = {},
                                    std::optional<Date> fixed = std::nullopt);

// The instant `period` before `due`, for warnings and rungs: hours exactly; else the first second of the Nth
// such day before the due day.
[[nodiscard]] Instant instant_before(Calendar const& calendar, Instant due, Period const& period);
// The instant `period` after `due`, for rungs: hours exactly; zero is one second after `due`; else the first
// second of the Nth such day after the due day. Neither rolls nor refuses: counts out of bounds are taken as
// the nearest bound, and only Form::count has meaning.
[[nodiscard]] Instant instant_after(Calendar const& calendar, Instant due, Period const& period);

// {"count":3,"unit":"working_day"} | {"count":1,"unit":"month","days":15} | {"field":"name"} |
// {"yearly":{"month":2,"day":"last"}}; faults by JSON pointer.
[[nodiscard]] Result<Period> parse_period(OrderedJson const& value, std::string const& pointer);
// {"first_day":"next"|"same","last_rest_day":"next_working_day"|"none"}, each optional.
[[nodiscard]] Result<Counting> parse_counting(OrderedJson const& value, std::string const& pointer);
[[nodiscard]] Json to_json(Period const& period);
[[nodiscard]] Json to_json(Counting const& counting);
// "3 working days", "3个工作日".
[[nodiscard]] Text describe(Period const& period);

// The explanation as the API and `bihuan explain` give it: from, due, unrolled, provisional, rule, days[],
// notes[], notices[] (the papers of the years it touches).
[[nodiscard]] Json to_json(Due const& due, Calendar const& calendar);

}  // namespace bihuan
