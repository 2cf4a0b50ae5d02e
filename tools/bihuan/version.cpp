// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/version.hpp"

#include <sqlite3.h>

#include <ostream>
#include <string>

#include "build_commit.hpp"
#include "engine/core/json.hpp"

namespace bihuan {
namespace {

#if defined(__clang__)
constexpr auto compiler = "clang " __clang_version__;
#else
constexpr auto compiler = "g++ " __VERSION__;
#endif

}  // namespace

std::string build_labels() {
  return "version=\"" BIHUAN_VERSION "\",commit=\"" BIHUAN_COMMIT "\"";
}

int run_version(bool json, std::ostream& out) {
  std::string const commit = BIHUAN_COMMIT;
  if (json) {
    Json answer{{"version", BIHUAN_VERSION}, {"sqlite", sqlite3_libversion()}, {"compiler", compiler}};
    answer["commit"] = commit.empty() ? Json() : Json(commit);
    out << canonical(answer) << "\n";
  } else {
    out << "bihuan " << BIHUAN_VERSION << (commit.empty() ? "" : " (" + commit + ")") << "\nSQLite "
        << sqlite3_libversion() << "\n"
        << compiler << "\n";
  }
  return 0;
}

}  // namespace bihuan
