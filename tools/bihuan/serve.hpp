// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>

namespace bihuan {

struct ServeOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free one
  std::filesystem::path data = "data";
  std::filesystem::path workflows;
  std::size_t workers = 0;  // 0: by the machine
  std::string log_level = "info";
  bool secure_cookie = false;
};

// `bihuan serve`: serves until SIGTERM or SIGINT, then finishes what is in flight, closes the database and returns 0.
// 1 when it cannot start, and says why.
int run_serve(ServeOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
