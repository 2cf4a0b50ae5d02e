// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/ledger.hpp"

#include <array>
#include <fstream>
#include <functional>
#include <ostream>

#include "engine/core/message.hpp"
#include "engine/format/import_run.hpp"
#include "engine/format/ledger_csv.hpp"
#include "engine/format/ledger_sheet.hpp"
#include "engine/service/substitutes.hpp"
#include "engine/store/digest.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/store_fault.hpp"
#include "tools/bihuan/accounts_data.hpp"
#include "tools/bihuan/choice.hpp"
#include "tools/bihuan/data_directory.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

struct Opened {
  CaseService& cases;
  Person const& person;
  Actor const& actor;
};

int refuse(std::ostream& err, Refusals const& refusals) {
  print_refusals(err, refusals);
  return said_no;
}

// Does `work` with the cases as the person of the options sees them.
int with_cases(LedgerOptions const& options, std::ostream& err, std::function<int(Opened const&)> const& work) {
  if (!holds_data(options.data, err)) return said_no;
  return say_faults(err, [&] {
    Refusals faults;
    check_language(options.language, faults);
    if (!faults.empty()) return refuse(err, faults);
    auto library = Library::load(options.workflows);
    if (!library) return refuse(err, library.error());
    auto const store = open_sqlite_store(options.data);
    if (!store) return refuse(err, store.error());
    if (auto const fit = library->reconcile(**store); !fit) return refuse(err, fit.error());
    auto const person = person_named(**store, options.user);
    if (!person) return refuse(err, person.error());
    if (!options.workflow.empty() && library->current(options.workflow) == nullptr)
      return refuse(err, {refusal(Code::unknown_workflow, {}, {{"name", options.workflow}})});
    CaseService cases(**store, *library, wall_clock_now);
    auto const actor = acting_now(**store, *person, cases.now());
    return work({.cases = cases, .person = *person, .actor = actor});
  });
}

// One line that is written over, on a terminal.
class Progress {
 public:
  Progress(LedgerOptions const& options, std::ostream& err) : shown_(options.progress), err_(err) {}
  ~Progress() {
    if (shown_ && any_) err_ << "\n";
  }
  Progress(Progress const&) = delete;
  Progress& operator=(Progress const&) = delete;

  void tell(std::int64_t rows) {
    if (!shown_) return;
    any_ = true;
    err_ << "\r" << rows << std::flush;
  }

 private:
  bool shown_;
  std::ostream& err_;
  bool any_ = false;
};

std::int64_t write_csv(LedgerRows rows, std::filesystem::path const& file, Progress& progress) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  LedgerCsv csv(std::move(rows));
  std::array<char, 65536> room{};
  while (auto const size = csv.read(room)) {
    out.write(room.data(), static_cast<std::streamsize>(size));
    progress.tell(static_cast<std::int64_t>(csv.rows()));
  }
  out.flush();
  if (!out) throw StoreFault(file.string() + " cannot be written");
  return static_cast<std::int64_t>(csv.rows());
}

std::int64_t write_workbook(LedgerRows rows, Opened const& open, LedgerOptions const& options, Progress& progress) {
  std::int64_t count = 0;
  write_sheet(
      rows.columns(),
      [&] {
        auto page = rows.next_page();
        count += static_cast<std::int64_t>(page.size());
        progress.tell(count);
        return page;
      },
      {.author = open.person.full_name, .made = open.cases.now(), .language = language_of(options.language)},
      options.file.string());
  return count;
}

Result<ImportMapping> read_mapping(std::filesystem::path const& file, Library const& library) {
  auto const document = read_json_file(file);
  auto mapping = document ? parse_import_mapping(*document) : refused(document.error());
  if (!mapping) return mapping;
  if (auto faults = check_import_mapping(*mapping, library.current(mapping->workflow)); !faults.empty())
    return refused(std::move(faults));
  return mapping;
}

