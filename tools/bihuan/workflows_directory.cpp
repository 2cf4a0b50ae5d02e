// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/workflows_directory.hpp"

#include <cstdlib>

namespace bihuan {
namespace {

namespace fs = std::filesystem;

bool is_workflows(fs::path const& directory) {
  std::error_code ignored;
  return fs::is_directory(directory / "calendars", ignored) && fs::is_directory(directory / "organisation", ignored);
}

}  // namespace

fs::path find_workflows_directory(fs::path const& given) {
  if (!given.empty()) return given;
  if (char const* const named = std::getenv("BIHUAN_WORKFLOWS"); named != nullptr && *named != '\0') return named;
  std::error_code failed;
  auto const program = fs::read_symlink("/proc/self/exe", failed);
  if (!failed) {
    if (auto const installed = program.parent_path() / "../share/bihuan/workflows"; is_workflows(installed))
      return installed.lexically_normal();
    // build/release/bihuan of a checkout, or a test some directories further down in it.
    for (auto above = program.parent_path(); above.has_relative_path(); above = above.parent_path()) {
      if (is_workflows(above / "workflows")) return above / "workflows";
    }
  }
  return "workflows";
}

}  // namespace bihuan
