// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>

namespace bihuan {

// version="…",commit="…": which build this is, as the labels of a metric.
[[nodiscard]] std::string build_labels();

// `bihuan version`: this program and what it was built with.
int run_version(bool json, std::ostream& out);

}  // namespace bihuan
