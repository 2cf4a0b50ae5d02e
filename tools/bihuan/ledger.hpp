// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace bihuan {

struct LedgerOptions {
  std::filesystem::path data;
  std::filesystem::path workflows;
  std::string user;  // whose rights count; a sign-in name
  std::filesystem::path file;
  std::string workflow;
  std::string language = "zh";
  bool progress = false;  // say on standard error how far it is
  bool json = false;
  // Of an import.
  std::filesystem::path mapping;
  std::filesystem::path report;
  bool dry_run = false;
  bool skip_faulty = false;
};

// `bihuan export`: the ledger that this person could take out, as CSV or a workbook by the file's ending. 0; 1 when it
// cannot be read or written.
int run_export(LedgerOptions const& options, std::ostream& out, std::ostream& err);

// `bihuan import`: a ledger in, as this person; that of another system through a mapping file. 0; 1 when a row is refused
// (and then nothing is stored, unless the others are wanted) or the file or the data cannot be read.
int run_import_verb(LedgerOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
