// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <vector>

namespace bihuan {

struct CheckOptions {
  std::vector<std::filesystem::path> files;  // definitions
  std::filesystem::path workflows;  // whose calendars and organisation stand in where none lie beside the files
  bool json = false;
};

// `bihuan check`: every fault of each definition as FILE#/pointer: code: text, and the stories in scenarios/
// beside it. The other definitions beside a file are known to it. 0; 1 when there is a fault.
int run_check(CheckOptions const& options, std::ostream& out);

}  // namespace bihuan
