// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <iostream>

#include "tools/bihuan/command_line.hpp"
#include "tools/bihuan/insight.hpp"
#include "tools/bihuan/ledger.hpp"
#include "tools/bihuan/workflows_directory.hpp"

namespace bihuan {
namespace {

CLI::App* add_ledger_verb(CLI::App& app, char const* name, char const* what, LedgerOptions& options) {
  auto* const verb = app.add_subcommand(name, what);
  verb->add_option("--data", options.data, "The data directory")->required();
  verb->add_option("--workflows", options.workflows)->check(CLI::ExistingDirectory);
  verb->add_option("--user", options.user, "Whose rights count: a sign-in name")->required();
  verb->add_option("--workflow", options.workflow);
  verb->add_option("--language", options.language)->check(CLI::IsMember({"zh", "en"}))->capture_default_str();
  return verb;
}

void add_export(CLI::App& app, Verb& chosen) {
  static LedgerOptions options;
  auto* const verb = add_ledger_verb(app, "export", "Take a ledger out, while no server has the data open", options);
  verb->add_option("file", options.file, "FILE.csv or FILE.xlsx")->required();
  verb->callback([&chosen] {
    options.workflows = find_workflows_directory(options.workflows);
    options.progress = isatty(STDERR_FILENO) == 1;
    chosen = [] { return run_export(options, std::cout, std::cerr); };
  });
}

void add_import(CLI::App& app, Verb& chosen) {
  static LedgerOptions options;
  auto* const verb = add_ledger_verb(app, "import", "Take a ledger in, while no server has the data open", options);
  verb->add_option("file", options.file, "XLSX or CSV")->required()->check(CLI::ExistingFile);
  verb->add_option("--mapping", options.mapping, "How another system's ledger is read")->check(CLI::ExistingFile);
  verb->add_option("--report", options.report, "Write the file again, with what is wrong with each row");
  verb->add_flag("--dry-run", options.dry_run, "Only say what would happen");
  verb->add_flag("--skip-faulty", options.skip_faulty, "Take the good rows although others are refused");
  verb->add_flag("--json", options.json);
  verb->callback([&chosen] {
    options.workflows = find_workflows_directory(options.workflows);
    options.progress = isatty(STDERR_FILENO) == 1;
    chosen = [] { return run_import_verb(options, std::cout, std::cerr); };
  });
}

void add_insight(CLI::App& app, Verb& chosen) {
  static InsightOptions options;
  auto* const verb = app.add_subcommand(
      "insight", "Say where cases wait, how long, and which way they go, while no server has the data open");
  verb->add_option("workflow", options.workflow)->required();
  verb->add_option("--data", options.data, "The data directory")->required();
  verb->add_option("--workflows", options.workflows)->check(CLI::ExistingDirectory);
  verb->add_option("--from", options.from, "Opened at or after: an instant or a date");
  verb->add_option("--to", options.to, "Opened at or before");
  verb->add_option("--format", options.format)->check(CLI::IsMember({"text", "json", "svg"}))->capture_default_str();
  verb->add_option("--language", options.language)->check(CLI::IsMember({"zh", "en"}))->capture_default_str();
  verb->callback([&chosen] {
    options.workflows = find_workflows_directory(options.workflows);
    chosen = [] { return run_insight(options, std::cout, std::cerr); };
  });
}

}  // namespace

void add_ledgers(CLI::App& app, Verb& chosen) {
  add_insight(app, chosen);
  add_export(app, chosen);
  add_import(app, chosen);
}

}  // namespace bihuan
