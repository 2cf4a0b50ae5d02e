// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>

namespace bihuan {

struct UnitListOptions {
  std::filesystem::path workflows;
  bool json = false;
};

// `bihuan unit list`: the district's units as a tree. 1 when the organisation has faults, which are named.
int run_unit_list(UnitListOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
