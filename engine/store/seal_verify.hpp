// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/store/seals.hpp"

namespace bihuan {

// Something about the log of events that is not as it was sealed.
struct SealFault {
  std::int64_t seal = 0;      // its number; 0 when it is not about one
  std::int64_t sequence = 0;  // of the event; 0 when it is not about one
  std::string case_id{};      // of that event, where it is still there
  std::int64_t revision = 0;
  std::string what{};
};

struct SealsVerified {
  std::int64_t seals = 0;
  std::int64_t sealed = 0;    // events
  std::int64_t unsealed = 0;  // events after the last seal
  std::vector<SealFault> faults{};
};

// Walks the whole log: seals numbered, chained and signed without a gap by one key; every event, in its place, what was
// sealed; the kept hashes those of the events. Whoever may write the database and has its key can make another log that
// is right in itself: heads kept elsewhere (`kept`) show that, and that the end is missing. A change of the key is a
// fault unless such a head vouches for the new one.
[[nodiscard]] SealsVerified verify(SealStore& store, std::vector<TreeHead> const& kept = {});

}  // namespace bihuan
