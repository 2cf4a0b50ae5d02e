// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>

#include "engine/core/time.hpp"

namespace bihuan {

struct CalendarLoadOptions {
  std::filesystem::path file;
  std::filesystem::path data = "data";
  std::filesystem::path workflows;
  bool dry_run = false;
  bool json = false;
};

// `bihuan calendar load`: puts a new calendar in the place of workflows/calendars/<id>.json and reckons the
// running deadlines of a data directory anew by it, while no server has that open. May be repeated after it was
// cut off, with the same file.
int run_calendar_load(CalendarLoadOptions const& options, Instant now, std::ostream& out, std::ostream& err);

}  // namespace bihuan
