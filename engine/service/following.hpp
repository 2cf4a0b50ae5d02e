// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include "engine/service/library.hpp"

namespace bihuan {

// Keeps a library as the nodes that share its store have it: what an administrator saves on one, a definition or a
// unit, the others take within moments. Does nothing for a store that nobody shares. The library and the store must
// live as long.
class Following {
 public:
  // `failed` is called from a thread of its own, with what stood in the way; it is tried again after a second.
  Following(Library& library, Store& store, std::function<void(std::exception const&)> failed);
  ~Following();
  Following(Following const&) = delete;
  Following& operator=(Following const&) = delete;

 private:
  void ring();
  void run(std::stop_token const& stop);
  [[nodiscard]] bool catch_up();

  Library& library_;
  Store& store_;
  std::function<void(std::exception const&)> failed_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool rung_ = false;
  std::jthread thread_;  // stops and joins first
};

}  // namespace bihuan
