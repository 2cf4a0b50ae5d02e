// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/time.hpp"
#include "engine/store/byte_source.hpp"

namespace bihuan {

// A ZIP archive that is written once, in constant memory but for what was added as text. For one thread at a time;
// every method throws StoreFault when the disk fails.
class ZipWriter {
 public:
  // Takes the place of what is at `path` when it is finished. Every entry carries the time `made`.
  ZipWriter(std::filesystem::path const& path, Instant made);
  ~ZipWriter();
  ZipWriter(ZipWriter const&) = delete;
  ZipWriter& operator=(ZipWriter const&) = delete;

  // Compressed.
  void add(std::string const& name, std::string bytes);
  // As it is, since photos and scanned files are compressed already. Read while the archive is finished; what `source`
  // throws, finish() throws.
  void add(std::string const& name, std::int64_t size, ByteSource source);
  // Nothing is kept of an archive that was not finished.
  void finish();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// An archive from anywhere: nothing in it is believed. For one thread at a time.
class ZipReader {
 public:
  // Nothing when it is no ZIP archive, or one whose names are not all different.
  [[nodiscard]] static std::optional<ZipReader> open(std::filesystem::path const& path);
  ~ZipReader();
  ZipReader(ZipReader&& other) noexcept;
  ZipReader& operator=(ZipReader&& other) noexcept;

  [[nodiscard]] std::vector<std::string> const& names() const { return names_; }
  // Nothing when there is no such entry, when it is longer than this, or damaged.
  [[nodiscard]] std::optional<std::string> read(std::string_view name, std::size_t limit) const;
  // What an entry is, read in constant memory; nothing when it is not there or damaged.
  struct Described {
    std::int64_t size = 0;
    std::string sha256;
  };
  [[nodiscard]] std::optional<Described> describe(std::string_view name) const;

 private:
  struct Handle;
  explicit ZipReader(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
  std::vector<std::string> names_;
};

}  // namespace bihuan
