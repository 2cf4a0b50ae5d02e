// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>

namespace bihuan {

struct VerifyOptions {
  std::filesystem::path data;
  bool json = false;
  bool documents = false;  // their bytes are read, and not only counted
};

// `bihuan verify`: histories unbroken, replay equal to the stored rows, numbers without gaps, the audit of reading
// unbroken, the bytes of every document there, and the database's own structure whole. 0; 1 when something is wrong
// (the first wrong event of each case and the first wrong row of the audit are named) or the data cannot be read.
int run_verify(VerifyOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
