// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/http/message.hpp"

namespace bihuan::http {

// Splits a request target into request.path, segments and query, decoded. Strict: a bad % sequence, U+0000,
// ill-formed UTF-8, an empty or dotted segment or a fragment is a fault. '+' in the query is a space, as
// browsers send it. Returns the message key of the fault, or nothing.
[[nodiscard]] std::optional<std::string_view> parse_target(std::string_view target, Request& request);

// Decoded, or nothing where the rules above are broken.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);

[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace bihuan::http
