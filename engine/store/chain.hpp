// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/store/digest.hpp"

namespace bihuan {

// Sets `previous` and `hash` of each event, after the event whose hash is `head` (empty for a new case);
// returns the new head. The hash covers the canonical JSON of everything but itself.
std::string chain(std::vector<Event>& events, std::string head, HashAlgorithm algorithm = HashAlgorithm::sha256);

// The canonical JSON that the event's hash covers, with `previous` set; also what stores keep.
[[nodiscard]] std::string hashed_bytes(Event const& event);

// An event as somebody else kept it: nothing when it is none. What its body says may still be anything.
[[nodiscard]] std::optional<Event> parse_event(Json const& stored);

// The place of the first event whose hash or link to the one before is wrong, or nothing.
[[nodiscard]] std::optional<std::size_t> broken_link(std::vector<Event> const& events,
                                                     HashAlgorithm algorithm = HashAlgorithm::sha256);

}  // namespace bihuan
