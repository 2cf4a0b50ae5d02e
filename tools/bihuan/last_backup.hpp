// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

#include "engine/core/time.hpp"

namespace bihuan {

// When the newest whole backup below this directory was made; nothing when there is none that can be read.
[[nodiscard]] std::optional<Instant> last_backup(std::filesystem::path const& directory);

}  // namespace bihuan
