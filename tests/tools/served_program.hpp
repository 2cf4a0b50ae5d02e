// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bihuan::test {

// The program itself, serving on a free port of this machine; ended with SIGTERM.
class ServedProgram {
 public:
  // `arguments` follow `serve --port 0`. Throws when it does not come to serve.
  explicit ServedProgram(std::vector<std::string> arguments);
  ~ServedProgram();
  ServedProgram(ServedProgram const&) = delete;
  ServedProgram& operator=(ServedProgram const&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  void signal(int number) const;
  // What it ended with by itself, waited for.
  [[nodiscard]] int status();
  // The next line of its log that holds this text; lines before it are passed over. Throws when nothing is logged for
  // ten seconds, so that a test fails instead of hanging.
  [[nodiscard]] std::string logged(std::string_view text);

 private:
  void end();

  pid_t process_ = -1;
  int log_ = -1;
  std::string unread_;
  std::uint16_t port_ = 0;
};

}  // namespace bihuan::test
