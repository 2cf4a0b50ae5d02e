// SPDX-License-Identifier: Apache-2.0
// Loaded before the C library (LD_PRELOAD) by `--sync-ms`: each sync takes that much longer, as on a disk that keeps
// its promise less cheaply. Nothing else is slower, so the ratios say what sharing a sync is worth.
#include <dlfcn.h>

#include <chrono>
#include <cstdlib>
#include <thread>

namespace {

int sync_later(char const* name, int file) {
  static auto const delay = [] {
    char const* const milliseconds = std::getenv("BIHUAN_BENCH_SYNC_MS");
    return std::chrono::duration<double, std::milli>(milliseconds == nullptr ? 0 : std::atof(milliseconds));
  }();
  std::this_thread::sleep_for(delay);
  return reinterpret_cast<int (*)(int)>(::dlsym(RTLD_NEXT, name))(file);
}

}  // namespace

extern "C" {
int fsync(int file) {
  return sync_later("fsync", file);
}
int fdatasync(int file) {
  return sync_later("fdatasync", file);
}
}
