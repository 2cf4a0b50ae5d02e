// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/diagram.hpp"

#include <ostream>

#include "engine/core/diagram.hpp"
#include "engine/core/message.hpp"
#include "engine/service/library.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

Refusals check_options(DiagramVerbOptions const& options) {
  Refusals faults;
  if (options.format != "svg" && options.format != "mermaid" && options.format != "dot")
    faults.push_back(
        refusal(Code::not_a_choice, "--format", {{"value", options.format}, {"choices", "svg, mermaid, dot"}}));
  if (options.language != "zh" && options.language != "en")
    faults.push_back(refusal(Code::not_a_choice, "--language", {{"value", options.language}, {"choices", "zh, en"}}));
  return faults;
}

}  // namespace

int run_diagram(DiagramVerbOptions const& options, std::ostream& out, std::ostream& err) {
  if (auto const faults = check_options(options); !faults.empty()) {
    print_refusals(err, faults);
    return wrong_use;
  }
  auto const document = read_json_file(options.file);
  auto const definition = document ? read_definition(*document) : refused(document.error());
  if (!definition) {
    for (auto const& fault : definition.error())
      err << options.file << "#" << fault.pointer << ": " << in_words(fault) << "\n";
    return said_no;
  }
  auto const language = options.language == "zh" ? Language::zh : Language::en;
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
