// SPDX-License-Identifier: Apache-2.0
#include "engine/core/calendar.hpp"

#include <array>
#include <optional>
#include <stdexcept>

#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"

namespace bihuan {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::weekday;

bool is_weekend(Date date) {
  weekday const day{sys_days(date)};
  return day == std::chrono::Saturday || day == std::chrono::Sunday;
}

Text weekday_name(Date date) {
  static std::array<Text, 7> const names = {
      message("weekday.sunday"),   message("weekday.monday"), message("weekday.tuesday"), message("weekday.wednesday"),
      message("weekday.thursday"), message("weekday.friday"), message("weekday.saturday")};
  return names.at(weekday{sys_days(date)}.c_encoding());
}

std::optional<int> year_of(std::string const& key) {
  if (key.size() != 4 || key.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return std::stoi(key);
}

std::optional<Zone> find_zone(std::string const& name) {
  try {
    return Zone(name);
  } catch (std::runtime_error const&) {
    // Here the name comes from a file that people write, so not knowing it is an answer and no fault.
    return std::nullopt;
  }
}

}  // namespace

Result<Calendar> Calendar::parse(OrderedJson const& document) {
  Refusals faults;
  Reader reader(document, "", faults);
  Calendar calendar;
  calendar.id_ = reader.text("id");
  calendar.title_ = reader.bilingual("title");
  auto const zone_name = reader.text_or("zone", "Asia/Shanghai");
  if (auto zone = find_zone(zone_name)) {
    calendar.zone_ = std::move(*zone);
  } else {
    reader.fault(Code::bad_format, "zone", {{"value", zone_name}, {"expected", message("expected.zone")}});
  }
  reader.elements("fixed_days", [&](std::size_t, Reader& day) { calendar.read_fixed_day(day); });
  reader.members("years", [&](std::string const& key, Reader& year) { calendar.read_year(key, year); });
  reader.finish();
  // Between two years that have been announced there is none that has not: its notice was forgotten.
  for (auto const& [year, notice] : calendar.notices_) {
    auto const next = std::to_string(year + 1);
    if (year < calendar.announced_until() && !calendar.notices_.contains(year + 1))
      faults.push_back(refusal(Code::missing, pointer_to("/years", next), {{"name", next}}));
  }
  if (!faults.empty()) return refused(std::move(faults));
  return calendar;
}

void Calendar::read_fixed_day(Reader& day) {
  auto const month_number = day.integer_or("month", 0);
  auto const day_number = day.integer_or("day", 0);
  auto const from_year = day.integer_or("from_year", 0);
  auto const title = day.bilingual("title");
  day.finish();
  bool const in_range = month_number >= 1 && month_number <= 12 && day_number >= 1 && day_number <= 31;
  std::chrono::month_day const date{std::chrono::month(in_range ? static_cast<unsigned>(month_number) : 0U),
                                    std::chrono::day(in_range ? static_cast<unsigned>(day_number) : 0U)};
  if (!date.ok()) day.fault(Code::out_of_bounds, "day", {{"expected", message("expected.day_of_year")}});
  if (from_year < 0 || from_year > 9999) {
    day.fault(Code::out_of_bounds, "from_year", {{"expected", message("expected.year")}});
    return;
  }
  fixed_days_.push_back({.day = date,
                         .from_year = static_cast<int>(from_year),
                         .reason = message("explain.fixed_day_off", {{"title", title}})});
}

void Calendar::read_year(std::string const& key, Reader& year) {
  auto const number = year_of(key);
  if (!number) {
    year.fault(Code::bad_format, "", {{"value", key}, {"expected", message("expected.year")}});
    return;
  }
  Notice notice;
  if (auto const* const found = year.find("notice")) {
    Reader reader(*found, pointer_to(year.pointer(), "notice"), year.faults());
    notice = {.title = reader.bilingual("title"), .url = reader.text_or("url", "")};
    reader.finish();
  } else if (year.is_object()) {
    year.fault(Code::missing, "notice", {{"name", "notice"}});
  }
  notices_[*number] = std::move(notice);
  std::size_t days_off = 0;
  year.elements("days_off", [&](std::size_t index, Reader& day) {
    days_off = index + 1;
    read_day(*number, false, day);
  });
  year.elements("working_days", [&](std::size_t, Reader& day) { read_day(*number, true, day); });
  // An empty list means that the notice is not out yet; taken as announced it would make wrong dates look
  // certain.
  if (days_off == 0 && year.is_object()) year.fault(Code::missing, "days_off", {{"name", "days_off"}});
  year.finish();
}

void Calendar::read_day(int year, bool working, Reader& day) {
  auto const date_text = day.text("date");
  auto const title = day.bilingual("title");
  day.finish();
  if (date_text.empty()) return;
  auto const date = parse_date(date_text, pointer_to(day.pointer(), "date"));
  if (!date) {
    day.faults().insert(day.faults().end(), date.error().begin(), date.error().end());
    return;
  }
  Date const first(std::chrono::year(year - 1) / 12 / 1);
  Date const last(std::chrono::year(year) / 12 / 31);
  if (*date < first || *date > last) {
    day.fault(Code::out_of_bounds, "date", {{"expected", message("expected.day_of_notice")}});
  }
  if (working && !is_weekend(*date)) {
    day.fault(Code::out_of_bounds, "date", {{"expected", message("expected.weekend")}});
  }
  auto const key = working ? "explain.make_up_day" : "explain.day_off";
  Text reason = message(key, {{"title", title}, {"notice", notices_[year].title}});
  bool const added = named_.try_emplace(sys_days(*date), Named{.working = working, .reason = std::move(reason)}).second;
  if (!added) day.fault(Code::duplicate_key, "date", {{"name", date_text}});
}

Text const* Calendar::find_fixed_day(Date date) const {
  for (auto const& fixed : fixed_days_) {
    if (fixed.day == date.month() / date.day() && static_cast<int>(date.year()) >= fixed.from_year) {
      return &fixed.reason;
    }
  }
  return nullptr;
}

bool Calendar::working(Date date) const {
  if (auto const named = named_.find(sys_days(date)); named != named_.end()) return named->second.working;
  bool const announced = notices_.contains(static_cast<int>(date.year()));
  return !is_weekend(date) && (announced || find_fixed_day(date) == nullptr);
}

DayKind Calendar::kind(Date date) const {
  bool const announced = notices_.contains(static_cast<int>(date.year()));
  DayKind kind{.working = working(date), .reason = {}, .provisional = !announced};
  auto const named = named_.find(sys_days(date));
  auto const* const fixed = announced ? nullptr : find_fixed_day(date);
  if (named != named_.end()) {
    kind.reason = named->second.reason;
  } else if (fixed != nullptr) {
    kind.reason = *fixed;
  } else if (kind.working) {
    kind.reason = weekday_name(date);
  } else {
    kind.reason = message("explain.weekend", {{"day", weekday_name(date)}});
  }
  return kind;
}

int Calendar::announced_until() const {
  return notices_.empty() ? 0 : notices_.rbegin()->first;
}

}  // namespace bihuan
