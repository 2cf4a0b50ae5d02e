// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "engine/service/sealer.hpp"

namespace bihuan {

// Seals at the start and then every so often, whether something happened or not, until it goes; a fault is logged and
// the next time tried again.
class Sealing {
 public:
  Sealing(Sealer& sealer, std::chrono::seconds every);

 private:
  void run(std::stop_token const& stop);

  Sealer& sealer_;
  std::chrono::seconds const every_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // stops and joins first
};

}  // namespace bihuan
