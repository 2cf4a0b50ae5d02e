// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "tools/bihuan/accounts_data.hpp"
#include "tools/bihuan/calendar.hpp"
#include "tools/bihuan/check.hpp"
#include "tools/bihuan/command_line.hpp"
#include "tools/bihuan/describe.hpp"
#include "tools/bihuan/diagram.hpp"
#include "tools/bihuan/explain.hpp"
#include "tools/bihuan/guard.hpp"
#include "tools/bihuan/migrate.hpp"
#include "tools/bihuan/rights.hpp"
#include "tools/bihuan/workflows_directory.hpp"

namespace bihuan {
namespace {

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
  auto* const verb = app.add_subcommand(
      "migrate", "Move open cases to a further version of their workflow, while no server has the data open");
  verb->add_option("workflow", options.workflow, "The workflow's id")->required();
  verb->add_option("--to", options.to, "The version")->required();
  verb->add_option("--map", options.map, "What is called otherwise there: JSON; else the definition's own")
      ->check(CLI::ExistingFile);
  verb->add_option("--reason", options.reason, "For the histories of the cases");
  verb->add_option("--data", options.data, "The data directory")->capture_default_str();
  verb->add_option("--store", options.store, "Or the PostgreSQL that serve works on; servers may have it open");
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

}  // namespace

void add_definitions(CLI::App& app, Verb& chosen) {
  add_check(app, chosen);
  add_diagram(app, chosen);
  add_describe(app, chosen);
  add_rights(app, chosen);
  add_explain(app, chosen);
  add_calendar(app, chosen);
  add_migrate(app, chosen);
  add_guard(app, chosen);
}

}  // namespace bihuan
