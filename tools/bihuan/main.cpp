// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "engine/core/message.hpp"
#include "engine/store/store_fault.hpp"
#include "tools/bihuan/accounts_data.hpp"
#include "tools/bihuan/backup.hpp"
#include "tools/bihuan/calendar.hpp"
#include "tools/bihuan/check.hpp"
#include "tools/bihuan/config.hpp"
#include "tools/bihuan/configuration.hpp"
#include "tools/bihuan/copy.hpp"
#include "tools/bihuan/demo.hpp"
#include "tools/bihuan/describe.hpp"
#include "tools/bihuan/diagram.hpp"
#include "tools/bihuan/doctor.hpp"
#include "tools/bihuan/explain.hpp"
#include "tools/bihuan/guard.hpp"
#include "tools/bihuan/insight.hpp"
#include "tools/bihuan/key.hpp"
#include "tools/bihuan/ledger.hpp"
#include "tools/bihuan/migrate.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/rights.hpp"
#include "tools/bihuan/serve.hpp"
#include "tools/bihuan/settings.hpp"
#include "tools/bihuan/simulate.hpp"
#include "tools/bihuan/token.hpp"
#include "tools/bihuan/unit.hpp"
#include "tools/bihuan/user.hpp"
#include "tools/bihuan/verb_help.hpp"
#include "tools/bihuan/verify.hpp"
#include "tools/bihuan/version.hpp"
#include "tools/bihuan/workflows_directory.hpp"

