// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace bihuan {

// What the program's command line offers, as its own help knows it.
struct FlagHelp {
  std::string name;  // "--port"
  std::string what;
  bool takes_value = false;
};
struct VerbHelp {
  std::string name;
  std::string what;
  std::vector<std::string> arguments{};
  std::vector<FlagHelp> flags{};
  std::vector<VerbHelp> verbs{};
};

// A completion script for "bash", "zsh" or "fish".
[[nodiscard]] std::string completion_for(std::string const& shell, VerbHelp const& program);

// The manual page bihuan(1), for man.
[[nodiscard]] std::string manual_of(VerbHelp const& program);

}  // namespace bihuan
