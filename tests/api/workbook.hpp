// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

namespace bihuan::test {

// A workbook's parts by name, as a spreadsheet program would write them after somebody worked in it.
using Parts = std::map<std::string, std::string>;

[[nodiscard]] Parts parts_of(std::string const& workbook);
[[nodiscard]] std::string workbook_of(Parts const& parts);

// One with a sheet for each of these, whose rows are given as XML.
struct RawSheet {
  std::string name;
  std::string rows;      // <row>…</row>
  std::string behind{};  // what follows sheetData
  std::string state{};   // hidden, veryHidden
};
[[nodiscard]] std::string raw_workbook(std::vector<RawSheet> const& sheets);

// <row> of inline strings.
[[nodiscard]] std::string raw_row(int line, std::vector<std::string> const& cells);

}  // namespace bihuan::test
