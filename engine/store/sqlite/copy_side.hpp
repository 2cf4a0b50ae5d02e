// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "engine/core/result.hpp"
#include "engine/store/copy/side.hpp"

namespace bihuan {

// The databases of a data directory as one end of a copy, brought up to date; made when it is the end that is copied
// to. Refused as open_sqlite_store refuses, the source of an unfinished copy too. Throws StoreFault.
[[nodiscard]] Result<CopySide> sqlite_copy_side(std::filesystem::path const& directory, CopyEnd end);

}  // namespace bihuan
