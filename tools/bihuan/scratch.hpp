// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "engine/store/store.hpp"

namespace bihuan {

// A directory of its own that goes when this goes, at the system's place for such, or below another that is there.
// Throws std::filesystem::filesystem_error when there is no room.
class ScratchDirectory {
 public:
  explicit ScratchDirectory(std::filesystem::path const& below = {});
  ~ScratchDirectory();
  ScratchDirectory(ScratchDirectory const&) = delete;
  ScratchDirectory& operator=(ScratchDirectory const&) = delete;
  [[nodiscard]] std::filesystem::path const& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// An empty store for one story, gone with it.
[[nodiscard]] std::unique_ptr<Store> make_scratch_store();

}  // namespace bihuan
