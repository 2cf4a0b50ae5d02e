// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace bihuan {

// A file that nobody else may read and that is gone when this is, for what is too large to be made in memory. Each
// method throws StoreFault when the disk fails. For one thread at a time.
class TemporaryFile {
 public:
  TemporaryFile();
  ~TemporaryFile();
  TemporaryFile(TemporaryFile const&) = delete;
  TemporaryFile& operator=(TemporaryFile const&) = delete;

  // For who writes it, or puts another file in its place, before it is read.
  [[nodiscard]] std::string const& path() const { return path_; }
  [[nodiscard]] std::uint64_t size() const;
  // Bytes from where the last read ended, from the start at first; 0 at the end.
  [[nodiscard]] std::size_t read(std::span<char> into);

 private:
  std::string path_;
  int descriptor_ = -1;
};

}  // namespace bihuan
