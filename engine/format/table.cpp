// SPDX-License-Identifier: Apache-2.0
#include "engine/format/table.hpp"

#include <array>
#include <fstream>
#include <string_view>

#include "engine/core/message.hpp"
#include "engine/format/table_formats.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan {

Refusal too_large(std::string pointer, TableLimits const& limits) {
  return refusal(Code::too_large, std::move(pointer),
                 {{"limit", message("table.limits", {{"rows", std::to_string(limits.rows)},
                                                     {"columns", std::to_string(limits.columns)}})}});
}

Result<std::unique_ptr<Table>> open_table(std::filesystem::path const& file, TableLimits const& limits) {
  std::array<char, 8> start{};
  std::ifstream in(file, std::ios::binary);
  if (!in) throw StoreFault("a file cannot be read");
  in.read(start.data(), static_cast<std::streamsize>(start.size()));
  std::string_view const read(start.data(), static_cast<std::size_t>(in.gcount()));
  if (read.starts_with("PK\x03\x04")) return open_sheet(file, limits);
  // What spreadsheets wrote before 2007, and keep when a workbook has a password.
  if (read.starts_with("\xD0\xCF\x11\xE0"))
    return refused(refusal(Code::bad_format, {}, {{"value", "XLS"}, {"expected", message("expected.table")}}));
  return open_csv(file, limits);
}

}  // namespace bihuan
