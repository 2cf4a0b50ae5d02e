// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "engine/store/store.hpp"

namespace bihuan {

// Of those readings that a replica may answer: how many it did, and how many the primary did for it.
struct ReplicaReadings {
  std::int64_t there = 0;
  std::int64_t here = 0;
};

// A store that several nodes share.
class SharedStore : public Store {
 public:
  // Whether this node does now what one node of all does for them: what falls due, recurring cases, seals, messages to
  // webhooks. When that one ends or is cut off, another does it within seconds; for a moment both may think so. Any
  // thread.
  [[nodiscard]] virtual bool leads() = 0;
  // Called whenever any node has put a definition or a unit, also this one, or may have while it could not be heard;
  // from any thread, and must not block. Replaces who was told before; returns when that one is told nothing any more.
  virtual void when_ruled(std::function<void()> told) = 0;
  // A newer program waits for this one to end, or has changed the store already: then whatever this one asks is a
  // StoreFault, and nothing that it writes is there. Any thread.
  [[nodiscard]] virtual bool outdated() = 0;
  // Since the start; nothing when there is no replica. Any thread.
  [[nodiscard]] virtual std::optional<ReplicaReadings> replica_readings() = 0;
};

// Who has a store alone always leads.
[[nodiscard]] inline bool leads(Store& store) {
  auto* const shared = dynamic_cast<SharedStore*>(&store);
  return shared == nullptr || shared->leads();
}

// And nobody changes it meanwhile.
[[nodiscard]] inline bool outdated(Store& store) {
  auto* const shared = dynamic_cast<SharedStore*>(&store);
  return shared != nullptr && shared->outdated();
}

}  // namespace bihuan
