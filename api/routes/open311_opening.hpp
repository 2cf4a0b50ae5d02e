// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/routes/open311_interface.hpp"
#include "api/routes/open311_request.hpp"

namespace bihuan::routes {

// The complaint that somebody asks to be registered, or the answer with every fault of it.
[[nodiscard]] Step<OpenCaseRequest> read_open311_opening(Open311Interface const& interface, Open311Request const& asked,
                                                         http::Request const& request);

}  // namespace bihuan::routes
