// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/sealing.hpp"

#include <exception>

#include "api/http/log.hpp"

namespace bihuan {

Sealing::Sealing(Sealer& sealer, std::chrono::seconds every)
    : sealer_(sealer), every_(every), thread_([this](std::stop_token const& stop) { run(stop); }) {}

void Sealing::run(std::stop_token const& stop) {
  while (!stop.stop_requested()) {
    try {
      (void)sealer_.seal();
    } catch (std::exception const& fault) {
      http::log_event(spdlog::level::err, "sealing_failed", {{"error", fault.what()}});
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, every_, [] { return false; });
  }
}

}  // namespace bihuan
