// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

namespace bihuan {

struct ExplainOptions {
  std::string from;  // RFC 3339, or a bare date: the first second of that day in the calendar's zone
  std::int64_t count = 0;
  std::string unit = "day";
  std::string last_rest_day = "next_working_day";
  std::string first_day = "next";
  std::string calendar_path;  // empty: the calendar that the program carries
  bool json = false;
};

// `bihuan explain`: when a period ends, and each day counted or skipped and why.
// 0; 1 when the period or the calendar is refused; 2 when the options have no meaning or the file cannot be
// read.
int run_explain(ExplainOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
