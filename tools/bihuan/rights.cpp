// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/rights.hpp"

#include <ostream>

#include "engine/core/message.hpp"
#include "engine/core/rights.hpp"
#include "engine/service/library.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

Refusals check_options(RightsVerbOptions const& options) {
  Refusals faults;
  if (options.format != "text" && options.format != "html")
    faults.push_back(refusal(Code::not_a_choice, "--format", {{"value", options.format}, {"choices", "text, html"}}));
  if (options.language != "zh" && options.language != "en")
    faults.push_back(refusal(Code::not_a_choice, "--language", {{"value", options.language}, {"choices", "zh, en"}}));
  return faults;
}

}  // namespace

int run_rights(RightsVerbOptions const& options, std::ostream& out, std::ostream& err) {
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
  out << (options.format == "html" ? rights_html(*definition, language) : rights_text(*definition, language));
  return done;
}

}  // namespace bihuan
