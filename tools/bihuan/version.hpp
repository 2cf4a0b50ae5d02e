// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>

namespace bihuan {

// `bihuan version`: this program and what it was built with.
int run_version(bool json, std::ostream& out);

}  // namespace bihuan
