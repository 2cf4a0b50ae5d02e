// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sqlite/readers.hpp"

#include <utility>

namespace bihuan::sqlite {

Readers::Readers(std::filesystem::path const& file, std::size_t count) {
  for (std::size_t made = 0; made < count; ++made) {
    auto connection = std::make_unique<Connection>(file, Connection::Mode::read_only);
    // No mapping of the file: each reader's pages of it would count as memory of the program, and reading a case takes
    // the same time without.
    connection->execute("reader settings", "PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;");
    idle_.push_back(std::move(connection));
  }
}

std::unique_ptr<Connection> Readers::take() {
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

}  // namespace bihuan::sqlite
