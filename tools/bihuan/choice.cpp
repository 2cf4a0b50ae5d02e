// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/choice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/core/contains.hpp"
#include "engine/core/message.hpp"

namespace bihuan {

void check_choice(std::string const& option, std::string const& value, std::vector<std::string> const& choices,
                  Refusals& faults) {
  if (contains(choices, value)) return;
  faults.push_back(refusal(Code::not_a_choice, option,
                           {{"value", value}, {"choices", fmt::format("{}", fmt::join(choices, ", "))}}));
}

void check_language(std::string const& value, Refusals& faults) {
  check_choice("--language", value, {"zh", "en"}, faults);
}

Language language_of(std::string_view option) {
  return option == "en" ? Language::en : Language::zh;
}

}  // namespace bihuan
