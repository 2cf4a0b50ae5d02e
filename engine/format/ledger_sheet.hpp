// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "engine/format/ledger_rows.hpp"

namespace bihuan {

struct SheetAbout {
  std::string author;  // who takes the ledger out
  Instant made{};
  Language language = Language::zh;
};

// Rows of one sheet below its titles, as many as spreadsheets have.
inline constexpr std::size_t rows_of_a_sheet = 1'048'575;

// The next rows of a ledger; none at the end.
using NextRows = std::function<std::vector<LedgerRow>()>;

// Writes a ledger as an Excel workbook: titles that stay in sight and filter, lights in their colour, what can be
// chosen as lists, and each case's id and revision in two hidden columns. What does not fit goes on on another sheet.
// Memory does not grow with the rows. Throws StoreFault when it cannot be written.
void write_sheet(std::vector<LedgerColumn> const& columns, NextRows const& next_rows, SheetAbout const& about,
                 std::string const& path, std::size_t rows_of_each = rows_of_a_sheet);

}  // namespace bihuan
