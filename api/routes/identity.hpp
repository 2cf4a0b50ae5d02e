// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "api/http/message.hpp"
#include "api/identity/identity_fault.hpp"
#include "api/routes/context.hpp"

namespace bihuan::routes {

// Who the place's directory confirms, as a person here. Refused with wrong_credentials, identity_unavailable,
// identity_unplaced or last_administrator; with busy when too many are being asked about.
[[nodiscard]] Result<Person> person_by_directory(SignIn::Credentials const& credentials, http::Request const& request,
                                                 Context& context);

// Is there a directory to ask?
[[nodiscard]] bool has_directory(Context const& context);

}  // namespace bihuan::routes
