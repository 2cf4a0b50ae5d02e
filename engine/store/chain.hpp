// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/event.hpp"

namespace bihuan {

enum class HashAlgorithm { sha256, sm3 };

// Lower-case hex.
[[nodiscard]] std::string hash_of(std::string_view bytes, HashAlgorithm algorithm = HashAlgorithm::sha256);

// Sets `previous` and `hash` of each event, after the event whose hash is `head` (empty for a new case); returns the
// new head. The hash covers the canonical JSON of everything but itself.
std::string chain(std::vector<Event>& events, std::string head, HashAlgorithm algorithm = HashAlgorithm::sha256);

// The place of the first event whose hash or link to the one before is wrong, or nothing.
[[nodiscard]] std::optional<std::size_t> broken_link(std::vector<Event> const& events,
                                                     HashAlgorithm algorithm = HashAlgorithm::sha256);

}  // namespace bihuan
