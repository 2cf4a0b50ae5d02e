// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/format/ledger_rows.hpp"
#include "engine/format/table.hpp"
#include "engine/service/case_service.hpp"
#include "engine/service/import_mapping.hpp"

namespace bihuan {

struct ImportAbout {
  CaseService& cases;
  Actor actor;
  std::optional<std::string> workflow{};   // of rows that are new and do not say it
  ImportMapping const* mapping = nullptr;  // of another system's ledger
  std::string comment{};                   // why, in each history
};

// What is wrong with a row, and in which column, by its title; empty when it is the row as a whole.
struct RowFault {
  std::string column;
  Refusal refusal;
};

struct RowOutcome {
  enum class What {
    unchanged,
    changed,
    opened,
    repeated,  // done before: by an earlier import of the same row
    refused,
  };
  What what = What::unchanged;
  std::vector<RowFault> faults{};
  std::string number{};  // of the case; empty for one that would be opened
};

// Takes the rows of a ledger, one after the other, and decides what each would do, by the same rules as an action of a
// person. Rows that came from an export are known by their id and the revision they had then: what was not edited since
// changes nothing, and what was is refused where the case has moved on meanwhile. Stores nothing.
// For one thread.
class LedgerImport {
 public:
  // Refused with the columns that are not known, or that stand there twice.
  [[nodiscard]] static Result<LedgerImport> begin(ImportAbout about, TableRow const& header);

  enum class Mode {
    look,  // only say what it would do
    keep,  // and leave it in kept()
  };
  // Looked at first, all of them, and then kept, those that are wanted: a row is known by what was before it.
  [[nodiscard]] RowOutcome take(TableRow const& row, Mode mode);
  // What the row that was kept last does.
  [[nodiscard]] Append kept();
  // Rows are kept from the first again.
  void keep_again();

 private:
  struct Column {
    enum class Kind { ignored, id, revision, fixed, field, mapped };
    Kind kind = Kind::ignored;
    std::string title;
    std::string key{};  // of a fixed one, as LedgerColumn names it
    MappedColumn const* mapped = nullptr;
  };

  explicit LedgerImport(ImportAbout about) : about_(std::move(about)) {}
  [[nodiscard]] Refusals read_header(TableRow const& header);
  [[nodiscard]] Column column_of(std::string const& title) const;
  [[nodiscard]] bool is_field(std::string const& title) const;
  [[nodiscard]] RowOutcome known_row(TableRow const& row, std::string const& id, Mode mode);
  [[nodiscard]] RowOutcome new_row(TableRow const& row, Mode mode);
  [[nodiscard]] RowOutcome mapped_row(TableRow const& row, Mode mode);
  [[nodiscard]] RowOutcome open(OpenCaseRequest request, std::string const& source, std::string const& key, Mode mode,
                                Definition const& definition);
  [[nodiscard]] RowOutcome finish(Result<Append> prepared, RowOutcome::What what, Mode mode,
                                  Definition const& definition, std::optional<ImportedRow> imported);
  [[nodiscard]] std::optional<std::int64_t> revision_of(TableRow const& row, std::int64_t newest,
                                                        RowOutcome& outcome) const;
  [[nodiscard]] Case case_at(Case const& found, std::int64_t revision);
  [[nodiscard]] Json edits_of(TableRow const& row, Case const& then, Definition const& definition, RowOutcome& outcome);
  [[nodiscard]] bool done_already(Json const& edits, Case const& now, Definition const& definition) const;
  [[nodiscard]] Definition const* definition_of_new(TableRow const& row, RowOutcome& outcome) const;
  [[nodiscard]] std::string const& text_in(TableRow const& row, std::size_t place) const;
  [[nodiscard]] std::string title_of_pointer(std::string const& pointer, Definition const& definition) const;
  [[nodiscard]] LedgerRows const& rows_of(std::string const& workflow);

  ImportAbout about_;
  Language language_ = Language::zh;
  std::vector<Column> columns_;
  std::map<std::string, std::unique_ptr<LedgerRows>> rows_;  // by workflow
  std::unordered_set<std::string> seen_;                     // ids of the file
  std::unordered_map<std::string, int> alike_;               // rows without id, by what they say
  std::unordered_map<std::size_t, std::string> row_keys_;    // of these rows, by place
  std::unordered_set<std::string> touched_;                  // cases that something kept changes
  std::size_t changes_ = 0;                                  // in what was kept
  Append kept_;
};

}  // namespace bihuan
