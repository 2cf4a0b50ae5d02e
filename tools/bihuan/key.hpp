// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>

namespace bihuan {

struct KeyOptions {
  std::filesystem::path data = "data";
};

// `bihuan key renew`: a new key file for a data directory that no server has open. Secrets that the present key opens
// are encrypted anew; second factors whose key is lost are forgotten, and their people named, since they sign in
// without one until they enrol again. 0, or 1 with the reason on `err`.
int run_key_renew(KeyOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
