// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "engine/service/sealer.hpp"

namespace bihuan {

// Seals at the start and then every so often, whether something happened or not, until it goes; a fault is logged and
// the next time tried again. Of several nodes only the one that leads.
class Sealing {
 public:
  Sealing(Sealer& sealer, std::chrono::seconds every, std::function<bool()> leads);

 private:
  void run(std::stop_token const& stop);

  Sealer& sealer_;
  std::chrono::seconds const every_;
  std::function<bool()> const leads_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // stops and joins first
};

}  // namespace bihuan
