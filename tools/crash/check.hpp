// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/store/store.hpp"
#include "tools/crash/asked.hpp"

namespace bihuan::crash {

struct Found {
  std::int64_t cases = 0;
  std::int64_t events = 0;
  std::int64_t unacknowledged = 0;  // steps that are there though nobody heard yes
  std::vector<std::string> gone;    // acknowledged, and not there
  std::vector<std::string> faults;
};

// Holds what the store has against what its users heard: every acknowledged step is there once, with its
// revision and its key; one that was not acknowledged is there once with its key, or not at all; both ends of
// each link know each other; each document's bytes are there; and verify finds nothing, of cases and of the
// audit.
[[nodiscard]] Found check_store(Store& store, std::vector<Asked> const& asked, std::vector<Uploaded> const& uploaded);

}  // namespace bihuan::crash
