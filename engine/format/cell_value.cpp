// SPDX-License-Identifier: Apache-2.0
#include "engine/format/cell_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "engine/core/message.hpp"
#include "engine/core/utf8.hpp"

namespace bihuan {
namespace {

std::optional<double> written_number(std::string text) {
  for (std::string_view const separator : {",", "，", " "}) {
    for (auto at = text.find(separator); at != std::string::npos; at = text.find(separator, at))
      text.erase(at, separator.size());
  }
  double number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool const whole = error == std::errc() && end == text.data() + text.size() && std::isfinite(number);
  return whole ? std::optional(number) : std::nullopt;
}

Json number_json(double number) {
  bool const whole = std::floor(number) == number && std::abs(number) < 9e15;
  return whole ? Json(static_cast<std::int64_t>(number)) : Json(number);
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

std::vector<std::string> split_list(std::string const& text) {
  auto const all = replaced(text, "、", "\n");
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= all.size();) {
    auto const end = std::min(all.find('\n', start), all.size());
    if (auto part = trimmed(all.substr(start, end - start)); !part.empty()) parts.push_back(std::move(part));
    start = end + 1;
  }
  return parts;
}

std::optional<bool> written_truth(std::string const& text) {
  for (std::string_view const yes : {"是", "yes", "Yes", "true", "TRUE", "True", "1"}) {
    if (text == yes) return true;
  }
  for (std::string_view const no : {"否", "no", "No", "false", "FALSE", "False", "0"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

auto wrong(std::string const& text, char const* expected) {
  return refused(refusal(Code::bad_format, {}, {{"value", text}, {"expected", message(expected)}}));
}

Result<Json> choice_of(Field const& field, std::string const& text) {
  std::string titles;
  for (auto const& choice : field.choices) {
    if (text == choice.id || text == choice.title.zh || text == choice.title.en) return Json(choice.id);
    titles.append(titles.empty() ? "" : "、").append(choice.title.zh);
  }
  return refused(refusal(Code::not_a_choice, {}, {{"value", text}, {"choices", titles}}));
}

Result<Json> unit_of(std::string const& text, Organisation const& organisation) {
  for (auto const& unit : organisation.units()) {
    if (text == unit.id || text == unit.title.zh || text == unit.title.en) return Json(unit.id);
  }
  return refused(refusal(Code::unknown_unit, {}, {{"name", text}}));
}

// A place whose name is written keeps the point that it has.
Json place_of(std::string const& text, Json const& before) {
  Json place = before.is_object() ? before : Json::object();
  place["name"] = text;
  return place;
}

Result<Json> one_value(Field const& field, std::string const& text, Json const& before,
                       Organisation const& organisation, Zone const& zone) {
  switch (field.type) {
    case FieldType::number:
    case FieldType::money:
      if (auto const number = written_number(text)) return number_json(*number);
      return wrong(text, "expected.number");
    case FieldType::date:
      if (auto const date = written_date(text)) return Json(format_date(*date));
      return wrong(text, "expected.date");
    case FieldType::instant:
      if (auto const instant = written_instant(text, zone)) return Json(zone.format(*instant));
      return wrong(text, "expected.instant");
    case FieldType::yes_no:
      if (auto const truth = written_truth(text)) return Json(*truth);
      return wrong(text, "expected.yes_or_no");
    case FieldType::choice: return choice_of(field, text);
    case FieldType::unit: return unit_of(text, organisation);
    case FieldType::place: return place_of(text, before);
    case FieldType::text:
    case FieldType::person:
    case FieldType::case_ref: break;
  }
  return Json(text);
}

// A workbook's cell has room for 32,767 characters; what was cut to them when it went out was not edited.
bool was_cut(std::string const& whole, std::string const& cell) {
  constexpr std::string_view mark = "…";
  constexpr std::size_t room = 32'766;
  if (cell.size() <= room || !cell.ends_with(mark)) return false;
  return whole.starts_with(std::string_view(cell).substr(0, cell.size() - mark.size()));
}

}  // namespace

std::string trimmed(std::string const& text) {
  auto const first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<Date> written_date(std::string const& text) {
  auto plain = trimmed(text);
  for (std::string_view const mark : {"/", ".", "年", "月"}) plain = replaced(std::move(plain), mark, "-");
  plain = replaced(std::move(plain), "日", "");
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int used = 0;
  if (std::sscanf(plain.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &used) != 3) return std::nullopt;
  // A midnight behind it is what some spreadsheets add to a day.
  auto const rest = plain.substr(static_cast<std::size_t>(used));
  if (!rest.empty() && rest != "T00:00:00" && rest != " 00:00:00" && rest != " 00:00" && rest != " 0:00")
    return std::nullopt;
  Date const date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  return date.ok() && year >= 1000 ? std::optional(date) : std::nullopt;
}

std::optional<Instant> written_instant(std::string const& text, Zone const& zone) {
  auto const plain = trimmed(text);
  if (auto const instant = parse_instant(plain)) return *instant;
  if (auto const date = written_date(plain)) return zone.start_of(*date);
  auto const gap = plain.find_first_of(" T");
  if (gap == std::string::npos) return std::nullopt;
  auto const date = written_date(plain.substr(0, gap));
  int hour = 0;
  int minute = 0;
  int second = 0;
  int used = 0;
  auto const time = plain.substr(gap + 1);
  auto const read = std::sscanf(time.c_str(), "%2d:%2d%n:%2d%n", &hour, &minute, &used, &second, &used);
  bool const good = read >= 2 && static_cast<std::size_t>(used) == time.size() && hour >= 0 && hour < 24 &&
                    minute >= 0 && minute < 60 && second >= 0 && second < 60;
  if (!date || !good) return std::nullopt;
  std::array<char, 48> whole{};
  std::snprintf(whole.data(), whole.size(), "%sT%02d:%02d:%02d", format_date(*date).c_str(), hour, minute, second);
  // The offset of that day: the one of its start, but where clocks are changed on it.
  auto const offset = zone.format(zone.start_of(*date)).substr(19);
  auto const instant = parse_instant(std::string(whole.data()) + offset);
  return instant ? std::optional(*instant) : std::nullopt;
}

Result<Json> cell_value(Field const& field, std::string const& text, Json const& before,
                        Organisation const& organisation, Zone const& zone) {
  auto const plain = trimmed(text);
  if (plain.empty()) return Json();
  if (!field.list) return one_value(field, plain, before, organisation, zone);
  Json list = Json::array();
  for (auto const& part : split_list(plain)) {
    auto value = one_value(field, part, Json(), organisation, zone);
    if (!value) return value;
    list.push_back(std::move(*value));
  }
  return list;
}

bool same_cell(FieldType type, std::string const& one, std::string const& other, Zone const& zone) {
  // Spreadsheets end their lines as they like.
  auto const left = replaced(trimmed(one), "\r", "");
  auto const right = replaced(trimmed(other), "\r", "");
  if (left == right) return true;
  switch (type) {
    case FieldType::number:
    case FieldType::money: {
      auto const a = written_number(left);
      return a && a == written_number(right);
    }
    case FieldType::date: {
      auto const a = written_date(left);
      return a && a == written_date(right);
    }
    case FieldType::instant: {
      auto const a = written_instant(left, zone);
      return a && a == written_instant(right, zone);
    }
    default: return composed(left) == composed(right) || was_cut(left, right);
  }
}

}  // namespace bihuan
