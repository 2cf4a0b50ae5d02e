// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/store/tree_head.hpp"

namespace bihuan {

struct PackageVerified {
  std::string number;  // of the case, as the package says
  std::string case_id;
  bool complete = false;
  std::int64_t events = 0;
  std::int64_t documents = 0;
  TreeHead head{};  // that everything was held against; whose key it is, only the reader can judge
  std::vector<std::string> faults{};
};

// Checks a case package (case_package.hpp) by nothing but itself: its signature and each file's hash, the head of the
// log and its signature, each event's hash and the proof that it is under that head, the bytes of each document; of a
// complete one also the chain of its history and that it leads to the case. Whoever has the key can make another
// package that is right in itself: of heads kept elsewhere (`kept`) its key and its log must be.
[[nodiscard]] PackageVerified verify_package(std::filesystem::path const& file, std::vector<TreeHead> const& kept = {});

}  // namespace bihuan
