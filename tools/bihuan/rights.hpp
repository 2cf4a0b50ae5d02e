// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>

namespace bihuan {

struct RightsVerbOptions {
  std::string file;
  std::string format = "text";  // text, html
  std::string language = "zh";  // zh, en
};

// `bihuan rights`: who may do what in each state of a definition. 0; 1 when the definition has faults; 2 when
// an option has no meaning.
int run_rights(RightsVerbOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
