// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/sealing.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "api/http/log.hpp"

namespace bihuan {
namespace {

constexpr std::chrono::seconds until_it_may_lead{5};

}  // namespace

Sealing::Sealing(Sealer& sealer, std::chrono::seconds every, std::function<bool()> leads)
    : sealer_(sealer),
      every_(every),
      leads_(std::move(leads)),
      thread_([this](std::stop_token const& stop) { run(stop); }) {}

void Sealing::run(std::stop_token const& stop) {
  while (!stop.stop_requested()) {
    bool const leads = leads_();
    try {
      if (leads) (void)sealer_.seal();
    } catch (std::exception const& fault) {
      http::log_event(spdlog::level::err, "sealing_failed", {{"error", http::reason_of(fault)}});
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, leads ? every_ : std::min(every_, until_it_may_lead), [] { return false; });
  }
}

}  // namespace bihuan
