// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <filesystem>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace bihuan::test {

// Stands between a store and the database's Unix socket, and fails the way networks do.
class PostgresProxy {
 public:
  // `server` is the directory of the database's socket, `own` that of the proxy's.
  PostgresProxy(std::filesystem::path const& server, std::filesystem::path const& own);
  ~PostgresProxy();
  PostgresProxy(PostgresProxy const&) = delete;
  PostgresProxy& operator=(PostgresProxy const&) = delete;

  enum class Cut {
    never,
    before_commit,   // the next COMMIT never arrives
    after_commit,    // the next COMMIT is done, and its answer never arrives
    after_greeting,  // the next connection is made, and whatever is said on it then never arrives
  };
  void cut_next(Cut cut) { cut_ = cut; }
  // True once what cut_next() asked for has happened.
  [[nodiscard]] bool has_cut() const { return cut_ == Cut::never; }
  // Takes what comes, and passes nothing on.
  void be_silent(bool silent) { silent_ = silent; }

 private:
  void accept();
  void carry(int client);

  std::filesystem::path server_;
  std::filesystem::path own_;
  int listening_ = -1;
  std::atomic<bool> ends_ = false;
  std::atomic<bool> silent_ = false;
  std::atomic<Cut> cut_ = Cut::never;
  std::mutex mutex_;
  std::list<std::jthread> carriers_;
  std::jthread acceptor_;
};

}  // namespace bihuan::test
