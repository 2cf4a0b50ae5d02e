// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "tools/bihuan/backup.hpp"
#include "tools/bihuan/command_line.hpp"
#include "tools/bihuan/copy.hpp"
#include "tools/bihuan/demo.hpp"
#include "tools/bihuan/simulate.hpp"
#include "tools/bihuan/verify.hpp"
#include "tools/bihuan/workflows_directory.hpp"

namespace bihuan {
namespace {

void add_demo(CLI::App& app, Verb& chosen) {
  static DemoOptions options;
  auto* const verb = app.add_subcommand("demo", "Fill a data directory with a made-up district");
  verb->add_option("--data", options.data)->required();
  verb->add_option("--seed", options.seed)->capture_default_str();
  verb->add_option("--cases", options.cases, "At least so many; what follows from them comes on top")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  verb->add_option("--now", options.now, "The instant up to which things happened; the start of today when absent");
  verb->add_option("--workflows", options.workflows)->check(CLI::ExistingDirectory);
  verb->callback([&chosen] {
    options.workflows = find_workflows_directory(options.workflows);
    chosen = [] { return run_demo(options, std::cout, std::cerr); };
  });
}

void add_simulate(CLI::App& app, Verb& chosen) {
  static SimulateOptions options;
  auto* const verb =
      app.add_subcommand("simulate", "Let a made-up district work through a year and balance its ledger");
  verb->add_option("--year", options.year)->check(CLI::Range(1970, 9000))->capture_default_str();
  verb->add_option("--seed", options.seed)->capture_default_str();
  verb->add_option("--cases-a-month", options.cases_a_month, "That people open; others open by themselves")
      ->check(CLI::Range(0, 100'000))
      ->capture_default_str();
  verb->add_option("--data", options.data, "Keep the data in this empty directory");
  verb->add_option("--workflows", options.workflows)->check(CLI::ExistingDirectory);
  verb->add_flag("--json", options.json);
  verb->callback([&chosen] {
    options.workflows = find_workflows_directory(options.workflows);
    chosen = [] { return run_simulate(options, std::cout, std::cerr); };
  });
}

void add_verify(CLI::App& app, Verb& chosen) {
  static VerifyOptions options;
  auto* const verb = app.add_subcommand("verify", "Check a data directory or a case package against what was sealed");
  auto* const data = verb->add_option("--data", options.data, "A data directory");
  auto* const package = verb->add_option("package", options.package, "Or a case package, checked by nothing but itself")
                            ->check(CLI::ExistingFile)
                            ->excludes(data);
  data->excludes(package);
  verb->add_option("--store", options.store, "Or a PostgreSQL: postgresql://…")->excludes(data)->excludes(package);
  verb->add_option("--against", options.against, "A head of the log kept elsewhere, as /api/v1/seals/newest gives it")
      ->check(CLI::ExistingFile);
  verb->add_flag("--documents", options.documents, "Read the bytes of every document too");
  verb->add_flag("--json", options.json);
  verb->callback([&chosen] {
    if (options.data.empty() && options.store.empty() && options.package.empty())
      throw CLI::RequiredError("--data, --store or a package");
    chosen = [] { return run_verify(options, std::cout, std::cerr); };
  });
}

void add_backup(CLI::App& app, Verb& chosen) {
  static BackupOptions options;
  auto* const verb = app.add_subcommand("backup", "Copy a data directory, while a server may have it open");
  verb->require_subcommand(1);
  auto* const create = verb->add_subcommand("create", "Make a backup: one instant of the data, with its hashes");
  create->add_option("directory", options.backup, "Where; new or empty")->required();
  create->add_option("--data", options.data, "The data directory")->capture_default_str();
  create->add_flag("--with-keys", options.keys, "The key files too; else keep those elsewhere, apart from it");
  create->add_flag("--json", options.json);
  create->callback([&chosen] { chosen = [] { return run_backup_create(options, std::cout, std::cerr); }; });
  auto* const check = verb->add_subcommand("verify", "Check a backup's files, and what a copy of it holds");
  check->add_option("directory", options.backup, "The backup")->required()->check(CLI::ExistingDirectory);
  check->add_option("--scratch", options.scratch, "Where there is room for that copy")->check(CLI::ExistingDirectory);
  check->add_flag("--json", options.json);
  check->callback([&chosen] { chosen = [] { return run_backup_verify(options, std::cout, std::cerr); }; });
}

void add_copy(CLI::App& app, Verb& chosen) {
  static CopyOptions options;
  auto* const verb =
      app.add_subcommand("copy", "Move house: all of one store into another, empty one; goes on where it was stopped");
  verb->add_option("--from", options.from, "sqlite:DIRECTORY or postgresql://…, which nobody serves meanwhile")
      ->required();
  verb->add_option("--to", options.to, "The same; new or empty")->required();
  verb->add_flag("--json", options.json);
  verb->callback([&chosen] { chosen = [] { return run_copy(options, std::cout, std::cerr); }; });
}

void add_restore(CLI::App& app, Verb& chosen) {
  static BackupOptions options;
  auto* const verb = app.add_subcommand("restore", "Put a backup into a new data directory");
  verb->add_option("directory", options.backup, "The backup")->required()->check(CLI::ExistingDirectory);
  verb->add_option("--data", options.data, "The data directory; new or empty")->required();
  verb->add_flag("--json", options.json);
  verb->callback([&chosen] { chosen = [] { return run_restore(options, std::cout, std::cerr); }; });
}

}  // namespace

void add_data(CLI::App& app, Verb& chosen) {
  add_demo(app, chosen);
  add_simulate(app, chosen);
  add_verify(app, chosen);
  add_backup(app, chosen);
  add_restore(app, chosen);
  add_copy(app, chosen);
}

}  // namespace bihuan