std::string hash_of_file(std::filesystem::path const& file) {
  std::ifstream in(file, std::ios::binary);
  std::array<char, 65536> room{};
  Digest digest;
  while (in.read(room.data(), room.size()) || in.gcount() > 0)
    digest.update({room.data(), static_cast<std::size_t>(in.gcount())});
  return digest.finish();
}

void print_summary(ImportSummary const& summary, LedgerOptions const& options, std::ostream& out) {
  if (options.json) {
    out << summary_json(summary, options.dry_run).dump(2) << "\n";
    return;
  }
  auto const language = language_of(options.language);
  for (auto const& row : summary.faulty) {
    for (auto const& [column, refusal] : row.faults)
      out << row.line << "\t" << (column.empty() ? "-" : column) << "\t" << in(language, refusal.text) << "\n";
  }
  auto const number = [](std::int64_t value) { return std::to_string(value); };
  out << in(language, message("import.summary", {{"rows", number(summary.rows)},
                                                 {"unchanged", number(summary.unchanged)},
                                                 {"changed", number(summary.changed)},
                                                 {"opened", number(summary.opened)},
                                                 {"repeated", number(summary.repeated)},
                                                 {"refused", number(summary.refused)}}))
      << "\n"
      << in(language, message(summary.stored ? "import.stored" : "import.not_stored")) << "\n";
}

}  // namespace

int run_export(LedgerOptions const& options, std::ostream& out, std::ostream& err) {
  return with_cases(options, err, [&](Opened const& open) {
    CaseQuery query;
    query.sort = CaseQuery::Sort::opened_oldest;
    if (!options.workflow.empty()) query.workflow = options.workflow;
    auto const recorded = record_at_machine(
        open.cases.store(), "ledger_exported",
        {{"person", open.person.id}, {"workflow", options.workflow.empty() ? Json() : Json(options.workflow)}});
    if (!recorded) return refuse(err, recorded.error());
    LedgerRows rows(open.cases, open.actor, std::move(query), language_of(options.language));
    Progress progress(options, err);
    auto const count = options.file.extension() == ".xlsx" ? write_workbook(std::move(rows), open, options, progress)
                                                           : write_csv(std::move(rows), options.file, progress);
    out << in(language_of(options.language), message("export.done", {{"rows", std::to_string(count)}})) << "\n";
    return done;
  });
}

int run_import_verb(LedgerOptions const& options, std::ostream& out, std::ostream& err) {
  return with_cases(options, err, [&](Opened const& open) {
    std::optional<ImportMapping> mapping;
    if (!options.mapping.empty()) {
      auto read = read_mapping(options.mapping, open.cases.library());
      if (!read) {
        print_faults(err, options.mapping, read.error());
        return said_no;
      }
      mapping = std::move(*read);
    }
    auto const hash = hash_of_file(options.file);
    auto const recorded = record_at_machine(open.cases.store(), "ledger_imported",
                                            {{"person", open.person.id},
                                             {"sha256", hash},
                                             {"dry_run", options.dry_run},
                                             {"mapping", mapping ? Json(mapping->source) : Json()}});
    if (!recorded) return refuse(err, recorded.error());
    auto const language = language_of(options.language);
    Progress progress(options, err);
    auto const summary =
        run_import(options.file,
                   {.cases = open.cases,
                    .actor = open.actor,
                    .workflow = options.workflow.empty() ? std::nullopt : std::optional(options.workflow),
                    .mapping = mapping ? &*mapping : nullptr,
                    .comment = in(language, message("table.comment", {{"hash", hash.substr(0, 12)}}))},
                   {.dry_run = options.dry_run,
                    .skip_faulty = options.skip_faulty,
                    .report = options.report.string(),
                    .language = language,
                    .progress = [&progress](std::int64_t rows) { progress.tell(rows); }});
    if (!summary) return refuse(err, summary.error());
    print_summary(*summary, options, out);
    return summary->refused == 0 || (summary->stored && options.skip_faulty) ? done : said_no;
  });
}

}  // namespace bihuan
