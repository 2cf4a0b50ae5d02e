// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/organisation.hpp"
#include "engine/core/result.hpp"
#include "engine/core/time.hpp"
#include "engine/store/page.hpp"

namespace bihuan {

struct Person {
  std::string id;
  std::string name;       // what they sign in with
  std::string full_name;  // what others read
  std::string unit;
  std::vector<std::string> roles;
  std::string password_hash;  // empty: cannot sign in
  bool active = true;
  bool duty_leader = false;           // of their unit, where at most one is
  bool must_change_password = false;  // the next thing they do
  // Set by the store and never written through a person: has confirmed a second factor; how often it was
  // changed.
  bool second_factor = false;
  std::int64_t revision = 1;
  // False where it is known that nobody ever named them a substitute.
  bool may_stand_in = true;
};

struct Session {
  std::string token_hash;
  std::string person;
  Instant created{};
  Instant expires{};
  Instant last_used{};
  std::string address{};  // where they signed in from
};

// What a machine signs in with, on behalf of a person.
enum class TokenScope { read, act, admin };
struct MachineToken {
  std::string id;
  std::string token_hash;
  std::string person;
  std::string name;
  TokenScope scope = TokenScope::read;
  Instant created{};
  Instant expires{};
  std::optional<Instant> last_used{};
};

// What a token was found to be, and whose.
struct SessionOfPerson {
  Session session;
  Person person;
};
struct TokenOfPerson {
  MachineToken token;
  Person person;
};

// A shared secret for codes by the clock (RFC 6238).
struct SecondFactor {
  std::string secret;  // in base32
  bool confirmed = false;
  std::int64_t last_step = 0;  // of the last code that was taken
};

class PeopleStore {
 public:
  virtual ~PeopleStore() = default;
  // Adds or replaces, whatever was there.
  virtual void put_people(std::span<Person const> people) = 0;
  // Adds one (expected revision 0), or changes all of one but the password: the person as stored. A duty
  // leader takes the place of the unit's present one. Refused with name_taken, or with conflict when the
  // revision has moved.
  [[nodiscard]] virtual Result<Person> put_person(Person const& person, std::int64_t expected_revision) = 0;
  virtual void set_password(std::string const& person, std::string const& hash, bool must_change) = 0;
  [[nodiscard]] virtual std::optional<Person> find_by_name(std::string const& name) = 0;
  [[nodiscard]] virtual std::optional<Person> find_person(std::string const& id) = 0;
  [[nodiscard]] virtual std::vector<Person> list_people() = 0;

  virtual void put_session(Session const& session) = 0;
  [[nodiscard]] virtual std::optional<SessionOfPerson> find_session(std::string const& token_hash) = 0;
  virtual void touch_session(std::string const& token_hash, Instant used) = 0;
  // Latest first.
  [[nodiscard]] virtual std::vector<Session> list_sessions(std::string const& person) = 0;
  virtual void drop_session(std::string const& token_hash) = 0;
  // All of a person's but this one, if any is named.
  virtual void drop_sessions(std::string const& person, std::string const& but_token_hash) = 0;

  virtual void put_token(MachineToken const& token) = 0;
  [[nodiscard]] virtual std::optional<TokenOfPerson> find_token(std::string const& token_hash) = 0;
  virtual void touch_token(std::string const& id, Instant used) = 0;
  // In the order in which they were made.
  [[nodiscard]] virtual std::vector<MachineToken> list_tokens(std::string const& person) = 0;
  // False when the person has no such token.
  [[nodiscard]] virtual bool drop_token(std::string const& person, std::string const& id) = 0;
  virtual void drop_tokens(std::string const& person) = 0;

  // Replaces one that was not confirmed; false when a confirmed one is there, and nothing is changed then.
  [[nodiscard]] virtual bool put_second_factor(std::string const& person, std::string const& secret) = 0;
  [[nodiscard]] virtual std::optional<SecondFactor> find_second_factor(std::string const& person) = 0;
  // Confirms, if it was not, and takes the code of this step: false when that step or a later one was taken
  // before.
  [[nodiscard]] virtual bool take_step(std::string const& person, std::string const& secret, std::int64_t step) = 0;
  virtual void drop_second_factor(std::string const& person) = 0;
};

// A unit as an administrator changed it; those that nobody changed stand in the workflows' directory alone.
struct KeptUnit {
  OrganisationUnit unit;
  std::int64_t revision = 0;  // set by the store; 0: never changed
};

class UnitStore {
 public:
  virtual ~UnitStore() = default;
  // Adds or replaces. Refused with conflict when the revision is not the expected one (0: not kept yet).
  [[nodiscard]] virtual Result<KeptUnit> put(OrganisationUnit const& unit, std::int64_t expected_revision) = 0;
  // In the order in which they were first kept.
  [[nodiscard]] virtual std::vector<KeptUnit> all() = 0;
};

// One person acts for another of the same unit, from an instant and until before another.
struct Substitution {
  std::string id;
  std::string absent;      // a person
  std::string substitute;  // a person
  Instant from{};
  Instant to{};
  std::string recorded_by;
};

class SubstitutionStore {
 public:
  virtual ~SubstitutionStore() = default;
  // Adds one, or moves the end of one that is there; the rest of it never changes.
  virtual void put(Substitution const& substitution) = 0;
  [[nodiscard]] virtual std::optional<Substitution> find(std::string const& id) = 0;
  // Those in which the person is absent or stands in, ended ones included, earliest first.
  [[nodiscard]] virtual std::vector<Substitution> of_person(std::string const& person) = 0;
  [[nodiscard]] virtual std::vector<Substitution> all() = 0;
};

}  // namespace bihuan
