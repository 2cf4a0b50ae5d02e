// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "api/http/message.hpp"

namespace bihuan::http {

// Smaller answers than this, in bytes, gain nothing.
inline constexpr std::size_t packed_from = 1024;

// What the entity tag of an answer gets at its end, within the quotes, when it is sent packed: "3" is "3-gzip" then.
inline constexpr std::string_view packed_mark = "-gzip";

// Is the coding named in Accept-Encoding, and not refused by q=0?
[[nodiscard]] bool accepts(std::string_view header, std::string_view coding);

// Packs the body by gzip where the client takes it: text and JSON that stand in memory, never streams, nor what is
// kept by nobody (no-store). Quick rather than tight, since it is done for each answer.
void pack(Response& response, Request const& request);

}  // namespace bihuan::http
