// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/json.hpp"
#include "engine/format/ledger_import.hpp"
#include "engine/format/table.hpp"

namespace bihuan {

struct ImportOptions {
  bool dry_run = true;
  bool skip_faulty = false;  // take the rows that are good although others are not
  std::string report{};      // a file for the table with what is wrong; empty: none
  Language language = Language::zh;
  std::function<void(std::int64_t rows)> progress{};  // told now and then how many were looked at
};

struct FaultyRow {
  std::size_t line = 0;
  std::vector<RowFault> faults;
};

struct ImportSummary {
  Table::Format format = Table::Format::csv;
  std::int64_t rows = 0;
  std::int64_t unchanged = 0;
  std::int64_t changed = 0;
  std::int64_t opened = 0;
  std::int64_t repeated = 0;
  std::int64_t refused = 0;
  bool stored = false;              // all that was to be stored is; with nothing to store as well
  std::vector<FaultyRow> faulty{};  // the first of them
};

// Looks at a whole table, tells what is wrong with each row, and stores what is good where that is wanted: all of it in
// one transaction, or nothing. Refused when the file is no table, has columns that nobody knows, or a case moved
// between looking and storing.
[[nodiscard]] Result<ImportSummary> run_import(std::filesystem::path const& file, ImportAbout const& about,
                                               ImportOptions const& options);

[[nodiscard]] OrderedJson summary_json(ImportSummary const& summary, bool dry_run);

}  // namespace bihuan
