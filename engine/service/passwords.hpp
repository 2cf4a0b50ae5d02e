// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "engine/core/result.hpp"

namespace bihuan {

// Argon2id (libsodium), 64 MiB and two passes: about 60 ms of one core. Never call it on an I/O thread.
[[nodiscard]] std::string hash_password(std::string const& password);
// Takes as long as hashing, whatever the hash; false for an empty one.
[[nodiscard]] bool password_matches(std::string const& hash, std::string const& password);

// What keeps a person from taking this password: 10 to 256 characters, neither their name nor easily guessed.
[[nodiscard]] std::optional<Refusal> check_new_password(std::string const& password, std::string const& name,
                                                        std::string const& full_name, std::string const& pointer);

// For somebody who gets in once and then chooses their own: letters and digits that cannot be mistaken for
// others.
[[nodiscard]] std::string make_one_time_password();

// 256 random bits as text that fits headers and addresses.
[[nodiscard]] std::string make_secret_token();

}  // namespace bihuan
