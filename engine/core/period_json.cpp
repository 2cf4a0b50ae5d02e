// SPDX-License-Identifier: Apache-2.0
// Periods and their explanations as people write and read them.
#include <array>
#include <utility>

#include "engine/core/message.hpp"
#include "engine/core/period.hpp"
#include "engine/core/reader.hpp"

namespace bihuan {
namespace {

constexpr std::array<std::pair<Unit, std::string_view>, 4> unit_names = {
    {{Unit::hour, "hour"}, {Unit::day, "day"}, {Unit::working_day, "working_day"}, {Unit::month, "month"}}};

std::string_view first_day_name(FirstDay first_day) {
  return first_day == FirstDay::same ? "same" : "next";
}
std::string_view last_rest_day_name(LastRestDay last_rest_day) {
  return last_rest_day == LastRestDay::none ? "none" : "next_working_day";
}

void read_count(Reader& reader, Period& period) {
  period.form = Period::Form::count;
  period.count = reader.integer_or("count", 0);
  if (reader.find("unit") == nullptr) reader.fault(Code::missing, "unit", {{"name", "unit"}});
  auto const unit = reader.choice("unit", {"hour", "day", "working_day", "month"}, "day");
  period.unit = unit_from(unit).value_or(Unit::day);
  auto const largest = largest_count(period.unit);
  if (period.count < 0 || period.count > largest) {
    auto const expected = message("expected.count_up_to", {{"limit", std::to_string(largest)}});
    reader.fault(Code::out_of_bounds, "count", {{"expected", expected}});
  }
  if (reader.find("days") == nullptr) return;
  period.days_more = reader.integer_or("days", 1);
  if (period.unit != Unit::month || period.days_more < 1 || period.days_more > largest_days_more) {
    auto const limit = std::to_string(largest_days_more);
    reader.fault(Code::out_of_bounds, "days",
                 {{"expected", message("expected.days_after_months", {{"limit", limit}})}});
    period.days_more = 0;
  }
}

void read_yearly(Reader& reader, Period& period) {
  period.form = Period::Form::yearly;
  auto const month = reader.integer_or("month", 0);
  auto const* const day = reader.find("day");
  bool const last = day != nullptr && day->is_string() && day->get_ref<std::string const&>() == "last";
  auto const number = last ? 0 : reader.integer_or("day", 0);
  bool const month_exists = month >= 1 && month <= 12;
  std::chrono::month_day const date{std::chrono::month(month_exists ? static_cast<unsigned>(month) : 1U),
                                    std::chrono::day(number >= 1 && number <= 31 ? static_cast<unsigned>(number) : 0U)};
  if (!month_exists) reader.fault(Code::out_of_bounds, "month", {{"expected", message("expected.month")}});
  if (!last && !date.ok()) reader.fault(Code::out_of_bounds, "day", {{"expected", message("expected.day_of_year")}});
  period.month = static_cast<int>(month_exists ? month : 0);
  period.day = date.ok() ? static_cast<int>(number) : 0;
  reader.finish();
}

Json to_json(Text const& text) {
  return {{"zh", text.zh}, {"en", text.en}};
}

Json days_to_json(std::vector<CountedDay> const& days) {
  Json all = Json::array();
  for (auto const& day : days) {
    all.push_back({{"date", format_date(day.date)},
                   {"counted", day.counted},
                   {"number", day.counted ? Json(day.number) : Json(nullptr)},
                   {"reason", to_json(day.reason)}});
  }
  return all;
}

}  // namespace

std::string_view unit_name(Unit unit) {
  for (auto const& [value, name] : unit_names) {
    if (value == unit) return name;
  }
  return {};
}

std::optional<Unit> unit_from(std::string_view name) {
  for (auto const& [value, known] : unit_names) {
    if (known == name) return value;
  }
  return std::nullopt;
}

Result<Period> parse_period(OrderedJson const& value, std::string const& pointer) {
  Refusals faults;
  Reader reader(value, pointer, faults);
  Period period;
  bool const counted = reader.find("count") != nullptr;
  auto const* const yearly = reader.find("yearly");
  bool const from_field = reader.find("field") != nullptr;
  if (value.is_object() && int(counted) + int(yearly != nullptr) + int(from_field) != 1) {
    std::string found;
    for (auto const* const name : {"count", "yearly", "field"}) {
      if (value.contains(name)) found.append(found.empty() ? "" : ", ").append(name);
    }
    reader.fault(Code::bad_format, "", {{"value", found}, {"expected", message("expected.period")}});
    return refused(std::move(faults));
  }
  if (counted) read_count(reader, period);
  if (from_field) {
    period.form = Period::Form::field;
    period.field = reader.text("field");
  }
  if (yearly != nullptr) {
    Reader day(*yearly, pointer_to(pointer, "yearly"), faults);
    read_yearly(day, period);
  }
  reader.finish();
  if (!faults.empty()) return refused(std::move(faults));
  return period;
}

Result<Counting> parse_counting(OrderedJson const& value, std::string const& pointer) {
  Refusals faults;
  Reader reader(value, pointer, faults);
  auto const first_day = reader.choice("first_day", {"next", "same"}, "next");
  auto const last_rest_day = reader.choice("last_rest_day", {"next_working_day", "none"}, "next_working_day");
  reader.finish();
  if (!faults.empty()) return refused(std::move(faults));
  return Counting{.first_day = first_day == "same" ? FirstDay::same : FirstDay::next,
                  .last_rest_day = last_rest_day == "none" ? LastRestDay::none : LastRestDay::next_working_day};
}

Json to_json(Period const& period) {
  switch (period.form) {
    case Period::Form::field: return {{"field", period.field}};
    case Period::Form::yearly:
      return {{"yearly", {{"month", period.month}, {"day", period.day == 0 ? Json("last") : Json(period.day)}}}};
    case Period::Form::count: break;
  }
  Json counted{{"count", period.count}, {"unit", unit_name(period.unit)}};
  if (period.days_more > 0) counted["days"] = period.days_more;
  return counted;
}

Json to_json(Counting const& counting) {
  return {{"first_day", first_day_name(counting.first_day)},
          {"last_rest_day", last_rest_day_name(counting.last_rest_day)}};
}

Text describe(Period const& period) {
  auto const counted = [](std::int64_t count, Unit unit) {
    auto const key = "period." + std::string(unit_name(unit)) + (count == 1 ? "_one" : "");
    return message(key, {{"count", std::to_string(count)}});
  };
  switch (period.form) {
    case Period::Form::field:
      if (period.field.empty()) return message("period.set_elsewhere");
      return message("period.field", {{"name", period.field}});
    case Period::Form::yearly: {
      auto const month = message("month." + std::to_string(period.month));
      if (period.day == 0) return message("period.yearly_last", {{"month", month}});
      return message("period.yearly", {{"month", month}, {"day", std::to_string(period.day)}});
    }
    case Period::Form::count: break;
  }
  auto const length = counted(period.count, period.unit);
  if (period.days_more == 0) return length;
  return message("period.months_and_days", {{"months", length}, {"days", counted(period.days_more, Unit::day)}});
}

Json to_json(Due const& due, Calendar const& calendar) {
  Zone const& zone = calendar.zone();
  Json rule = to_json(due.counting);
  rule["period"] = to_json(due.period);
  rule["text"] = to_json(describe(due.period));
  rule["calendar"] = calendar.id();
  Json notes = Json::array();
  for (auto const& note : due.notes) notes.push_back(to_json(note));
  Json notices = Json::array();
  auto const first = static_cast<int>(zone.date_of(due.start).year());
  auto const last = static_cast<int>(zone.date_of(due.due).year());
  for (auto const& [year, notice] : calendar.notices()) {
    if (year < first || year > last) continue;
    notices.push_back({{"year", year}, {"title", to_json(notice.title)}, {"url", notice.url}});
  }
  return {{"from", zone.format(due.start)}, {"due", zone.format(due.due)},  {"unrolled", zone.format(due.unrolled)},
          {"provisional", due.provisional}, {"rule", std::move(rule)},      {"days", days_to_json(due.days)},
          {"notes", std::move(notes)},      {"notices", std::move(notices)}};
}

}  // namespace bihuan
