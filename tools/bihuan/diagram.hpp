// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>

namespace bihuan {

struct DiagramVerbOptions {
  std::string file;
  std::string format = "svg";   // svg, mermaid, dot
  std::string language = "zh";  // zh, en
  std::string current;          // a state to mark, of the SVG
};

// `bihuan diagram`: a definition as a picture. 0; 1 when the definition has faults; 2 when an option has no
// meaning.
int run_diagram(DiagramVerbOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
