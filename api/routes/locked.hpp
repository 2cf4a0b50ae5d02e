// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "api/http/message.hpp"

namespace bihuan::routes {

// Too many failed attempts: 429 with Retry-After, the same for names that exist and names that do not.
[[nodiscard]] http::Response locked_problem(std::chrono::seconds wait, http::Request const& request);

}  // namespace bihuan::routes
