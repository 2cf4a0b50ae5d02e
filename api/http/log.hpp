// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <spdlog/common.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>

namespace bihuan::http {

// The log is one JSON object a line. spdlog escapes nothing, so lines are built here: the pattern opens the
// object with ts and level, and every message is the rest of its members.
inline constexpr char json_log_pattern[] = R"({"ts":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})";

struct LogField {
  std::string_view name;
  std::string_view value;
};

// What an exception says of itself, but nothing of what it was about: one of the JSON library quotes the text that it
// stumbled over.
[[nodiscard]] std::string reason_of(std::exception const& fault);

// One line through spdlog's default logger. Never personal data, never a query string. Thread-safe.
void log_event(spdlog::level::level_enum level, std::string_view what, std::initializer_list<LogField> fields);

struct AccessEntry {
  std::string_view request_id;
  std::string_view method;
  std::string_view route;  // the pattern, not the path: ids stay out of the log
  int status = 0;
  std::chrono::microseconds duration{};
  std::size_t bytes = 0;
};
void log_access(AccessEntry const& entry);

}  // namespace bihuan::http
