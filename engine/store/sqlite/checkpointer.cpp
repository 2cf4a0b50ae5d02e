// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sqlite/checkpointer.hpp"

#include <string>

namespace bihuan::sqlite {
namespace {

constexpr int long_log = 16;    // times as much as is enough: it should begin anew
constexpr int little_left = 2;  // the part of what is enough that the writer may copy without being noticed

}  // namespace

Checkpointer::Checkpointer(std::filesystem::path const& file, int enough, std::int64_t synchronous)
    : connection_(file, Connection::Mode::read_write), enough_(enough) {
  connection_.execute("settings", ("PRAGMA synchronous=" + std::to_string(synchronous)).c_str());
  thread_ = std::thread([this] { run(); });
}

Checkpointer::~Checkpointer() {
  {
    std::scoped_lock const lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool Checkpointer::leaves_the_rest(int pages_in_log) {
  std::scoped_lock const lock(mutex_);
  if (copying_) return false;
  if (pages_in_log < copied_) copied_ = 0;  // it began anew
  auto const left = pages_in_log - copied_;
  bool const is_long = pages_in_log >= long_log * enough_;
  if (!is_long && left < enough_) return false;
  // Where this thread cannot keep up with the writer, the log must end all the same.
  if (is_long && (left <= enough_ / little_left || pages_in_log >= 2 * long_log * enough_)) return true;
  copying_ = true;
  changed_.notify_one();
  return false;
}

void Checkpointer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || copying_; });
    if (stopping_) return;
    lock.unlock();
    auto const copied = connection_.checkpoint();
    lock.lock();
    copied_ = copied;
    copying_ = false;
  }
}

}  // namespace bihuan::sqlite
