// SPDX-License-Identifier: Apache-2.0
#include "api/routes/temporary_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "engine/store/store_fault.hpp"

namespace bihuan::routes {
namespace {

[[noreturn]] void fail(char const* what) {
  throw StoreFault(std::string(what) + ": " + std::strerror(errno));
}

}  // namespace

TemporaryFile::TemporaryFile()
    : path_((std::filesystem::temp_directory_path() / "bihuan-XXXXXX").string()), descriptor_(mkstemp(path_.data())) {
  if (descriptor_ < 0) fail("temporary file");
}

TemporaryFile::~TemporaryFile() {
  close(descriptor_);
  unlink(path_.c_str());
}

std::uint64_t TemporaryFile::size() const {
  struct stat status {};
  if (fstat(descriptor_, &status) != 0) fail("size of a temporary file");
  return static_cast<std::uint64_t>(status.st_size);
}

std::size_t TemporaryFile::read(std::span<char> into) {
  while (true) {
    auto const size = ::read(descriptor_, into.data(), into.size());
    if (size >= 0) return static_cast<std::size_t>(size);
    if (errno != EINTR) fail("reading a temporary file");
  }
}

}  // namespace bihuan::routes
