// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>

#include "engine/service/accounts.hpp"
#include "engine/service/library.hpp"
#include "engine/service/units.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

// Where the verbs that keep people and units work: a data directory that no server has open, or a PostgreSQL, which
// servers may have open.
struct AccountsPlace {
  std::filesystem::path data;
  std::string store{};  // as open_store.hpp has it
  std::filesystem::path workflows;
  bool may_create = false;
};

struct OpenAccounts {
  Store& store;
  Library const& library;
  Accounts& accounts;
  Units& units;
};

// Opens it, does `work`, closes it; the exit status. Says on `err` why not, and where a server has it open,
// that the API does the same meanwhile.
int with_accounts(AccountsPlace const& place, std::ostream& err,
                  std::function<Result<void>(OpenAccounts const&)> const& work);

// The audit says that it was done at the machine itself, where nobody signs in.
[[nodiscard]] Result<void> record_at_machine(Store& store, std::string const& what, Json of);

[[nodiscard]] Result<Person> person_named(Store& store, std::string const& name);

[[nodiscard]] Instant wall_clock_now();

}  // namespace bihuan
