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

void print_faults(std::ostream& stream, std::filesystem::path const& file, Refusals const& faults) {
  for (auto const& fault : faults) stream << file.string() << "#" << fault.pointer << ": " << in_words(fault) << "\n";
}

void say(std::ostream& stream, Text const& text) {
  stream << text.zh << " " << text.en << std::endl;
}

}  // namespace bihuan
