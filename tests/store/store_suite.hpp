// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/store/store.hpp"

namespace bihuan::test {

// A kind of store that must keep the contract of store.hpp. Another kind joins the suite by one more entry.
struct StoreKind {
  std::string name;
  // Opens the store in `directory`, creating it where there is none.
  std::function<std::unique_ptr<Store>(std::filesystem::path const& directory)> open;
};

[[nodiscard]] std::vector<StoreKind> const& store_kinds();

}  // namespace bihuan::test
