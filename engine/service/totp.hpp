// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/core/time.hpp"

namespace bihuan {

// Codes by the clock (RFC 6238) as every authenticator makes them: SHA-1, 30 seconds, six digits.
//
// Whoever has the secret makes the codes, so stores keep it encrypted (engine/store/data_key.hpp) by a key beside the
// database, bound to its person: a copy or a backup of the database alone gives no second factor away.

// 160 random bits in base32.
[[nodiscard]] std::string make_totp_secret();
[[nodiscard]] std::string totp_code(std::string const& base32_secret, Instant at);
// The step whose code this is, among the present one and its neighbours, for clocks that differ a little.
[[nodiscard]] std::optional<std::int64_t> step_of_code(std::string const& base32_secret, std::string const& code,
                                                       Instant now);

}  // namespace bihuan
