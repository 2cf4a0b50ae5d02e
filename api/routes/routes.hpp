// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "api/http/router.hpp"
#include "api/routes/context.hpp"

namespace bihuan::routes {

// Every call of the API, in one table; openapi.json says the same and a test compares them. `context` must
// outlive what is returned.
[[nodiscard]] std::vector<http::Route> make_routes(Context& context);

// Finds out who calls, by bearer token or cookie, and holds that against the route's access.
[[nodiscard]] http::Gate make_gate(Context& context);

// The same for a route that is called by another system's key (Access::Who::by_key): refused with not_signed_in, or
// with what the token's person has to do first. What the scope allows is the route's to see.
[[nodiscard]] Result<Caller> caller_by_token(std::string const& token, Context& context);

}  // namespace bihuan::routes
