// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/disk_image.hpp"

#include <algorithm>
#include <utility>

namespace bihuan::crash {
namespace {

constexpr std::size_t sector = 512;  // what a disk writes whole or not at all

std::size_t pick(std::size_t count, std::mt19937_64& random) {
  return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
}

}  // namespace

void DiskImage::write(std::size_t offset, std::string_view bytes) {
  unsynced_.push_back({.offset = offset, .bytes = std::string(bytes)});
  size_ = std::max(size_, offset + bytes.size());
}

void DiskImage::truncate(std::size_t size) {
  unsynced_.push_back({.offset = size, .bytes = std::nullopt});
  size_ = size;
}

void DiskImage::sync() {
  if (!durable_) durable_.emplace();
  for (auto const& step : unsynced_) take(*durable_, step);
  unsynced_.clear();
}

void DiskImage::fail_sync(std::mt19937_64& random) {
  if (!durable_) durable_.emplace();
  for (auto const& step : unsynced_)
    if (pick(2, random) == 0) take(*durable_, step);
  unsynced_.clear();
}

void DiskImage::take(std::string& file, Step const& step) {
  if (!step.bytes) {
    file.resize(step.offset);
    return;
  }
  if (file.size() < step.offset + step.bytes->size()) file.resize(step.offset + step.bytes->size());
  file.replace(step.offset, step.bytes->size(), *step.bytes);
}

// Some sectors of it are there, others are as before or hold anything. Bytes that it does not cover stay as they are,
// which SQLite asks of a disk.
void DiskImage::tear(std::string& file, Step const& step, std::mt19937_64& random) {
  auto const& bytes = *step.bytes;
  auto const end = step.offset + bytes.size();
  for (auto from = step.offset; from < end;) {
    auto const to = std::min(end, (from / sector + 1) * sector);
    auto const fate = pick(8, random);
    if (fate < 4) {
      take(file, {.offset = from, .bytes = bytes.substr(from - step.offset, to - from)});
    } else if (fate == 4) {
      std::string anything(to - from, '\0');
      std::generate(anything.begin(), anything.end(), [&] { return static_cast<char>(random()); });
      take(file, {.offset = from, .bytes = std::move(anything)});
    }
    from = to;
  }
}

DiskImage::Left DiskImage::left(std::mt19937_64& random) const {
  Left left;
  if (!durable_ && pick(2, random) == 0) return left;
  left.bytes = durable_.value_or("");
  // Now and then all of it got there in time, or none.
  auto const mood = pick(6, random);
  for (auto const& step : unsynced_) {
    auto const fate = mood == 0 ? 0 : mood == 1 ? 1 : pick(3, random);
    if (fate == 0) {
      take(*left.bytes, step);
    } else if (fate == 1 || !step.bytes) {
      ++left.dropped;
    } else {
      tear(*left.bytes, step, random);
      ++left.torn;
    }
  }
  return left;
}

}  // namespace bihuan::crash
