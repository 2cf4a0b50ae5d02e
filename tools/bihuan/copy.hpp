// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

namespace bihuan {

struct CopyOptions {
  std::string from;  // sqlite:DIRECTORY or postgresql://…
  std::string to;
  bool json = false;
  std::int64_t at_once = 0;  // rows of a batch; 0: as fits each table
};

// `bihuan copy`: every row of one store into another, empty one, or on from where that broke off; compared row by row
// and verified at the end. `err` hears how far it is, once a second. 0; 1 when it is refused, when a row differs, or
// when the copy does not verify.
int run_copy(CopyOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
