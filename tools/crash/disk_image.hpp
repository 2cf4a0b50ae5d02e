// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace bihuan::crash {

// One file as a disk with a cache has it: what is surely there, and what was written since the last sync.
class DiskImage {
 public:
  DiskImage() = default;  // a new file, of which nothing is there yet
  explicit DiskImage(std::string bytes) : durable_(std::move(bytes)), size_(durable_->size()) {}

  void write(std::size_t offset, std::string_view bytes);
  void truncate(std::size_t size);
  void sync();
  // Of what was written each part is there or is lost, and no later sync brings it.
  void fail_sync(std::mt19937_64& random);

  // Never synced.
  [[nodiscard]] bool is_new() const { return !durable_; }
  // What readers see, as long as the power is on.
  [[nodiscard]] std::size_t size() const { return size_; }

  struct Left {
    std::optional<std::string> bytes;  // nothing when the file is not there
    std::size_t torn = 0;
    std::size_t dropped = 0;
  };
  // What is left without power.
  [[nodiscard]] Left left(std::mt19937_64& random) const;

 private:
  struct Step {
    std::size_t offset;
    std::optional<std::string> bytes;  // nothing: the file is cut off at `offset`
  };
  static void take(std::string& file, Step const& step);
  static void tear(std::string& file, Step const& step, std::mt19937_64& random);

  std::optional<std::string> durable_;
  std::size_t size_ = 0;
  std::vector<Step> unsynced_;
};

}  // namespace bihuan::crash
