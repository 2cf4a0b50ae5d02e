// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/config.hpp"

#include <ostream>

#include "api/http/outgoing.hpp"
#include "engine/core/message.hpp"
#include "engine/store/postgres/postgres_store.hpp"
#include "tools/bihuan/listen.hpp"
#include "tools/bihuan/open_store.hpp"
#include "tools/bihuan/place.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

namespace fs = std::filesystem;

void expect_directory(fs::path const& directory, std::vector<Text>& faults) {
  std::error_code ignored;
  if (!fs::is_directory(directory, ignored))
    faults.push_back(message("config.no_directory", {{"path", directory.string()}}));
}

}  // namespace

std::vector<Text> faults_of(ServeOptions const& options) {
  std::vector<Text> faults;
  if (auto listen = listening(options); !listen) faults = std::move(listen.error());
  expect_directory(options.workflows, faults);
  if (!options.backups.empty()) expect_directory(options.backups, faults);
  // The data directory itself is made; what it stands in is not.
  auto const data = fs::absolute(options.data);
  std::error_code ignored;
  if (!fs::is_directory(data, ignored)) expect_directory(data.parent_path(), faults);
  if (!options.replica.empty() && options.store.empty())
    faults.push_back(message("config.needed", {{"other", "data.replica"}, {"name", "data.store"}}));
  if (options.metrics_port != 0 && options.metrics_port == options.port && options.metrics_address == options.address)
    faults.push_back(message("config.same_port", {{"port", std::to_string(options.port)}}));
  if (!options.store.empty() && !names_postgres(options.store))
    faults.push_back(message(
        "config.bad_value",
        {{"name", "data.store"}, {"value", without_password(options.store)}, {"expected", message("expected.store")}}));
  if (auto const targets = http::Targets::parse(options.webhook_targets); !targets) {
    for (auto const& fault : targets.error()) faults.push_back(fault.text);
  }
  for (auto& fault : faults_of_place(options)) faults.push_back(std::move(fault));
  return faults;
}

int run_config_check(ServeOptions const& options, bool read, std::ostream& out, std::ostream& err) {
  auto const faults = faults_of(options);
  for (auto const& fault : faults) say(err, fault);
  if (!faults.empty() || !read) return said_no;
  say(out, message("config.good"));
  return done;
}

}  // namespace bihuan
