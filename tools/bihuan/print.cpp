// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/print.hpp"

#include <ostream>

namespace bihuan {

std::string in_words(Refusal const& refusal) {
  return std::string(code_name(refusal.code)) + ": " + refusal.text.zh + " " + refusal.text.en;
}

void print_refusals(std::ostream& stream, Refusals const& refusals) {
  for (auto const& refusal : refusals)
    stream << refusal.pointer << (refusal.pointer.empty() ? "" : ": ") << in_words(refusal) << "\n";
}

}  // namespace bihuan
