// SPDX-License-Identifier: Apache-2.0
#include "engine/format/temporary_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "engine/store/store_fault.hpp"

namespace bihuan {
namespace {

[[noreturn]] void fail(char const* what) {
  throw StoreFault(std::string(what) + ": " + std::strerror(errno));
}

}  // namespace

TemporaryFile::TemporaryFile() : path_((std::filesystem::temp_directory_path() / "bihuan-XXXXXX").string()) {
  auto const made = mkstemp(path_.data());
  if (made < 0) fail("temporary file");
  close(made);
}

TemporaryFile::~TemporaryFile() {
  if (descriptor_ >= 0) close(descriptor_);
  unlink(path_.c_str());
}

std::uint64_t TemporaryFile::size() const {
  struct stat status {};
  if (stat(path_.c_str(), &status) != 0) fail("size of a temporary file");
  return static_cast<std::uint64_t>(status.st_size);
}

std::size_t TemporaryFile::read(std::span<char> into) {
  if (descriptor_ < 0) descriptor_ = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) fail("opening a temporary file");
  while (true) {
    auto const size = ::read(descriptor_, into.data(), into.size());
    if (size >= 0) return static_cast<std::size_t>(size);
    if (errno != EINTR) fail("reading a temporary file");
  }
}

}  // namespace bihuan
