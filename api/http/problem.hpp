// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "api/http/message.hpp"
#include "engine/core/result.hpp"

namespace bihuan::http {

// The one map from refusals to HTTP.
[[nodiscard]] int status_of(Code code);

// application/problem+json (RFC 9457) from why something is not done; the first refusal decides the status.
[[nodiscard]] Response problem(Refusals const& refusals, Request const& request);
[[nodiscard]] Response problem(Refusal const& refusal, Request const& request);

// For what HTTP itself refuses and the engine knows nothing of: `code` is among "malformed_request",
// "request_timeout", "method_not_allowed", "header_too_large", "too_large", "expectation_unsupported",
// "version_unsupported", "internal_error" or, for an answer like a refusal's, the name of its code.
[[nodiscard]] Response protocol_problem(int status, std::string_view code, Text const& text, Request const& request);

// A request body that was not taken: 413 over `limit` bytes, 408 too slow, 400 malformed or broken off.
[[nodiscard]] Response body_problem(int status, std::size_t limit, Request const& request);

// The service has no room for this request now: 503 with Retry-After.
[[nodiscard]] Response busy_problem(Request const& request);

// True when Accept-Language prefers English; Chinese is the default.
[[nodiscard]] bool prefers_english(Request const& request);
[[nodiscard]] Language language_of(Request const& request);

}  // namespace bihuan::http
