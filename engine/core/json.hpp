// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>

#include "engine/core/result.hpp"

// Compiled once, in json.cpp: every unit that copies a JSON value would otherwise compile its members anew.
extern template class nlohmann::basic_json<>;

namespace bihuan {

// Keys sorted, so that dump() is the canonical form that history hashes cover.
using Json = nlohmann::json;
// Keys in the author's order: definitions are shown as they were written.
using OrderedJson = nlohmann::ordered_json;

struct JsonLimits {
  std::size_t bytes = 1024 * 1024;
  // nlohmann/json parses any depth but overflows the stack when it copies or dumps a deep value.
  std::size_t depth = 64;
};

// Parses text from outside. Refused with malformed_json, too_large, too_deep, duplicate_key (nlohmann would
// silently keep the last), number_out_of_range (an integer past 64 bits would silently become a double) or
// invalid_text (U+0000); every refusal names the place by its JSON pointer where there is one.
[[nodiscard]] Result<Json> parse_json(std::string_view text, JsonLimits limits = {});
[[nodiscard]] Result<OrderedJson> parse_ordered_json(std::string_view text, JsonLimits limits = {});

// The bytes that hashes cover: sorted keys, no spaces, UTF-8; ill-formed UTF-8 is replaced, never thrown on.
[[nodiscard]] std::string canonical(Json const& value);

// Appends one reference token to a JSON pointer (RFC 6901), escaped.
[[nodiscard]] std::string pointer_to(std::string_view parent, std::string_view token);
[[nodiscard]] std::string pointer_to(std::string_view parent, std::size_t index);

}  // namespace bihuan
