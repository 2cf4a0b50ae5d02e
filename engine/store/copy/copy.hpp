// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/store/copy/side.hpp"

namespace bihuan {

struct CopiedRows {
  std::string table;
  std::int64_t rows = 0;
};

// How far it is; told after each batch, which is durable then, or as good as.
struct CopyProgress {
  enum class Step { copying, comparing };
  Step step = Step::copying;
  std::string_view table;
  std::int64_t done = 0;
  std::int64_t all = 0;
};

struct CopyStoreOptions {
  std::int64_t at_once = 0;  // rows of a batch; 0: as fits each table
  std::function<void(CopyProgress const&)> progress = [](CopyProgress const&) {};
};

// Copies every row of one store into an empty one, or goes on with a copy that was begun from the same and broke off,
// then compares the two row by row. What is copied is of one moment. Until the end, and when a row differs, nobody can
// open the target as a store. In bounded memory. Refused when the target holds something else. Throws StoreFault.
[[nodiscard]] Result<std::vector<CopiedRows>> copy_store(CopySide const& from, CopySide const& to,
                                                         CopyStoreOptions const& options = {});

}  // namespace bihuan
