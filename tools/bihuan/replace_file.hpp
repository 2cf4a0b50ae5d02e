// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace bihuan {

// Waits until a file, or the names in a directory, are on the disk. Throws std::system_error.
void reach_disk(std::filesystem::path const& path);

// Whoever reads `path` meanwhile sees the old text or the new one, never part of it; so does who comes after a
// power failure. Throws std::system_error.
void replace_file(std::filesystem::path const& path, std::string const& text);

}  // namespace bihuan
