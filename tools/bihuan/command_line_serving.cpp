// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "tools/bihuan/command_line.hpp"
#include "tools/bihuan/config.hpp"
#include "tools/bihuan/configuration.hpp"
#include "tools/bihuan/doctor.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/serve.hpp"
#include "tools/bihuan/settings.hpp"
#include "tools/bihuan/workflows_directory.hpp"

namespace bihuan {
namespace {

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

// Faults of reading, and of what was read beside them.
int check_configuration(SettingFlags const& flags) {
  Refusals faults;
  auto configuration = read_configuration(configuration_file(flags.file), environment_of_process(), faults);
  print_refusals(std::cerr, faults);
  if (!configuration) return said_no;
  auto& options = configuration->options;
  options.workflows = find_workflows_directory(options.workflows);
  return run_config_check(options, faults.empty(), std::cout, std::cerr);
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
  check->callback([&chosen] { chosen = [] { return check_configuration(flags); }; });
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

}  // namespace

void add_serving(CLI::App& app, Verb& chosen) {
  add_serve(app, chosen);
  add_config(app, chosen);
  add_doctor(app, chosen);
}

}  // namespace bihuan
