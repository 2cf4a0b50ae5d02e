// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/diagram.hpp"

#include <ostream>

#include "engine/core/diagram.hpp"
#include "engine/core/message.hpp"
#include "tools/bihuan/choice.hpp"
#include "tools/bihuan/definition_file.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
int run_diagram(DiagramVerbOptions const& options, std::ostream& out, std::ostream& err) {
  Refusals faults;
  check_choice("--format", options.format, {"svg", "mermaid", "dot"}, faults);
  check_language(options.language, faults);
  if (!faults.empty()) {
    print_refusals(err, faults);
    return wrong_use;
  }
  auto const definition = read_definition_file(options.file, err);
  if (!definition) return said_no;
  auto const language = language_of(options.language);
  if (!options.current.empty() && !definition->find_state(options.current)) {
    print_refusals(err, {refusal(Code::unknown_reference, "--current",
                                 {{"name", options.current}, {"kind", message("kind.state")}})});
    return wrong_use;
  }
  if (options.format == "mermaid")
    out << diagram_mermaid(*definition, language);
  else if (options.format == "dot")
    out << diagram_dot(*definition, language);
  else
    out << diagram_svg(*definition, {.language = language, .current = options.current, .visited = {}});
  return done;
}

}  // namespace bihuan
