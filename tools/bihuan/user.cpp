// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/user.hpp"

#include <istream>
#include <optional>
#include <ostream>

#include "engine/core/json.hpp"
#include "engine/core/message.hpp"
#include "tools/bihuan/accounts_data.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

AccountsPlace place_of(UserOptions const& options, bool may_create = false) {
  return {.data = options.data, .store = options.store, .workflows = options.workflows, .may_create = may_create};
}

std::optional<std::string> read_password(UserOptions const& options, std::istream& in) {
  if (!options.password_on_input) return std::nullopt;
  std::string line;
  std::getline(in, line);
  return line;
}

std::string joined(std::vector<std::string> const& roles) {
  std::string text;
  for (auto const& role : roles) text += (text.empty() ? "" : ",") + role;
  return text;
}

Json described(Person const& person) {
  return {{"id", person.id},
          {"name", person.name},
          {"full_name", person.full_name},
          {"unit", person.unit},
          {"roles", person.roles},
          {"active", person.active},
          {"duty_leader", person.duty_leader},
          {"must_change_password", person.must_change_password},
          {"second_factor", person.second_factor}};
}

void print_line(Person const& person, std::ostream& out) {
  out << person.name << "\t" << person.full_name << "\t" << person.unit << "\t" << joined(person.roles)
      << (person.duty_leader ? "\tduty leader" : "") << (person.active ? "" : "\tdisabled") << "\n";
}

void print_person(Person const& person, bool json, std::ostream& out) {
  if (json) {
    out << canonical(described(person)) << "\n";
  } else {
    print_line(person, out);
  }
}

// A password that was typed is not shown back.
void print_password(Person const& person, std::string const& password, UserOptions const& options, std::ostream& out) {
  if (options.json) {
    auto body = described(person);
    if (!options.password_on_input) body["one_time_password"] = password;
    out << canonical(body) << "\n";
    return;
  }
  print_line(person, out);
  if (options.password_on_input) return;
  say(out, message("accounts.one_time_password", {{"value", password}}));
}

int change(UserOptions const& options, std::string const& what, Accounts::Change const& wanted, std::ostream& out,
           std::ostream& err) {
  return with_accounts(place_of(options), err, [&](OpenAccounts const& open) -> Result<void> {
    auto const person = person_named(open.store, options.name);
    if (!person) return refused(person.error());
    auto of = what_changes(*person, wanted);
    of["person"] = person->id;
    if (auto recorded = record_at_machine(open.store, what, std::move(of)); !recorded) return recorded;
    auto const changed = open.accounts.change(person->id, wanted, std::nullopt);
    if (!changed) return refused(changed.error());
    print_person(*changed, options.json, out);
    return {};
  });
}

}  // namespace

int run_user_add(UserOptions const& options, std::istream& in, std::ostream& out, std::ostream& err) {
  return with_accounts(place_of(options, true), err, [&](OpenAccounts const& open) -> Result<void> {
    auto const added = open.accounts.add({.name = options.name,
                                          .full_name = options.full_name.empty() ? options.name : options.full_name,
                                          .unit = options.unit,
                                          .roles = options.roles,
                                          .duty_leader = options.duty_leader},
                                         read_password(options, in));
    if (!added) return refused(added.error());
    print_password(added->person, added->one_time_password, options, out);
    return record_at_machine(open.store, "person_added",
                             {{"person", added->person.id}, {"unit", options.unit}, {"given", options.roles}});
  });
}

int run_user_list(UserOptions const& options, std::ostream& out, std::ostream& err) {
  return with_accounts(place_of(options), err, [&](OpenAccounts const& open) -> Result<void> {
    auto list = Json::array();
    for (auto const& person : open.accounts.list()) {
      if (options.json) {
        list.push_back(described(person));
      } else {
        print_line(person, out);
      }
    }
    if (options.json) out << canonical(list) << "\n";
    return {};
  });
}

int run_user_passwd(UserOptions const& options, std::istream& in, std::ostream& out, std::ostream& err) {
  return with_accounts(place_of(options), err, [&](OpenAccounts const& open) -> Result<void> {
    auto const person = person_named(open.store, options.name);
    if (!person) return refused(person.error());
    if (auto recorded = record_at_machine(open.store, "password_reset", {{"person", person->id}}); !recorded)
      return recorded;
    auto const password = open.accounts.reset_password(person->id, read_password(options, in));
    if (!password) return refused(password.error());
    print_password(*open.accounts.find(person->id), *password, options, out);
    return {};
  });
}

int run_user_disable(UserOptions const& options, std::ostream& out, std::ostream& err) {
  return change(options, "person_disabled", {.active = false}, out, err);
}

int run_user_enable(UserOptions const& options, std::ostream& out, std::ostream& err) {
  return change(options, "person_enabled", {.active = true}, out, err);
}

int run_user_roles(UserOptions const& options, std::ostream& out, std::ostream& err) {
  return change(options, "roles_changed", {.roles = options.roles}, out, err);
}

}  // namespace bihuan
