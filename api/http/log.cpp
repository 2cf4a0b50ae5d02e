// SPDX-License-Identifier: Apache-2.0
#include "api/http/log.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <iterator>

#include "engine/core/json.hpp"

namespace bihuan::http {
namespace {

void append_quoted(fmt::memory_buffer& line, std::string_view text) {
  line.push_back('"');
  for (char const c : text) {
    if (c == '"' || c == '\\') {
      line.push_back('\\');
      line.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(line), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      line.push_back(c);
    }
  }
  line.push_back('"');
}

void append_field(fmt::memory_buffer& line, std::string_view name, std::string_view value) {
  if (line.size() > 0) line.push_back(',');
  append_quoted(line, name);
  line.push_back(':');
  append_quoted(line, value);
}

}  // namespace

std::string reason_of(std::exception const& fault) {
  if (auto const* const json = dynamic_cast<Json::exception const*>(&fault))
    return "JSON error " + std::to_string(json->id);
  return fault.what();
}

void log_event(spdlog::level::level_enum level, std::string_view what, std::initializer_list<LogField> fields) {
  auto* const logger = spdlog::default_logger_raw();
  if (!logger->should_log(level)) return;
  fmt::memory_buffer line;
  append_field(line, "msg", what);
  for (auto const& field : fields) append_field(line, field.name, field.value);
  logger->log(level, std::string_view(line.data(), line.size()));
}

void log_access(AccessEntry const& entry) {
  auto* const logger = spdlog::default_logger_raw();
  if (!logger->should_log(spdlog::level::info)) return;
  fmt::memory_buffer line;
  append_field(line, "msg", "request");
  append_field(line, "request_id", entry.request_id);
  append_field(line, "method", entry.method);
  append_field(line, "route", entry.route);
  fmt::format_to(std::back_inserter(line), R"(,"status":{},"dur_ms":{:.3f},"bytes":{})", entry.status,
                 static_cast<double>(entry.duration.count()) / 1000.0, entry.bytes);
  logger->log(spdlog::level::info, std::string_view(line.data(), line.size()));
}

}  // namespace bihuan::http
