// SPDX-License-Identifier: Apache-2.0
#include "engine/core/period.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/message.hpp"

namespace bihuan {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::months;
using std::chrono::seconds;
using std::chrono::sys_days;

constexpr sys_days last_writable_day{std::chrono::year(9999) / 12 / 30};

// The same date so many months on or back; where there is no such date, the month's end (CIV 202).
Date months_on(Date date, std::int64_t count) {
  Date const moved = date + months(count);
  return moved.ok() ? moved : Date(moved.year() / moved.month() / std::chrono::last);
}

// The months, and from where they end the days more; on, or back.
sys_days months_end(sys_days from, Period const& period, int direction) {
  auto const count = std::clamp<std::int64_t>(period.count, 0, largest_count(Unit::month));
  return sys_days(months_on(Date(from), direction * count)) + days(direction * period.days_more);
}

std::string clock_text(seconds length) {
  auto const padded = [](std::int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  std::int64_t const total = length.count();
  return std::to_string(total / 3600) + ":" + padded(total / 60 % 60) + ":" + padded(total % 60);
}

// A half-open stretch of instants or of days.
template <class Point>
struct Stretch {
  Point from;
  Point to;
};

// In order, and where they overlap or touch made one, so that no time is left out twice.
template <class Point>
std::vector<Stretch<Point>> merged(std::vector<Stretch<Point>> stretches) {
  std::erase_if(stretches, [](auto const& stretch) { return stretch.to <= stretch.from; });
  std::ranges::sort(stretches, {}, &Stretch<Point>::from);
  std::vector<Stretch<Point>> all;
  for (auto const& stretch : stretches) {
    if (!all.empty() && stretch.from <= all.back().to) {
      all.back().to = std::max(all.back().to, stretch.to);
    } else {
      all.push_back(stretch);
    }
  }
  return all;
}

std::vector<Stretch<Instant>> paused_time(std::vector<Pause> const& pauses) {
  std::vector<Stretch<Instant>> all;
  for (auto const& pause : pauses) {
    if (pause.to) all.push_back({.from = pause.from, .to = *pause.to});
  }
  return merged(std::move(all));
}

std::vector<Stretch<sys_days>> paused_days(std::vector<Pause> const& pauses, Zone const& zone) {
  std::vector<Stretch<sys_days>> all;
  for (auto const& pause : pauses) {
    if (pause.to) all.push_back({.from = zone.date_of(pause.from), .to = zone.date_of(*pause.to)});
  }
  return merged(std::move(all));
}

Refusals too_far() {
  auto const limit = std::to_string(walked_days_limit);
  return {refusal(Code::out_of_bounds, "", {{"expected", message("expected.walked_days", {{"limit", limit}})}})};
}

Date next_yearly(Date start, Period const& period) {
  std::chrono::month const month(static_cast<unsigned>(period.month));
  auto const in_year = [&](std::chrono::year year) {
    Date const month_end(year / month / std::chrono::last);
    std::chrono::day const day(static_cast<unsigned>(period.day));
    return period.day == 0 || day > month_end.day() ? month_end : Date(year, month, day);
  };
  Date const this_year = in_year(start.year());
  return this_year > start ? this_year : in_year(start.year() + std::chrono::years(1));
}

// One counting of days, from its start to the due day, that writes down what it does.
class Walk {
 public:
  Walk(Calendar const& calendar, std::vector<Pause> const& pauses, Due& due)
      : calendar_(calendar),
        paused_(paused_days(pauses, calendar.zone())),
        due_(due),
        start_(calendar.zone().date_of(due.start)) {}

  Result<void> run(std::optional<Date> fixed);

 private:
  [[nodiscard]] bool paused(sys_days day) const {
    auto const after = std::ranges::upper_bound(paused_, day, {}, &Stretch<sys_days>::from);
    return after != paused_.begin() && day < std::prev(after)->to;
  }
  [[nodiscard]] bool too_long(sys_days day) const {
    return day - start_ > days(walked_days_limit) || day > last_writable_day;
  }
  Result<sys_days> count_days();
  Result<sys_days> push_past_pauses(sys_days end);
  Result<sys_days> roll(sys_days last);
  [[nodiscard]] bool provisional(sys_days unrolled, sys_days last) const;
  void note_end(sys_days end);
  void note_pauses(std::int64_t count);
  void list(sys_days day, Text reason) {
    due_.days.push_back({.date = Date(day), .counted = false, .number = 0, .reason = std::move(reason)});
  }

  Calendar const& calendar_;
  std::vector<Stretch<sys_days>> paused_;
  Due& due_;
  sys_days start_;
};

Result<void> Walk::run(std::optional<Date> fixed) {
  Period const& period = due_.period;
  bool const by_month = period.form == Period::Form::count && period.unit == Unit::month;
  Result<sys_days> unrolled = start_;
  if (period.form == Period::Form::field) {
    unrolled = push_past_pauses(*fixed);
  } else if (period.form == Period::Form::yearly) {
    unrolled = push_past_pauses(next_yearly(Date(start_), period));
  } else {
    unrolled = by_month ? push_past_pauses(months_end(start_, period, 1)) : count_days();
  }
  if (!unrolled) return refused(unrolled.error());
  auto const last = roll(*unrolled);
  if (!last) return refused(last.error());
  due_.unrolled = calendar_.zone().end_of(*unrolled);
  due_.due = calendar_.zone().end_of(*last);
  due_.provisional = provisional(*unrolled, *last);
  if (due_.provisional) due_.notes.push_back(message("explain.provisional"));
  return {};
}

Result<sys_days> Walk::count_days() {
  bool const same = due_.counting.first_day == FirstDay::same;
  Text const length = describe(due_.period);
  auto const key = due_.period.count == 0 ? "explain.ends_at_start"
                   : same                 ? "explain.start_counted"
                                          : "explain.start_not_counted";
  due_.notes.push_back(message(key, {{"date", format_date(Date(start_))}, {"length", length}}));
  std::int64_t number = 0;
  std::int64_t skipped = 0;
  sys_days day = same && due_.period.count > 0 ? start_ - days(1) : start_;
  while (number < due_.period.count) {
    day += days(1);
    if (too_long(day)) return refused(too_far());
    bool const is_paused = paused(day);
    auto const kind = calendar_.kind(Date(day));
    bool const counted = !is_paused && (due_.period.unit == Unit::day || kind.working);
    number += counted ? 1 : 0;
    skipped += is_paused ? 1 : 0;
    due_.days.push_back({.date = Date(day),
                         .counted = counted,
                         .number = counted ? number : 0,
                         .reason = is_paused ? message("explain.paused_day") : kind.reason});
  }
  note_pauses(skipped);
  return day;
}

Result<sys_days> Walk::push_past_pauses(sys_days end) {
  note_end(end);
  std::int64_t skipped = 0;
  sys_days pushed = end;
  for (sys_days day = start_ + days(1); day <= pushed; day += days(1)) {
    if (too_long(day)) return refused(too_far());
    if (!paused(day)) continue;
    ++skipped;
    pushed += days(1);
  }
  note_pauses(skipped);
  return pushed;
}

Result<sys_days> Walk::roll(sys_days last) {
  auto const kind = calendar_.kind(Date(last));
  if (kind.working) return last;
  auto const shown = format_date(Date(last));
  if (due_.counting.last_rest_day == LastRestDay::none) {
    due_.notes.push_back(message("explain.not_rolled", {{"date", shown}, {"reason", kind.reason}}));
    return last;
  }
  if (due_.days.empty()) list(last, kind.reason);
  sys_days day = last;
  while (true) {
    day += days(1);
    if (too_long(day)) return refused(too_far());
    auto const next = calendar_.kind(Date(day));
    if (next.working && !paused(day)) break;
    list(day, next.working ? message("explain.paused_day") : next.reason);
  }
  list(day, message("explain.rolled_to", {{"reason", calendar_.kind(Date(day)).reason}}));
  due_.notes.push_back(
      message("explain.rolled", {{"date", shown}, {"reason", kind.reason}, {"to", format_date(Date(day))}}));
  return day;
}

// Working days need every year between; other lengths need the calendar only where they may roll.
bool Walk::provisional(sys_days unrolled, sys_days last) const {
  bool const working_days = due_.period.form == Period::Form::count && due_.period.unit == Unit::working_day;
  if (!working_days && due_.counting.last_rest_day == LastRestDay::none) return false;
  auto const year_of = [](sys_days day) { return Date(day).year(); };
  auto const first = year_of(working_days ? std::min(start_, last) : unrolled);
  for (auto year = first; year <= year_of(last); ++year) {
    if (calendar_.kind(Date(year / 1 / 1)).provisional) return true;
  }
  return false;
}

void Walk::note_end(sys_days end) {
  auto const shown = format_date(Date(end));
  auto const from = format_date(Date(start_));
  Text const length = describe(due_.period);
  if (due_.period.form != Period::Form::count) {
    due_.notes.push_back(message("explain.fixed_date", {{"date", shown}, {"length", length}}));
    return;
  }
  if (due_.period.days_more > 0) {
    auto const month_end = format_date(months_on(Date(start_), due_.period.count));
    due_.notes.push_back(message("explain.months_and_days",
                                 {{"from", from}, {"length", length}, {"months", month_end}, {"date", shown}}));
    return;
  }
  bool const clamped = Date(end).day() != Date(start_).day();
  due_.notes.push_back(message(clamped ? "explain.month_end" : "explain.same_date",
                               {{"from", from}, {"length", length}, {"date", shown}}));
}

void Walk::note_pauses(std::int64_t count) {
  if (count == 0) return;
  due_.notes.push_back(
      message(count == 1 ? "explain.paused_one" : "explain.paused_days", {{"count", std::to_string(count)}}));
}

Result<Due> count_hours(Calendar const& calendar, Due due, std::vector<Pause> const& pauses) {
  Instant const start = due.start;
  Instant end = start + hours(due.period.count);
  seconds paused{0};
  for (auto const& stretch : paused_time(pauses)) {
    // What is paused once the hours are used up no longer matters.
    if (stretch.from >= end) break;
    if (stretch.to <= start) continue;
    auto const length = stretch.to - std::max(stretch.from, start);
    paused += length;
    end += length;
  }
  if (std::chrono::floor<days>(end) > last_writable_day) return refused(too_far());
  due.due = end;
  due.unrolled = end;
  due.notes.push_back(
      message("explain.exact_hours", {{"from", calendar.zone().format(start)}, {"length", describe(due.period)}}));
  if (paused > seconds(0)) due.notes.push_back(message("explain.paused_time", {{"length", clock_text(paused)}}));
  return due;
}

sys_days step(Calendar const& calendar, sys_days from, Period const& period, int direction) {
  std::int64_t const count = std::clamp<std::int64_t>(period.count, 0, largest_count(period.unit));
  switch (period.unit) {
    case Unit::month: return months_end(from, period, direction);
    case Unit::working_day: {
      sys_days day = from;
      for (std::int64_t number = 0; number < count;) {
        day += days(direction);
        number += calendar.working(Date(day)) ? 1 : 0;
      }
      return day;
    }
    case Unit::day:
    case Unit::hour: break;
  }
  return from + days(direction * count);
}

}  // namespace

std::int64_t largest_count(Unit unit) {
  switch (unit) {
    case Unit::hour: return walked_days_limit * 24;
    case Unit::month: return walked_days_limit / 31;
    case Unit::day:
    case Unit::working_day: break;
  }
  return walked_days_limit;
}

Result<Due> due_after(Calendar const& calendar, Instant start, Period const& period, Counting const& counting,
                      std::vector<Pause> const& pauses, std::optional<Date> fixed) {
  if (period.form == Period::Form::count && (period.count < 0 || period.count > largest_count(period.unit))) {
    auto const limit = std::to_string(largest_count(period.unit));
    return refused(
        refusal(Code::out_of_bounds, "/count", {{"expected", message("expected.count_up_to", {{"limit", limit}})}}));
  }
  if (period.days_more < 0 || period.days_more > largest_days_more ||
      (period.days_more > 0 && (period.form != Period::Form::count || period.unit != Unit::month))) {
    auto const limit = std::to_string(largest_days_more);
    return refused(refusal(Code::out_of_bounds, "/days",
                           {{"expected", message("expected.days_after_months", {{"limit", limit}})}}));
  }
  if (period.form == Period::Form::field && (!fixed || !fixed->ok())) {
    return refused(refusal(Code::out_of_bounds, "/field",
                           {{"expected", message("expected.date_in_field", {{"name", period.field}})}}));
  }
  Due due{.start = start, .period = period, .counting = counting, .due = start, .unrolled = start};
  if (period.form == Period::Form::count && period.unit == Unit::hour) {
    return count_hours(calendar, std::move(due), pauses);
  }
  if (auto const walked = Walk(calendar, pauses, due).run(fixed); !walked) return refused(walked.error());
  return due;
}

Instant instant_before(Calendar const& calendar, Instant due, Period const& period) {
  if (period.unit == Unit::hour)
    return due - hours(std::clamp<std::int64_t>(period.count, 0, largest_count(Unit::hour)));
  return calendar.zone().start_of(step(calendar, calendar.zone().date_of(due), period, -1));
}

Instant instant_after(Calendar const& calendar, Instant due, Period const& period) {
  if (period.count <= 0) return due + seconds(1);
  if (period.unit == Unit::hour) return due + hours(std::min(period.count, largest_count(Unit::hour)));
  return calendar.zone().start_of(step(calendar, calendar.zone().date_of(due), period, 1));
}

}  // namespace bihuan
