// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <vector>

#include "engine/core/definition.hpp"

namespace bihuan {

// Nothing when it cannot be read or is not sound; `err` hears each fault with its pointer.
[[nodiscard]] std::optional<Definition> read_definition_file(std::filesystem::path const& file, std::ostream& err);

// The *.json right below a directory, by name; none when there is no such directory.
[[nodiscard]] std::vector<std::filesystem::path> json_files(std::filesystem::path const& directory);

}  // namespace bihuan
