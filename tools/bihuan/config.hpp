// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <vector>

#include "engine/core/text.hpp"
#include "tools/bihuan/serve.hpp"

namespace bihuan {

// What would keep the service from starting with these, beyond the form of each: certificates, proxies, directories.
[[nodiscard]] std::vector<Text> faults_of(ServeOptions const& options);

// `bihuan config check`: every fault that reading alone does not show; good is what was `read` without one as well.
int run_config_check(ServeOptions const& options, bool read, std::ostream& out, std::ostream& err);

}  // namespace bihuan
