// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace bihuan::test {

// A PostgreSQL of its own for this process: in a temporary directory, on a Unix socket in it, as somebody whom
// PostgreSQL accepts when this process is root. It ends with the process, however that ends.
class PostgresServer {
 public:
  enum class Kept {
    in_memory,  // no commit waits for the disk
    durably,    // what was confirmed is there after kill()
  };
  explicit PostgresServer(Kept kept = Kept::in_memory);
  // A standby that holds all that `primary` does, kept durably as that is.
  struct StandbyOf {
    PostgresServer const& primary;
    bool waited_for = true;  // from now on nothing is confirmed there without it
  };
  explicit PostgresServer(StandbyOf of);
  ~PostgresServer();
  PostgresServer(PostgresServer const&) = delete;
  PostgresServer& operator=(PostgresServer const&) = delete;

  // The one that all tests of this process share, started by the first.
  [[nodiscard]] static PostgresServer& shared();

  // The address of a database of this name, which is made when there is none. Those made before go, unless somebody is
  // connected to them.
  [[nodiscard]] std::string database(std::string const& name);
  // The address of one that is there, as on a standby.
  [[nodiscard]] std::string address(std::string const& name) const;
  // Where its socket is.
  [[nodiscard]] std::filesystem::path const& directory() const { return directory_; }
  // Runs statements in it.
  void run(std::string const& address, std::string const& script) const;
  // The first column of the first row.
  [[nodiscard]] std::string ask(std::string const& address, std::string const& query) const;

  // Ends it at once, as a loss of power does, and starts it again on what is there.
  void kill();
  void start();
  // Makes a standby the primary.
  void promote() const;
  // Stopped it answers nothing, and keeps its connections.
  void stop() const;
  void go_on() const;

 private:
  explicit PostgresServer(Kept kept, std::filesystem::path programs);
  void run_to_end(std::string const& program, std::vector<std::string> const& arguments) const;
  [[nodiscard]] pid_t run_as_owner(std::string const& program, std::vector<std::string> const& arguments) const;

  Kept const kept_;
  std::filesystem::path directory_;
  std::filesystem::path programs_;
  pid_t process_ = -1;
  std::set<std::string> databases_;
};

}  // namespace bihuan::test
