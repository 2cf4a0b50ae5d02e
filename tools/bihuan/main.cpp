// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "tools/bihuan/command_line.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/verb_help.hpp"
#include "tools/bihuan/version.hpp"

namespace {

using namespace bihuan;

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
  add_serving(app, chosen);
  add_definitions(app, chosen);
  add_data(app, chosen);
  add_people(app, chosen);
  add_completion(app, chosen);
  add_manual(app, chosen);
  add_ledgers(app, chosen);
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
