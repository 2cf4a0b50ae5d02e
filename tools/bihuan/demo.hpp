// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>

namespace bihuan {

struct DemoOptions {
  std::filesystem::path data;
  std::filesystem::path workflows;
  std::uint64_t seed = 1;
  std::size_t cases = 300;
  std::string now;  // RFC 3339; empty: the start of today
};

// `bihuan demo`: a made-up district in an empty data directory, the same for the same options: its people
// (demo-people.json) and cases of every workflow over the past months. A directory that holds this very data
// already is left alone (0), one that holds other data is refused (1).
int run_demo(DemoOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
