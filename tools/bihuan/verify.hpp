// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace bihuan {

struct VerifyOptions {
  std::filesystem::path data{};     // a data directory,
  std::string store{};              // a PostgreSQL (postgresql://…),
  std::filesystem::path package{};  // or a case package
  bool json = false;
  bool documents = false;           // their bytes are read, and not only counted
  std::filesystem::path against{};  // a file with a head of the log that was kept elsewhere, as the API gives it
};

// `bihuan verify`: of a data directory or a PostgreSQL, that histories are unbroken, replay equals the stored rows,
// numbers have no gaps, the audit of reading is unbroken, every event is what was sealed, the bytes of every document
// are there, and the files' own structure is whole; of a case package, what package_verify.hpp says. 0; 1 when
// something is wrong (the first wrong event of each case, every sealed event and seal that is not as it was, and the
// first wrong row of the audit are named) or cannot be read.
int run_verify(VerifyOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
