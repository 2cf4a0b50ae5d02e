// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bihuan::bench {

// A server on a free port of this machine, which it says on its first line; its log goes nowhere, and SIGTERM ends it.
class ServedProgram {
 public:
  // `words` as given to the shell.
  explicit ServedProgram(std::vector<std::string> words);
  // `bihuan serve`, in the data directory or on a store (postgresql://…).
  [[nodiscard]] static ServedProgram of_bihuan(std::filesystem::path const& data, std::string const& store = {});
  // The hand-written server (peer/), whose packages must be there.
  [[nodiscard]] static bool has_peer();
  [[nodiscard]] static ServedProgram of_peer(std::filesystem::path const& file, std::size_t cases);
  ~ServedProgram();
  ServedProgram(ServedProgram const&) = delete;
  ServedProgram& operator=(ServedProgram const&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  // From being started to being ready.
  [[nodiscard]] double start_up_ms() const { return start_up_ms_; }
  // What it has spent so far, on all cores.
  [[nodiscard]] double processor_seconds() const;
  // The most memory that it had in use, in megabytes.
  [[nodiscard]] double peak_memory() const;

 private:
  void end() const;

  pid_t process_ = -1;
  std::uint16_t port_ = 0;
  double start_up_ms_ = 0;
};

}  // namespace bihuan::bench
