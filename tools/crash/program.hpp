// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bihuan::crash {

// What the system allows a program, by RLIMIT_...; and whom it runs as.
struct Bounds {
  std::vector<std::pair<int, rlim_t>> limits{};
  uid_t user = 0;  // 0: as we do
};

// What this build made.
[[nodiscard]] std::filesystem::path built_program();

// `bihuan serve` on a free port of this machine, to be killed. It dies with us, and its log goes to
// `serve.log` beside the data directory. With a store (postgresql://…) it is one node on that.
class Program {
 public:
  Program(std::filesystem::path const& program, std::filesystem::path const& data, Bounds const& bounds = {},
          std::string const& store = {});
  ~Program();
  Program(Program const&) = delete;
  Program& operator=(Program const&) = delete;

  // Waits until it serves: its port, or nothing when it ended before.
  [[nodiscard]] std::optional<std::uint16_t> wait_until_ready();
  // kill -9, and gone when this returns.
  void kill();
  // SIGTERM; its exit status, or 128 and the signal that ended it.
  int end();
  // What it said on its standard output so far, and its log.
  [[nodiscard]] std::string said() const { return said_; }
  [[nodiscard]] std::string log() const;
  [[nodiscard]] bool runs();
  // While it runs: sets what the system allows it, by RLIMIT_...
  void limit(int what, rlim_t most);
  // What it has of that: bytes, and the highest descriptor but for one.
  [[nodiscard]] std::size_t address_space() const;
  [[nodiscard]] std::size_t descriptors() const;

 private:
  int wait(int options);

  std::filesystem::path log_;
  pid_t process_ = -1;
  int out_ = -1;
  std::string said_;
  int status_ = 0;
};

}  // namespace bihuan::crash
