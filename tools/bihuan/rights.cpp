// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/rights.hpp"

#include <ostream>

#include "engine/core/message.hpp"
#include "engine/core/rights.hpp"
#include "tools/bihuan/choice.hpp"
#include "tools/bihuan/definition_file.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
int run_rights(RightsVerbOptions const& options, std::ostream& out, std::ostream& err) {
  Refusals faults;
  check_choice("--format", options.format, {"text", "html"}, faults);
  check_language(options.language, faults);
  if (!faults.empty()) {
    print_refusals(err, faults);
    return wrong_use;
  }
  auto const definition = read_definition_file(options.file, err);
  if (!definition) return said_no;
  auto const language = language_of(options.language);
  out << (options.format == "html" ? rights_html(*definition, language) : rights_text(*definition, language));
  return done;
}

}  // namespace bihuan
