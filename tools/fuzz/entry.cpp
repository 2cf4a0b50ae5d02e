// SPDX-License-Identifier: Apache-2.0
// One program for each target: libFuzzer's main calls this with what it thinks of.
#include <cstddef>
#include <cstdint>

#include "tools/fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  bihuan::fuzz::BIHUAN_FUZZ_TARGET({reinterpret_cast<char const*>(bytes), size});
  return 0;
}
