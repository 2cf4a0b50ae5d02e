// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/readers.hpp"

#include <utility>

namespace bihuan::sql {

Readers::Readers(std::vector<std::unique_ptr<Connection>> connections, Admit admit)
    : admit_(std::move(admit)), idle_(std::move(connections)) {}

std::unique_ptr<Connection> Readers::take() {
  auto connection = take_any();
  if (!admit_) return connection;
  try {
    admit_(*connection);
  } catch (...) {
    give_back(std::move(connection));
    throw;
  }
  return connection;
}

std::unique_ptr<Connection> Readers::take_any() {
  std::unique_lock lock(mutex_);
  free_.wait(lock, [this] { return !idle_.empty(); });
  // The one given back last: its pages are the warmest.
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
  {
    std::scoped_lock const lock(mutex_);
    idle_.push_back(std::move(connection));
  }
  free_.notify_one();
}

}  // namespace bihuan::sql