namespace {

using namespace bihuan;

// Each verb puts what it will do here; one is done once the command line is known to be good.
using Verb = std::function<int()>;

// The flags of settings. Which of them were given is known once the line is parsed; only those go over the file.
struct SettingFlags {
  std::filesystem::path file;
  ServeOptions given;
  std::vector<std::pair<Setting const*, CLI::Option*>> options;
};

void add_configuration_file(CLI::App& verb, SettingFlags& flags) {
  verb.add_option("--config", flags.file, std::string("TOML; else $BIHUAN_CONFIG, else ") + usual_configuration_file);
}

CLI::Option* add_flag(CLI::App& verb, Setting const& setting, ServeOptions& given) {
  std::string const flag(setting.flag);
  std::string const what(setting.what);
  return std::visit(
      [&](auto member) -> CLI::Option* {
        using Value = std::remove_reference_t<decltype(given.*member)>;
        if constexpr (std::is_same_v<Value, std::vector<Membership>>) {
          return nullptr;  // has no flag
        } else if constexpr (std::is_same_v<Value, bool>) {
          return verb.add_flag(flag, given.*member, what);
        } else {
          auto* const option = verb.add_option(flag, given.*member, what);
          if constexpr (std::is_same_v<Value, int>) option->check(CLI::Range(setting.lowest, setting.highest));
          if constexpr (std::is_same_v<Value, std::vector<std::string>>) return option->allow_extra_args(false);
          if (!setting.choices.empty())
            option->check(CLI::IsMember(std::vector<std::string>(setting.choices.begin(), setting.choices.end())));
          return option->capture_default_str();
        }
      },
      setting.member);
}

void add_setting_flags(CLI::App& verb, SettingFlags& flags) {
  for (auto const& setting : settings())
    if (!setting.flag.empty()) flags.options.emplace_back(&setting, add_flag(verb, setting, flags.given));
}

// The configuration to run by, handed on; or its faults, told.
int with_configuration(SettingFlags const& flags, std::function<int(Configuration const&)> const& run) {
  auto configuration = read_configuration(configuration_file(flags.file), environment_of_process());
  if (!configuration) {
    print_refusals(std::cerr, configuration.error());
    return said_no;
  }
  for (auto const& [setting, option] : flags.options) {
    if (option->count() > 0) take_flag(*configuration, *setting, flags.given);
  }
  auto& workflows = configuration->options.workflows;
  workflows = find_workflows_directory(workflows);
  return run(*configuration);
}

void add_serve(CLI::App& app, Verb& chosen) {
  static SettingFlags flags;
  auto* const verb = app.add_subcommand("serve", "Serve the API until SIGTERM");
  add_configuration_file(*verb, flags);
  add_setting_flags(*verb, flags);
  verb->callback([&chosen] {
    chosen = [] {
      return with_configuration(flags, [](Configuration const& configuration) {
        return run_serve(configuration.options, std::cout, std::cerr);
      });
    };
  });
}

void add_config(CLI::App& app, Verb& chosen) {
  static SettingFlags flags;
  static bool redacted = false;
  auto* const verb = app.add_subcommand("config", "The configuration that serve would run by");
  verb->require_subcommand(1);
  auto* const check = verb->add_subcommand("check", "Name every fault of it");
  add_configuration_file(*check, flags);
  check->callback([&chosen] {
    chosen = [] {
      return with_configuration(flags, [](Configuration const& configuration) {
        return run_config_check(configuration.options, std::cout, std::cerr);
      });
    };
  });
  auto* const show = verb->add_subcommand("show", "Print it, with where each setting comes from");
  add_configuration_file(*show, flags);
  show->add_flag("--redacted", redacted, "Without passwords");
  show->callback([&chosen] {
    chosen = [] {
      return with_configuration(flags, [](Configuration const& configuration) {
        print_configuration(std::cout, configuration, redacted);
        return done;
      });
    };
  });
}

void add_doctor(CLI::App& app, Verb& chosen) {
  static SettingFlags flags;
  static bool json = false;
  auto* const verb = app.add_subcommand("doctor", "Say what is wrong with an installation, and what to do");
  add_configuration_file(*verb, flags);
  verb->add_flag("--json", json);
  verb->callback([&chosen] {
    chosen = [] {
      return with_configuration(
          flags, [](Configuration const& configuration) { return run_doctor(configuration.options, json, std::cout); });
    };
  });
}

void add_check(CLI::App& app, Verb& chosen) {
  static CheckOptions options;
  auto* const verb = app.add_subcommand("check", "Name every fault of definitions and play their scenarios");
  verb->add_option("files", options.files, "Definitions")->required();
  verb->add_option("--workflows", options.workflows, "Calendars and organisation for files that have none beside them")
      ->check(CLI::ExistingDirectory);
  verb->add_flag("--json", options.json);
  verb->callback([&chosen] {
    options.workflows = find_workflows_directory(options.workflows);
    chosen = [] { return run_check(options, std::cout); };
  });
}

void add_diagram(CLI::App& app, Verb& chosen) {
  static DiagramVerbOptions options;
  auto* const verb = app.add_subcommand("diagram", "Draw a definition");
  verb->add_option("file", options.file, "The definition")->required();
  verb->add_option("--format", options.format)->check(CLI::IsMember({"svg", "mermaid", "dot"}))->capture_default_str();
  verb->add_option("--language", options.language)->check(CLI::IsMember({"zh", "en"}))->capture_default_str();
  verb->add_option("--current", options.current, "A state to mark");
  verb->callback([&chosen] { chosen = [] { return run_diagram(options, std::cout, std::cerr); }; });
}

void add_describe(CLI::App& app, Verb& chosen) {
  static DescribeOptions options;
  auto* const verb = app.add_subcommand("describe", "Print definitions as pages that a lawyer can check");
  verb->add_option("files", options.files, "Definitions; all of the workflows directory when none is named");
  verb->add_option("--output", options.output, "A directory: a page each, and an index; else standard output");
  verb->add_option("--language", options.language)->check(CLI::IsMember({"zh", "en"}))->capture_default_str();
  verb->add_option("--workflows", options.workflows)->check(CLI::ExistingDirectory);
  verb->callback([&chosen] {
    options.workflows = find_workflows_directory(options.workflows);
    chosen = [] { return run_describe(options, std::cout, std::cerr); };
  });
}

void add_rights(CLI::App& app, Verb& chosen) {
  static RightsVerbOptions options;
  auto* const verb = app.add_subcommand("rights", "Print who may do what in each state of a definition");
  verb->add_option("file", options.file, "The definition")->required();
  verb->add_option("--format", options.format)->check(CLI::IsMember({"text", "html"}))->capture_default_str();
  verb->add_option("--language", options.language)->check(CLI::IsMember({"zh", "en"}))->capture_default_str();
  verb->callback([&chosen] { chosen = [] { return run_rights(options, std::cout, std::cerr); }; });
}

void add_explain(CLI::App& app, Verb& chosen) {
  static ExplainOptions options;
  auto* const verb = app.add_subcommand("explain", "Say when a period ends, and why each day counts or not");
  verb->add_option("--from", options.from, "An instant, or a date")->required();
  verb->add_option("--count", options.count)->required();
  verb->add_option("--unit", options.unit, "hour, day, working_day or month")->required();
  verb->add_option("--last-rest-day", options.last_rest_day, "next_working_day or none")->capture_default_str();
  verb->add_option("--first-day", options.first_day, "next or same")->capture_default_str();
  verb->add_option("--calendar", options.calendar_path, "A calendar file");
  verb->add_flag("--json", options.json);
  verb->callback([&chosen] { chosen = [] { return run_explain(options, std::cout, std::cerr); }; });
}

void add_calendar(CLI::App& app, Verb& chosen) {
  static CalendarLoadOptions options;
  auto* const verb = app.add_subcommand("calendar", "Keep the calendars, while no server has the data open");
  verb->require_subcommand(1);
  auto* const load =
      verb->add_subcommand("load", "Take a new year's announcement in and reckon the running deadlines anew");
  load->add_option("file", options.file, "The whole calendar, with the new year")->required()->check(CLI::ExistingFile);
  load->add_option("--data", options.data, "The data directory")->capture_default_str();
  load->add_option("--workflows", options.workflows)->check(CLI::ExistingDirectory);
  load->add_flag("--dry-run", options.dry_run, "Only say which deadlines would move");
  load->add_flag("--json", options.json);
  load->callback([&chosen] {
    options.workflows = find_workflows_directory(options.workflows);
    chosen = [] { return run_calendar_load(options, wall_clock_now(), std::cout, std::cerr); };
  });
}

void add_migrate(CLI::App& app, Verb& chosen) {
  static MigrateOptions options;
  auto* const verb =
      app.add_subcommand("migrate", "Move open cases to a further version of their workflow, while no server runs");
  verb->add_option("workflow", options.workflow, "The workflow's id")->required();
  verb->add_option("--to", options.to, "The version")->required();
  verb->add_option("--map", options.map, "What is called otherwise there: JSON; else the definition's own")
      ->check(CLI::ExistingFile);
  verb->add_option("--reason", options.reason, "For the histories of the cases");
  verb->add_option("--data", options.data, "The data directory")->capture_default_str();
  verb->add_option("--workflows", options.workflows)->check(CLI::ExistingDirectory);
  verb->add_flag("--dry-run", options.dry_run, "Only say what would move, and what would not fit and why");
  verb->add_flag("--leave-unfit", options.leave_unfit, "Move the others although some cases do not fit");
  verb->add_flag("--yes", options.yes, "Do not ask");
  verb->add_flag("--json", options.json);
  verb->callback([&chosen] {
    options.workflows = find_workflows_directory(options.workflows);
    chosen = [] { return run_migrate(options, wall_clock_now(), std::cin, std::cout, std::cerr); };
  });
}

void add_guard(CLI::App& app, Verb& chosen) {
  auto* const verb = app.add_subcommand("guard", "Evaluate JSON Logic: JSON Lines in, JSON Lines out");
  verb->callback([&chosen] { chosen = [] { return run_guard(std::cin, std::cout); }; });
}

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

// What is kept in a data directory: each verb of it takes the same three.
template <class Options>
CLI::App* add_kept(CLI::App& verb, char const* name, char const* what, Options& options, Verb& chosen,
                   std::function<int()> run) {
  auto* const sub = verb.add_subcommand(name, what);
  sub->add_option("--data", options.data, "The data directory")->capture_default_str();
  sub->add_option("--store", options.store, "Or the PostgreSQL that serve works on; servers may have it open");
  sub->add_option("--workflows", options.workflows, "Organisation and definitions")->check(CLI::ExistingDirectory);
  sub->add_flag("--json", options.json);
  sub->callback([&options, &chosen, run = std::move(run)] {
    options.workflows = find_workflows_directory(options.workflows);
    chosen = run;
  });
  return sub;
}

void add_user(CLI::App& app, Verb& chosen) {
  static UserOptions options;
  auto* const verb = app.add_subcommand("user", "Keep people, while no server has the data open");
  verb->require_subcommand(1);
  auto const add = [&](char const* name, char const* what, std::function<int()> run) {
    return add_kept(*verb, name, what, options, chosen, std::move(run));
  };
  auto const named = [&](CLI::App* sub) {
    sub->add_option("name", options.name, "What they sign in with")->required();
    return sub;
  };
  auto* const adding =
      named(add("add", "Add a person", [] { return run_user_add(options, std::cin, std::cout, std::cerr); }));
  adding->add_option("--full-name", options.full_name, "What others read");
  adding->add_option("--unit", options.unit)->required();
  adding->add_option("--role", options.roles, "May be given again");
  adding->add_flag("--duty-leader", options.duty_leader, "Of their unit");
  adding->add_flag("--password-stdin", options.password_on_input, "Read the first password from standard input");
  add("list", "List everybody", [] { return run_user_list(options, std::cout, std::cerr); });
  auto* const passwd = named(
      add("passwd", "Give a new password", [] { return run_user_passwd(options, std::cin, std::cout, std::cerr); }));
  passwd->add_flag("--password-stdin", options.password_on_input, "Read it from standard input");
  named(add("disable", "Let a person in no more", [] { return run_user_disable(options, std::cout, std::cerr); }));
  named(add("enable", "Let a person in again", [] { return run_user_enable(options, std::cout, std::cerr); }));
  named(add("roles", "Replace a person's roles", [] {
    return run_user_roles(options, std::cout, std::cerr);
  }))->add_option("roles", options.roles, "All the roles they have from now on");
}

void add_unit(CLI::App& app, Verb& chosen) {
  static UnitOptions options;
  auto* const verb = app.add_subcommand("unit", "The district's units; changed while no server has the data open");
  verb->require_subcommand(1);
  auto const add = [&](char const* name, char const* what, std::function<int()> run) {
    return add_kept(*verb, name, what, options, chosen, std::move(run));
  };
  auto const named = [&](CLI::App* sub) {
    sub->get_option("--data")->required();
    sub->add_option("id", options.id)->required();
    return sub;
  };
  auto const described = [&](CLI::App* sub, bool required) {
    sub->add_option("--title-zh", options.title_zh)->required(required);
    sub->add_option("--title-en", options.title_en)->required(required);
    sub->add_option("--kind", options.kind)->required(required);
    sub->add_option("--parent", options.parent, "The unit it stands below; empty at the root");
  };
  add("list", "Show them as a tree", [] { return run_unit_list(options, std::cout, std::cerr); });
  described(named(add("add", "Add a unit", [] { return run_unit_add(options, std::cout, std::cerr); })), true);
  described(named(add("change", "Change what is given", [] { return run_unit_change(options, std::cout, std::cerr); })),
            false);
  named(add("dissolve", "Let it take no new part", [] { return run_unit_dissolve(options, std::cout, std::cerr); }));
  named(add("restore", "Undo that", [] { return run_unit_restore(options, std::cout, std::cerr); }));
}

void add_token(CLI::App& app, Verb& chosen) {
  static TokenOptions options;
  auto* const verb = app.add_subcommand("token", "Keep machine tokens, while no server has the data open");
  verb->require_subcommand(1);
  auto const add = [&](char const* name, char const* what, std::function<int()> run) {
    auto* const sub = add_kept(*verb, name, what, options, chosen, std::move(run));
    sub->add_option("--user", options.user, "Whose")->required();
    return sub;
  };
  auto* const create =
      add("create", "Make one; it is shown this once", [] { return run_token_create(options, std::cout, std::cerr); });
  create->add_option("name", options.name, "What it is for")->required();
  create->add_option("--scope", options.scope)->check(CLI::IsMember({"read", "act", "admin"}))->capture_default_str();
  create->add_option("--days", options.days, "Until it expires")->check(CLI::Range(1, 366))->capture_default_str();
  add("list", "List a person's", [] { return run_token_list(options, std::cout, std::cerr); });
  add("revoke", "End one at once", [] { return run_token_revoke(options, std::cout, std::cerr); })
      ->add_option("id", options.name)
      ->required();
}

void add_key(CLI::App& app, Verb& chosen) {
  static KeyOptions options;
  auto* const verb = app.add_subcommand("key", "The key file that secrets are encrypted by");
  verb->require_subcommand(1);
  auto* const renew = verb->add_subcommand("renew", "Make a new one; second factors whose key is lost are forgotten");
  renew->add_option("--data", options.data)->required();
  renew->callback([&chosen] { chosen = [] { return run_key_renew(options, std::cout, std::cerr); }; });
}

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

void add_version(CLI::App& app, Verb& chosen) {
  static bool json = false;
  auto* const verb = app.add_subcommand("version", "Say what this program is");
  verb->add_flag("--json", json);
  verb->callback([&chosen] { chosen = [] { return run_version(json, std::cout); }; });
}

VerbHelp help_of(CLI::App const& verb) {
  VerbHelp help{.name = verb.get_name(), .what = verb.get_description()};
  for (auto const* option : verb.get_options()) {
    if (option->get_positional()) {
      help.arguments.push_back(option->get_name(true));
    } else if (option->get_single_name() != "help") {
      help.flags.push_back({.name = "--" + option->get_single_name(),
                            .what = option->get_description(),
                            .takes_value = option->get_items_expected_max() > 0});
    }
  }
  for (auto const* inner : verb.get_subcommands([](CLI::App const*) { return true; }))
    help.verbs.push_back(help_of(*inner));
  return help;
}

void add_completion(CLI::App& app, Verb& chosen) {
  static std::string shell;
  auto* const verb = app.add_subcommand("completion", "Print a completion script for a shell");
  verb->add_option("shell", shell)->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  verb->callback([&] {
    chosen = [&app] {
      std::cout << completion_for(shell, help_of(app));
      return done;
    };
  });
}

void add_manual(CLI::App& app, Verb& chosen) {
  app.add_subcommand("manual", "Print the manual page, for man -l -")->callback([&] {
    chosen = [&app] {
      std::cout << manual_of(help_of(app));
      return done;
    };
  });
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App app{"Bihuan 闭环: cases from finding to closing, under their deadlines"};
  app.require_subcommand(1);
  Verb chosen;
  add_serve(app, chosen);
  add_config(app, chosen);
  add_doctor(app, chosen);
  add_check(app, chosen);
  add_diagram(app, chosen);
  add_describe(app, chosen);
  add_rights(app, chosen);
  add_explain(app, chosen);
  add_calendar(app, chosen);
  add_migrate(app, chosen);
  add_guard(app, chosen);
  add_demo(app, chosen);
  add_simulate(app, chosen);
  add_verify(app, chosen);
  add_backup(app, chosen);
  add_restore(app, chosen);
  add_copy(app, chosen);
  add_user(app, chosen);
  add_unit(app, chosen);
  add_token(app, chosen);
  add_key(app, chosen);
  add_completion(app, chosen);
  add_manual(app, chosen);
  add_insight(app, chosen);
  add_export(app, chosen);
  add_import(app, chosen);
  add_version(app, chosen);
  try {
    app.parse(count, arguments);
  } catch (CLI::ParseError const& wrong) {
    return app.exit(wrong) == 0 ? done : wrong_use;
  }
  try {
    return chosen();
  } catch (std::exception const& fault) {
    std::cerr << fault.what() << "\n";
    return said_no;
  }
}
