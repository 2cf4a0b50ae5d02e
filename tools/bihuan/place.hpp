// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "api/identity/place_sign_in.hpp"
#include "tools/bihuan/serve.hpp"

namespace bihuan {

// What is wrong with the settings of signing in by OpenID Connect and LDAP; nothing when neither is set.
[[nodiscard]] std::vector<Text> faults_of_place(ServeOptions const& options);

// The ways that are set; null when there are none. Asks nobody yet: a provider that is down keeps nothing from
// starting.
[[nodiscard]] std::unique_ptr<identity::PlaceSignIn> place_sign_in(ServeOptions const& options, Clock clock);

}  // namespace bihuan
