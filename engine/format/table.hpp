// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.hpp"

namespace bihuan {

// A cell as text: a date is YYYY-MM-DD, a time YYYY-MM-DDThh:mm:ss, a number as it is written.
struct TableCell {
  std::string text{};
  bool formula = false;  // what stands there was computed
};

struct TableRow {
  std::size_t line = 0;   // as a spreadsheet numbers it; in CSV without blank lines, the header being 1
  std::size_t place = 0;  // among the rows of the whole table, the header being 0
  std::vector<TableCell> cells{};
  bool merged = false;  // a merged range reaches into it, so that what it says is not its own alone
};

// A sheet of rows that somebody filled in, read one row at a time; the first row that is not empty is the header.
class Table {
 public:
  enum class Format { csv, xlsx };

  Table() = default;
  Table(Table const&) = delete;
  Table& operator=(Table const&) = delete;
  virtual ~Table() = default;

  [[nodiscard]] virtual Format format() const = 0;
  // Nothing at the end. Rows without any text are skipped. Refused when the file breaks off or is not what it seems;
  // nothing follows then.
  [[nodiscard]] virtual Result<std::optional<TableRow>> next() = 0;
};

struct TableLimits {
  std::size_t rows = 1'100'000;
  std::size_t columns = 500;
  std::size_t cell = 200'000;                                   // bytes
  std::uint64_t sheet = std::uint64_t{2} * 1024 * 1024 * 1024;  // bytes of one sheet, unpacked
  std::uint64_t texts = std::uint64_t{256} * 1024 * 1024;       // bytes of the texts that its cells share, unpacked
  std::uint64_t parts = 2000;                                   // files in a workbook
};

// A workbook (XLSX) or CSV in UTF-8, UTF-16 or GB18030, by what it holds and not by its name. Refused with bad_format
// when it is neither, with too_large when it goes beyond the limits: an archive that explodes is not unpacked further.
[[nodiscard]] Result<std::unique_ptr<Table>> open_table(std::filesystem::path const& file,
                                                        TableLimits const& limits = {});

}  // namespace bihuan
