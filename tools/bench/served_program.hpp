// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>

namespace bihuan::bench {

// `bihuan serve` on a free port of this machine, with its access log going nowhere; ended with SIGTERM.
class ServedProgram {
 public:
  explicit ServedProgram(std::filesystem::path const& data);
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
