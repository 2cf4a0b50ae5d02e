// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "tools/bihuan/accounts_data.hpp"
#include "tools/bihuan/command_line.hpp"
#include "tools/bihuan/key.hpp"
#include "tools/bihuan/token.hpp"
#include "tools/bihuan/unit.hpp"
#include "tools/bihuan/user.hpp"
#include "tools/bihuan/workflows_directory.hpp"

namespace bihuan {
namespace {

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

}  // namespace

void add_people(CLI::App& app, Verb& chosen) {
  add_user(app, chosen);
  add_unit(app, chosen);
  add_token(app, chosen);
  add_key(app, chosen);
}

}  // namespace bihuan
