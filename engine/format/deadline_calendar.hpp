// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/period.hpp"
#include "engine/core/time.hpp"

namespace bihuan {

// One deadline as calendar programs show it.
struct CalendarEntry {
  std::string uid;  // the same as long as the deadline runs
  Instant due{};
  std::optional<Date> day{};  // when it ends with a day; otherwise it stands at its instant
  std::optional<Instant> alarm{};
  std::string summary;
  std::string description;
  std::string category;
  std::string url;  // may be empty
  Instant changed{};
  std::int64_t revision = 0;
};

// iCalendar (RFC 5545), folded and escaped; the same entries always give the same bytes.
[[nodiscard]] std::string write_calendar(std::string const& name, std::vector<CalendarEntry> const& entries);

}  // namespace bihuan
