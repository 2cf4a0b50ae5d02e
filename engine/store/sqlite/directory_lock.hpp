// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <utility>

#include "engine/core/result.hpp"

namespace bihuan::sqlite {

// The data directory, held by this process alone for as long as this lives. The system lets go of it when the
// process dies, however it dies.
class DirectoryLock {
 public:
  // Creates the directory. Refused with store_in_use or store_read_only.
  [[nodiscard]] static Result<DirectoryLock> take(std::filesystem::path const& directory);
  ~DirectoryLock();
  DirectoryLock(DirectoryLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&&) = delete;

 private:
  explicit DirectoryLock(int file) : file_(file) {}
  int file_;
};

}  // namespace bihuan::sqlite
