// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tools/bihuan/serve.hpp"

namespace bihuan {

// One thing that whoever runs the service may choose: where it stands in the configuration file, and the flag of
// `serve` that overrules it.
struct Setting {
  using Member = std::variant<std::string ServeOptions::*, std::filesystem::path ServeOptions::*, int ServeOptions::*,
                              bool ServeOptions::*, std::vector<std::string> ServeOptions::*,
                              std::vector<Membership> ServeOptions::*>;

  std::string_view section;
  std::string_view key;
  std::string_view flag;  // empty: none, for what is too long for a line or must not stand in a list of processes
  std::string_view what;
  Member member;
  int lowest = 0;  // of a number, with `highest`
  int highest = 0;
  std::vector<std::string_view> choices{};  // of a text; any when empty
  bool secret = false;                      // never shown redacted

  // "server.port"
  [[nodiscard]] std::string name() const;
  // "BIHUAN_SERVER__PORT"
  [[nodiscard]] std::string variable() const;
};

// All of them, in the order in which they are shown.
[[nodiscard]] std::vector<Setting> const& settings();

}  // namespace bihuan
