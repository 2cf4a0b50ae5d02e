// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "engine/service/library.hpp"
#include "tests/store/postgres_proxy.hpp"
#include "tests/support/postgres_server.hpp"
#include "tools/bihuan/scratch.hpp"
#include "tools/crash/program.hpp"

namespace bihuan::crash {

// Three nodes on a PostgreSQL of their own, kept durably, that holds what a data directory did. Either each reaches it
// through a proxy that can fall silent, or it has a standby, and the nodes know both. For one thread, which must last
// as long.
class Nodes {
 public:
  static constexpr std::size_t count = 3;
  enum class Database { alone, with_standby };
  // Throws when anything does not start.
  Nodes(std::filesystem::path const& program, std::filesystem::path const& model, Database database);

  // 0 while a node is gone.
  [[nodiscard]] std::span<std::atomic<std::uint16_t> const> ports() const { return ports_; }
  // For whoever looks into the database beside them.
  [[nodiscard]] std::string const& address() const { return direct_; }
  [[nodiscard]] std::filesystem::path key() const;

  void start(std::size_t node);
  void kill(std::size_t node);
  // Ends so many connections at random.
  void cut_connections(std::size_t number) const;
  // Ends the database at once and starts it again after this long.
  void restart_database(std::chrono::milliseconds after);
  // The primary ends at once, and the standby takes its place.
  void fail_over();
  // Between this node and the database nothing gets through, and nothing is closed.
  void silence(std::size_t node, bool silent) const { proxies_[node]->be_silent(silent); }

  // Those that ended by themselves.
  [[nodiscard]] std::string ended();

 private:
  [[nodiscard]] std::filesystem::path data(std::size_t node) const;

  std::filesystem::path const program_;
  ScratchDirectory scratch_;
  std::unique_ptr<test::PostgresServer> primary_;
  std::unique_ptr<test::PostgresServer> standby_;
  std::array<std::unique_ptr<test::PostgresProxy>, count> proxies_;
  std::string direct_;
  std::array<std::string, count> stores_;
  std::array<std::unique_ptr<Program>, count> programs_;
  std::array<std::atomic<std::uint16_t>, count> ports_{};
};

}  // namespace bihuan::crash
