// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "engine/core/result.hpp"

namespace bihuan::identity {

// Why an identity service did not say who somebody is: the code is what they hear, the reason is for the log of who
// runs the service. It never holds a password, a token or a code.
struct Fault {
  Code code = Code::identity_refused;
  std::string reason;
};

template <class T>
using Outcome = tl::expected<T, Fault>;

[[nodiscard]] inline tl::unexpected<Fault> refused_because(std::string reason) {
  return tl::make_unexpected(Fault{.code = Code::identity_refused, .reason = std::move(reason)});
}
[[nodiscard]] inline tl::unexpected<Fault> unavailable_because(std::string reason) {
  return tl::make_unexpected(Fault{.code = Code::identity_unavailable, .reason = std::move(reason)});
}

}  // namespace bihuan::identity
