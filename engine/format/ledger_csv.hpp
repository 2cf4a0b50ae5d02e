// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "engine/format/ledger_rows.hpp"

namespace bihuan {

// A ledger as CSV (UTF-8 with BOM), written as it is read; the id and revision by which it is known again when it comes
// back stand last.
class LedgerCsv {
 public:
  explicit LedgerCsv(LedgerRows rows);

  // Fills `out` from the front and says how much; 0 is the end.
  [[nodiscard]] std::size_t read(std::span<char> out);
  // Rows so far.
  [[nodiscard]] std::size_t rows() const { return count_; }

 private:
  void write_page();

  LedgerRows rows_;
  std::string text_;
  std::size_t taken_ = 0;
  std::size_t count_ = 0;
  bool ended_ = false;
};

}  // namespace bihuan
