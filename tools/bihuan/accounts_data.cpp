// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/accounts_data.hpp"

#include <chrono>
#include <ostream>

#include "engine/core/message.hpp"
#include "tools/bihuan/data_directory.hpp"
#include "tools/bihuan/open_store.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

int refuse(std::ostream& err, Refusals const& refusals) {
  print_refusals(err, refusals);
  if (refusals.front().code == Code::store_in_use) say(err, message("accounts.use_api"));
  return said_no;
}

}  // namespace

Instant wall_clock_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

int with_accounts(AccountsPlace const& place, std::ostream& err,
                  std::function<Result<void>(OpenAccounts const&)> const& work) {
  if (!place.may_create && place.store.empty() && !holds_data(place.data, err)) return said_no;
  return say_faults(err, [&] {
    auto library = Library::load(place.workflows);
    if (!library) return refuse(err, library.error());
    auto const store = open_store(place.data, place.store);
    if (!store) return refuse(err, store.error());
    if (auto const fit = library->reconcile_units(**store); !fit) return refuse(err, fit.error());
    Accounts accounts(**store, *library, wall_clock_now);
    Units units(**store, *library, wall_clock_now);
    auto const worked = work({.store = **store, .library = *library, .accounts = accounts, .units = units});
    return worked ? done : refuse(err, worked.error());
  });
}

Result<void> record_at_machine(Store& store, std::string const& what, Json of) {
  AuditEvent event;
  event.at = wall_clock_now();
  event.kind = AuditKind::administration_changed;
  event.detail = std::move(of);
  event.detail["what"] = what;
  event.detail["by"] = "command line";
  return store.audit().append({event});
}

Result<Person> person_named(Store& store, std::string const& name) {
  auto person = store.people().find_by_name(name);
  if (!person) return refused(refusal(Code::unknown_person, {}, {{"name", name}}));
  return std::move(*person);
}

}  // namespace bihuan
