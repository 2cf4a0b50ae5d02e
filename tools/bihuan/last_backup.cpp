// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/last_backup.hpp"

#include "tools/bihuan/backup_manifest.hpp"

namespace bihuan {

std::optional<Instant> last_backup(std::filesystem::path const& directory) {
  std::optional<Instant> newest;
  std::error_code missing;
  for (auto const& entry : std::filesystem::directory_iterator(directory, missing)) {
    auto const manifest = read_manifest(entry.path());
    if (manifest && (!newest || manifest->made > *newest)) newest = manifest->made;
  }
  return newest;
}

}  // namespace bihuan
