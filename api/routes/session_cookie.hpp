// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/http/message.hpp"

namespace bihuan::routes {

// A cookie of the request that is not empty.
[[nodiscard]] std::optional<std::string> cookie_of(http::Request const& request, std::string_view name);

// The browser's way to carry the token that machines send as a bearer token.
[[nodiscard]] std::optional<std::string> session_cookie(http::Request const& request);

// The value of Set-Cookie; with an empty token it takes the cookie away.
[[nodiscard]] std::string set_session_cookie(std::string const& token, bool secure);

}  // namespace bihuan::routes
