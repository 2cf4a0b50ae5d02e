// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/service/case_service.hpp"
#include "engine/service/lock_out.hpp"
#include "engine/service/passwords.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

struct SignInRules {
  std::chrono::seconds idle{30 * 60};          // a session nobody used for so long has ended
  std::chrono::seconds longest{12 * 60 * 60};  // and so has every one after a working day with its margins
  std::vector<std::string> second_factor_roles{};
  // The provider that people come from asks for a second factor itself: it is not asked for here, nor of who has no
  // password here.
  bool second_factor_elsewhere = false;
  LockOutRules lock_out{};
};

// Who a token speaks for, and how far.
struct Identity {
  Person person;
  // A machine token's; absent for a session, which may do all that its person may.
  std::optional<TokenScope> scope{};
};

// Sessions and machine tokens are opaque random texts, kept only as hashes. Safe to call from any thread.
class SignIn {
 public:
  SignIn(Store& store, Clock clock, SignInRules rules = {});

  // Before a password is looked at: the attempt that may go on, or how long this name or this address has to
  // wait.
  [[nodiscard]] tl::expected<LockOut::Attempt, std::chrono::seconds> begin(std::string const& name,
                                                                           std::string const& address);

  struct Credentials {
    std::string name;
    std::string password;
    std::string code{};  // of the second factor, for who has one
  };
  struct Granted {
    std::string token;
    Instant expires{};
    Person person;
  };
  // Refused with wrong_credentials, in the same time whether the name exists or not, and with
  // second_factor_required when only the code is missing. Costs one password hash.
  [[nodiscard]] Result<Granted> sign_in(LockOut::Attempt& attempt, Credentials const& credentials,
                                        std::string const& address);
  // The two halves of it, for who may also be confirmed elsewhere. Is this the password of the active person of that
  // name? In the same time whether the name exists or not. Costs one password hash.
  [[nodiscard]] bool knows(Credentials const& credentials);
  // Whose password was right: a session, once the code is right as well for who has a second factor.
  [[nodiscard]] Result<Granted> let_in(LockOut::Attempt& attempt, Person person, std::string const& code,
                                       std::string const& address);
  // Who was confirmed elsewhere with all that has to be asked. Refused with second_factor_required when a second factor
  // is asked of this person and was not asked for there.
  [[nodiscard]] Result<Granted> let_in_from_elsewhere(Person person, std::string const& address);
  // Nobody knows this password.
  [[nodiscard]] Refusals turn_away(LockOut::Attempt& attempt);
  // Is this the person's password? Costs one password hash.
  [[nodiscard]] bool confirm(LockOut::Attempt& attempt, Person const& person, std::string const& password);

  // Refused with not_signed_in when the token is unknown, expired, unused for too long or revoked, or its
  // person is no longer active. The person is as they are now.
  [[nodiscard]] Result<Identity> authenticate(std::string const& token);
  // The same, where somebody goes on with what they began: not a use that keeps a session alive.
  [[nodiscard]] Result<Identity> look_up(std::string const& token);
  // What this person has to do before anything else: password_change_required or second_factor_missing.
  [[nodiscard]] std::optional<Code> pending(Person const& person) const;

  // The person as they may act now, for those on leave as well: but a role that asks for a second factor is lent to
  // nobody who has none.
  [[nodiscard]] Actor acting_now(Person const& person) const;
  // The roles that they would have for somebody on leave now, had they a second factor.
  [[nodiscard]] std::vector<std::string> withheld_roles(Person const& person) const;

  void sign_out(std::string const& token);
  [[nodiscard]] std::vector<Session> sessions_of(Person const& person);
  // Ends one of the person's sessions; not_found when they have no such one.
  [[nodiscard]] Result<void> end_session(Person const& person, std::string const& session_id);
  void end_sessions(Person const& person);

 private:
  enum class Use { noted, silent };
  [[nodiscard]] Result<Identity> of_token(std::string const& token, Use use);
  [[nodiscard]] Result<Identity> of_session(std::string const& token, Use use);
  [[nodiscard]] Result<Identity> of_machine_token(std::string const& token, Use use);
  [[nodiscard]] bool needs_second_factor(Person const& person) const;
  [[nodiscard]] bool was_asked_for_second_factor(Person const& person) const;
  [[nodiscard]] Granted start_session(Person person, std::string const& address);
  [[nodiscard]] bool has_ended(Session const& session) const;

  Store& store_;
  Clock clock_;
  SignInRules rules_;
  LockOut lock_out_;
};

[[nodiscard]] Actor actor_of(Person const& person);

// What a session is called where its token must not be shown.
[[nodiscard]] std::string session_id(Session const& session);
[[nodiscard]] std::string session_id_of_token(std::string const& token);

}  // namespace bihuan
