// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "engine/core/time.hpp"

namespace bihuan {

struct MigrateOptions {
  std::string workflow{};
  std::string to{};
  std::filesystem::path map{};  // empty: the definition's own
  std::string reason{};
  std::filesystem::path data = "data";
  std::string store{};  // postgresql://…; empty: the data directory's own
  std::filesystem::path workflows{};
  bool dry_run = false;
  bool leave_unfit = false;
  bool yes = false;
  bool json = false;
};

// `bihuan migrate`: moves the open cases of older versions to this one, while no server has the data directory open;
// nodes may have a PostgreSQL open, and learn of the version. Says first what would move and what would not fit; then
// asks on `in`, unless told yes. May be repeated after it was cut off.
int run_migrate(MigrateOptions const& options, Instant now, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace bihuan
