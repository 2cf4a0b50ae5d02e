// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/core/event.hpp"
#include "engine/service/case_service.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

// Argon2id (libsodium), 64 MiB and two passes: about 60 ms of one core. Never call it on an I/O thread.
[[nodiscard]] std::string hash_password(std::string const& password);

// Opaque random tokens, kept only as hashes. Safe to call from any thread.
class SignIn {
 public:
  SignIn(Store& store, Clock clock);

  struct Granted {
    std::string token;
    Instant expires{};
    Person person;
  };
  // Refused with wrong_credentials, in the same time whether the name exists or not. Costs one password hash.
  [[nodiscard]] Result<Granted> sign_in(std::string const& name, std::string const& password);
  // Refused with not_signed_in when the token is unknown, expired or its person is no longer active.
  [[nodiscard]] Result<Person> authenticate(std::string const& token);
  void sign_out(std::string const& token);

 private:
  Store& store_;
  Clock clock_;
};

[[nodiscard]] Actor actor_of(Person const& person);

}  // namespace bihuan
