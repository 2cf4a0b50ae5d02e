// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/format/table.hpp"

namespace bihuan {

// Each form that open_table knows. Private to engine/format.
[[nodiscard]] Result<std::unique_ptr<Table>> open_csv(std::filesystem::path const& file, TableLimits const& limits);
[[nodiscard]] Result<std::unique_ptr<Table>> open_sheet(std::filesystem::path const& file, TableLimits const& limits);

[[nodiscard]] Refusal too_large(std::string pointer, TableLimits const& limits);

}  // namespace bihuan
