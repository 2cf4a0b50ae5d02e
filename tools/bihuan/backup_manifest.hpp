// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/core/time.hpp"

namespace bihuan {

inline constexpr char manifest_file[] = "backup.json";

// What a backup says of itself.
struct BackupManifest {
  struct File {
    std::string name;  // never with a directory
    std::int64_t size = 0;
    std::string sha256;
  };
  Instant made{};
  std::string program;  // its version
  std::int64_t cases = 0;
  std::int64_t events = 0;
  std::int64_t last_change = 0;
  std::vector<File> files;

  [[nodiscard]] std::string to_text() const;
};

// Refused with not_found or with what is wrong in it, at its place.
[[nodiscard]] Result<BackupManifest> read_manifest(std::filesystem::path const& backup);

// Reads the whole file. Throws std::system_error.
[[nodiscard]] BackupManifest::File describe_file(std::filesystem::path const& file);

}  // namespace bihuan
