// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>

namespace bihuan {

// `bihuan guard`: JSON Lines in, each {"rule", "data"}; for each a line {"result"} or {"error"} out, flushed,
// so that another program can talk to it. A bad line is answered and never stops it.
int run_guard(std::istream& in, std::ostream& out);

}  // namespace bihuan
