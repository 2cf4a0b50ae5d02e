// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "engine/core/message.hpp"
#include "engine/format/table.hpp"

namespace bihuan {

// A table as it was sent, with a column behind it that says what is wrong with each row: in the same format, so that it
// can be put right and sent again. Written as it is told; a row at a time stands in memory.
class TableReport {
 public:
  TableReport() = default;
  TableReport(TableReport const&) = delete;
  TableReport& operator=(TableReport const&) = delete;
  virtual ~TableReport() = default;

  // The header comes first; what an earlier report said is left out.
  virtual void add(TableRow const& row, std::string const& errors) = 0;
  // Nothing may be added any more; the file is whole.
  virtual void finish() = 0;
};

// Throws StoreFault when the file cannot be written.
[[nodiscard]] std::unique_ptr<TableReport> make_report(Table::Format format, std::string const& path,
                                                       Language language);

}  // namespace bihuan
