// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/core/case.hpp"
#include "engine/service/library.hpp"

namespace bihuan::test {

// What an action is given.
struct Recipe {
  std::string action;
  Json input = Json::object();
  std::map<std::string, std::size_t> documents{};  // how many of each kind
  std::string comment = "理由";
};

// A case as a story shows it, and what is done to it next, if anything.
struct Situation {
  Case subject;
  Instant now;
  Recipe next;  // without an action where the story only looks
};

// Plays every scenario of workflows/scenarios; what differs in nothing that rights or readiness could go by is
// kept once. By workflow.
[[nodiscard]] std::map<std::string, std::vector<Situation>> situations_of_all_stories(Library const& library);

}  // namespace bihuan::test
