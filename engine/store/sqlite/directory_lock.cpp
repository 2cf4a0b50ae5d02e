// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sqlite/directory_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <system_error>

#include "engine/core/message.hpp"

namespace bihuan::sqlite {

Result<DirectoryLock> DirectoryLock::take(std::filesystem::path const& directory) {
  auto const shown = directory.string();
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) {
    return refused(refusal(Code::store_read_only, {}, {{"path", shown}}));
  }
  int const file = open((directory / "bihuan.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return refused(refusal(Code::store_read_only, {}, {{"path", shown}}));
  }
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    close(file);
    return refused(refusal(Code::store_in_use, {}, {{"path", shown}}));
  }
  return DirectoryLock(file);
}

DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) {
    close(file_);
  }
}

}  // namespace bihuan::sqlite
