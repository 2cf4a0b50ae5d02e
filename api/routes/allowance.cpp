// SPDX-License-Identifier: Apache-2.0
#include "api/routes/allowance.hpp"

namespace bihuan::routes {

std::optional<std::chrono::seconds> Allowance::take(std::string const& address, Instant now) {
  std::lock_guard const lock(mutex_);
  if (used_.size() >= limits_.addresses && used_.find(address) == used_.end()) used_.clear();
  auto& used = used_[address];
  if (used.calls == 0 || now - used.since >= limits_.span || now < used.since) used = {.since = now, .calls = 0};
  if (used.calls >= limits_.calls) return used.since + limits_.span - now;
  ++used.calls;
  return std::nullopt;
}

}  // namespace bihuan::routes
