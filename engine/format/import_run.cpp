// SPDX-License-Identifier: Apache-2.0
#include "engine/format/import_run.hpp"

#include "engine/core/message.hpp"
#include "engine/format/table_report.hpp"

namespace bihuan {
namespace {

using What = RowOutcome::What;

constexpr std::size_t most_faulty = 1000;  // rows that are told one by one; the report has them all
constexpr std::int64_t progress_step = 500;

std::string words_of(RowOutcome const& outcome, Language language) {
  std::string words;
  for (auto const& [column, refusal] : outcome.faults) {
    words += words.empty() ? "" : "; ";
    if (!column.empty()) words += column + ": ";
    words += in(language, refusal.text);
  }
  if (outcome.what == What::repeated) words = in(language, message("table.repeated", {{"number", outcome.number}}));
  return words;
}

void count(ImportSummary& summary, TableRow const& row, RowOutcome const& outcome) {
  ++summary.rows;
  switch (outcome.what) {
    case What::unchanged: ++summary.unchanged; break;
    case What::changed: ++summary.changed; break;
    case What::opened: ++summary.opened; break;
    case What::repeated: ++summary.repeated; break;
    case What::refused:
      ++summary.refused;
      if (summary.faulty.size() < most_faulty) summary.faulty.push_back({.line = row.line, .faults = outcome.faults});
      break;
  }
}

struct Begun {
  std::unique_ptr<Table> table;
  TableRow header;
};

Result<Begun> begin(std::filesystem::path const& file) {
  auto table = open_table(file);
  if (!table) return refused(table.error());
  auto header = (*table)->next();
  if (!header) return refused(header.error());
  if (!*header) return refused(refusal(Code::missing, "/rows", {{"name", message("table.header")}}));
  return Begun{.table = std::move(*table), .header = std::move(**header)};
}

// Which rows are good, by place; every one of them is looked at.
Result<std::vector<bool>> look(Begun& begun, LedgerImport& import, ImportOptions const& options,
                               ImportSummary& summary) {
  auto const report =
      options.report.empty() ? nullptr : make_report(begun.table->format(), options.report, options.language);
  if (report) report->add(begun.header, {});
  std::vector<bool> wanted{false};
  while (true) {
    auto row = begun.table->next();
    if (!row) return refused(row.error());
    if (!*row) break;
    auto const outcome = import.take(**row, LedgerImport::Mode::look);
    count(summary, **row, outcome);
    wanted.push_back(outcome.what == What::changed || outcome.what == What::opened);
    if (report) report->add(**row, words_of(outcome, options.language));
    if (options.progress && summary.rows % progress_step == 0) options.progress(summary.rows);
  }
  if (options.progress) options.progress(summary.rows);
  if (report) report->finish();
  return wanted;
}

// The rows that are wanted, one after the other. A fault of the second look is one of the moment: somebody changed a
// case in between.
Appends wanted_rows(std::filesystem::path const& file, LedgerImport& import, std::vector<bool> const& wanted) {
  import.keep_again();
  auto const begun = std::make_shared<Result<Begun>>(begin(file));
  return [&import, &wanted, begun]() -> Result<std::optional<Append>> {
    if (!*begun) return refused(begun->error());
    while (true) {
      auto row = (**begun).table->next();
      if (!row) return refused(row.error());
      if (!*row) return std::nullopt;
      if (!wanted.at((**row).place)) continue;
      auto const outcome = import.take(**row, LedgerImport::Mode::keep);
      if (outcome.what != What::refused) return import.kept();
      auto fault = outcome.faults.front().refusal;
      fault.pointer = "/rows/" + std::to_string((**row).line);
      return refused(std::move(fault));
    }
  };
}

}  // namespace

Result<ImportSummary> run_import(std::filesystem::path const& file, ImportAbout const& about,
                                 ImportOptions const& options) {
  auto begun = begin(file);
  if (!begun) return refused(begun.error());
  auto import = LedgerImport::begin(about, begun->header);
  if (!import) return refused(import.error());
  ImportSummary summary{.format = begun->table->format()};
  auto const wanted = look(*begun, *import, options, summary);
  if (!wanted) return refused(wanted.error());
  if (options.dry_run || (summary.refused > 0 && !options.skip_faulty)) return summary;
  auto const stored = about.cases.store().cases().append_all([&] { return wanted_rows(file, *import, *wanted); });
  if (!stored) return refused(stored.error());
  summary.stored = true;
  return summary;
}

OrderedJson summary_json(ImportSummary const& summary, bool dry_run) {
  OrderedJson json;
  json["dry_run"] = dry_run;
  json["stored"] = summary.stored;
  json["rows"] = summary.rows;
  json["unchanged"] = summary.unchanged;
  json["changed"] = summary.changed;
  json["opened"] = summary.opened;
  json["repeated"] = summary.repeated;
  json["refused"] = summary.refused;
  json["faults"] = OrderedJson::array();
  for (auto const& row : summary.faulty) {
    for (auto const& [column, refusal] : row.faults) {
      json["faults"].push_back({{"row", row.line},
                                {"column", column.empty() ? OrderedJson(nullptr) : OrderedJson(column)},
                                {"code", code_name(refusal.code)},
                                {"text", {{"zh", refusal.text.zh}, {"en", refusal.text.en}}}});
    }
  }
  return json;
}

}  // namespace bihuan
