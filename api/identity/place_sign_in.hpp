// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "api/http/worker_pool.hpp"
#include "api/identity/ldap_directory.hpp"
#include "api/identity/open_id.hpp"
#include "engine/service/place_identity.hpp"

namespace bihuan::identity {

// The ways of signing in that the place itself has, beside accounts of Bihuan's own.
struct PlaceSignIn {
  std::unique_ptr<OpenId> open_id{};           // none: not configured
  std::unique_ptr<LdapDirectory> directory{};  // likewise
  std::vector<Membership> memberships{};
  // Asking others may take seconds: they have threads of their own, so that a service that hangs holds up nobody who
  // signs in otherwise.
  http::WorkerPool calls{{.name = "identity", .threads = 4, .queue_limit = 16}};
};

}  // namespace bihuan::identity
