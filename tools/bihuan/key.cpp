// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/key.hpp"

#include <algorithm>
#include <iterator>
#include <ostream>

#include "engine/core/message.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tools/bihuan/accounts_data.hpp"
#include "tools/bihuan/data_directory.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

using Key = SqliteOptions::Key;

std::vector<std::string> with_second_factor(Store& store) {
  std::vector<std::string> names;
  for (auto const& person : store.people().list_people()) {
    if (person.second_factor) names.push_back(person.name);
  }
  return names;
}

std::vector<std::string> missing_from(std::vector<std::string> const& after, std::vector<std::string> const& before) {
  std::vector<std::string> gone;
  std::ranges::set_difference(before, after, std::back_inserter(gone));
  return gone;
}

int renew(KeyOptions const& options, std::ostream& out, std::ostream& err) {
  std::vector<std::string> before;
  {
    auto const store = open_sqlite_store(options.data, {.key = Key::spared});
    if (!store) {
      print_refusals(err, store.error());
      return said_no;
    }
    before = with_second_factor(**store);
  }
  auto const store = open_sqlite_store(options.data, {.key = Key::renewed});
  if (!store) {
    print_refusals(err, store.error());
    return said_no;
  }
  auto after = with_second_factor(**store);
  std::ranges::sort(before);
  std::ranges::sort(after);
  auto const forgotten = missing_from(after, before);
  if (auto const recorded = record_at_machine(**store, "key_renewed", {{"forgotten", forgotten}}); !recorded) {
    print_refusals(err, recorded.error());
    return said_no;
  }
  say(out, message("key.renewed", {{"path", (options.data / data_key_file).string()}}));
  for (auto const& name : forgotten) say(out, message("key.forgotten", {{"name", name}}));
  return done;
}

}  // namespace

int run_key_renew(KeyOptions const& options, std::ostream& out, std::ostream& err) {
  if (!holds_data(options.data, err)) return said_no;
  return say_faults(err, [&] { return renew(options, out, err); });
}

}  // namespace bihuan
