// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"

namespace bihuan {

// UTC, whole seconds: the law counts no finer, and "due at 23:59:59" then ends exactly at midnight.
using Instant = std::chrono::sys_seconds;
using Date = std::chrono::year_month_day;

// A place's civil time. Cheap to copy; the zone data is the system's (tzdata).
class Zone {
 public:
  // Throws std::runtime_error when the system does not know the name: a deployment fault, not an input.
  explicit Zone(std::string_view name = "Asia/Shanghai");

  [[nodiscard]] Date date_of(Instant instant) const;
  // The first and the last second of that civil day.
  [[nodiscard]] Instant start_of(Date date) const;
  [[nodiscard]] Instant end_of(Date date) const;
  // RFC 3339 with this zone's offset: 2026-11-25T23:59:59+08:00.
  [[nodiscard]] std::string format(Instant instant) const;
  [[nodiscard]] std::string const& name() const { return name_; }

 private:
  std::string name_;
  void const* zone_;
};

// RFC 3339 date and time with an offset; fractions are cut off. Refused with bad_format.
[[nodiscard]] Result<Instant> parse_instant(std::string_view text, std::string_view pointer = {});
// YYYY-MM-DD of a day that exists. Refused with bad_format.
[[nodiscard]] Result<Date> parse_date(std::string_view text, std::string_view pointer = {});
[[nodiscard]] std::string format_date(Date date);
// RFC 3339 in UTC, the form that is stored and hashed: 2026-11-25T15:59:59Z.
[[nodiscard]] std::string format_utc(Instant instant);

}  // namespace bihuan
