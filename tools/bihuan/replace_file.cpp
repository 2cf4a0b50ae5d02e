// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/replace_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace bihuan {

void reach_disk(std::filesystem::path const& path) {
  int const file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  bool const failed = file < 0 || fsync(file) != 0;
  int const reason = errno;
  if (file >= 0) close(file);
  if (failed) throw std::system_error(reason, std::generic_category(), path.string());
}

void replace_file(std::filesystem::path const& path, std::string const& text) {
  auto const beside = std::filesystem::path(path.string() + ".new");
  {
    std::ofstream file(beside, std::ios::binary);
    file << text << std::flush;
    if (!file) throw std::system_error(errno, std::generic_category(), beside.string());
  }
  reach_disk(beside);
  std::filesystem::rename(beside, path);
  reach_disk(path.parent_path());
}

}  // namespace bihuan
