// SPDX-License-Identifier: Apache-2.0
#include "engine/core/time.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <optional>

#include "engine/core/message.hpp"

namespace bihuan {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;

date::time_zone const& zone_data(void const* zone) {
  return *static_cast<date::time_zone const*>(zone);
}

minutes offset_at(void const* zone, Instant instant) {
  // Local mean times of long ago have seconds in their offset, which RFC 3339 cannot say; cutting them off
  // here, for reading and writing alike, keeps the written instant the true one.
  return std::chrono::floor<minutes>(zone_data(zone).get_info(instant).offset);
}

std::string format_civil(Instant civil) {
  auto const day = std::chrono::floor<days>(civil);
  std::chrono::hh_mm_ss const clock(civil - day);
  return fmt::format("{}T{:02}:{:02}:{:02}", format_date(Date(day)), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

// Takes fixed-width numbers and marks from the front of a text; the first mismatch is remembered.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  int digits(std::size_t width) {
    if (rest_.size() < width) return fail();
    int value = 0;
    for (char const c : rest_.substr(0, width)) {
      if (c < '0' || c > '9') return fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(width);
    return value;
  }
  char one_of(std::string_view marks) {
    if (rest_.empty() || marks.find(rest_.front()) == std::string_view::npos) {
      fail();
      return '\0';
    }
    char const mark = rest_.front();
    rest_.remove_prefix(1);
    return mark;
  }
  [[nodiscard]] bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }
  [[nodiscard]] bool next_is_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  [[nodiscard]] bool finished() const { return ok_ && rest_.empty(); }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  int fail() {
    ok_ = false;
    return 0;
  }
  std::string_view rest_;
  bool ok_ = true;
};

std::optional<Date> scan_date(Scanner& scanner) {
  int const year = scanner.digits(4);
  scanner.one_of("-");
  int const month = scanner.digits(2);
  scanner.one_of("-");
  int const day = scanner.digits(2);
  Date const date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                  std::chrono::day(static_cast<unsigned>(day))};
  // A day is kept at both ends so that no zone's offset writes a year of other than four digits.
  bool const writable = date > Date(std::chrono::year(1) / 1 / 1) && date < Date(std::chrono::year(9999) / 12 / 31);
  if (!scanner.ok() || !date.ok() || !writable) return std::nullopt;
  return date;
}

std::optional<minutes> scan_offset(Scanner& scanner) {
  char const sign = scanner.one_of("Zz+-");
  if (sign == 'Z' || sign == 'z') return minutes(0);
  int const hour = scanner.digits(2);
  scanner.one_of(":");
  int const minute = scanner.digits(2);
  if (!scanner.ok() || hour > 23 || minute > 59) return std::nullopt;
  minutes const size = hours(hour) + minutes(minute);
  return sign == '-' ? -size : size;
}

std::optional<Instant> scan_instant(std::string_view text) {
  Scanner scanner(text);
  auto const date = scan_date(scanner);
  if (!date) return std::nullopt;
  scanner.one_of("Tt");
  int const hour = scanner.digits(2);
  scanner.one_of(":");
  int const minute = scanner.digits(2);
  scanner.one_of(":");
  int const second = scanner.digits(2);
  if (!scanner.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  if (scanner.next_is('.')) {
    scanner.one_of(".");
    scanner.digits(1);
    while (scanner.ok() && scanner.next_is_digit()) scanner.digits(1);
  }
  auto const offset = scan_offset(scanner);
  if (!offset || !scanner.finished()) return std::nullopt;
  return sys_days(*date) + hours(hour) + minutes(minute) + seconds(second) - *offset;
}

// What was given, short enough to be shown, cut between characters.
std::string shown(std::string_view text) {
  constexpr std::size_t limit = 60;
  if (text.size() <= limit) return std::string(text);
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace

Zone::Zone(std::string_view name) : name_(name), zone_(date::locate_zone(name_)) {}

Date Zone::date_of(Instant instant) const {
  return Date(std::chrono::floor<days>(instant + offset_at(zone_, instant)));
}

Instant Zone::start_of(Date date) const {
  date::local_days const local(sys_days(date).time_since_epoch());
  // A day whose midnight was skipped or repeated by a change of the clocks starts at the first second it has.
  return zone_data(zone_).to_sys(date::local_seconds(local), date::choose::earliest);
}

Instant Zone::end_of(Date date) const {
  return start_of(Date(sys_days(date) + days(1))) - seconds(1);
}

std::string Zone::format(Instant instant) const {
  auto const offset = offset_at(zone_, instant);
  std::chrono::hh_mm_ss const size(std::chrono::abs(offset));
  return fmt::format("{}{}{:02}:{:02}", format_civil(instant + offset), offset < minutes(0) ? '-' : '+',
                     size.hours().count(), size.minutes().count());
}

Result<Instant> parse_instant(std::string_view text, std::string_view pointer) {
  if (auto const instant = scan_instant(text)) return *instant;
  return refused(refusal(Code::bad_format, std::string(pointer),
                         {{"value", shown(text)}, {"expected", message("expected.instant")}}));
}

Result<Date> parse_date(std::string_view text, std::string_view pointer) {
  Scanner scanner(text);
  auto const date = scan_date(scanner);
  if (date && scanner.finished()) return *date;
  return refused(refusal(Code::bad_format, std::string(pointer),
                         {{"value", shown(text)}, {"expected", message("expected.date")}}));
}

std::string format_date(Date date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string format_utc(Instant instant) {
  return format_civil(instant) + "Z";
}

}  // namespace bihuan
