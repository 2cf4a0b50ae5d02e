// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/json.hpp"
#include "engine/service/case_service.hpp"
#include "engine/service/library.hpp"
#include "engine/service/place_identity.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

// The people of the district as an administrator keeps them, and what a person keeps of their own account.
// Who may call what is not decided here. Safe to call from any thread; what hashes a password says so.
class Accounts {
 public:
  Accounts(Store& store, Library const& library, Clock clock)
      : store_(store), library_(library), clock_(std::move(clock)) {}

  struct NewPerson {
    std::string name;
    std::string full_name;
    std::string unit;
    std::vector<std::string> roles;
    bool duty_leader = false;
  };
  struct Added {
    Person person;
    std::string one_time_password;  // shown this once
  };
  // Hashes a password. Without one given, a password is made up; either way the person changes it on the
  // first day. Refused with faults by pointer, or name_taken.
  [[nodiscard]] Result<Added> add(NewPerson const& wanted, std::optional<std::string> const& password = std::nullopt);

  // What is absent stays as it is.
  struct Change {
    std::optional<std::string> full_name{};
    std::optional<std::string> unit{};
    std::optional<std::vector<std::string>> roles{};
    std::optional<bool> active{};
    std::optional<bool> duty_leader{};
  };
  // The person as they are then. Who is no longer active is signed out everywhere and loses their machine
  // tokens. Refused with not_found, stale_version, last_administrator or faults by pointer; without an
  // expected revision, whatever it is.
  [[nodiscard]] Result<Person> change(std::string const& id, Change const& change,
                                      std::optional<std::int64_t> expected_revision);

  // Who the identity service of the place let in: found by name, or added without a password of our own; unit, roles
  // and full name as it says now. Refused with not_allowed when the person is no longer active, with identity_unplaced
  // when the name, the unit or the roles are none of ours, with last_administrator.
  [[nodiscard]] Result<Person> admit(PlaceIdentity const& identity, Appointment const& appointment);

  // Hashes a password. The one-time password that takes the old one's place; the person is signed out
  // everywhere and loses their machine tokens, since somebody else may have had the old one.
  [[nodiscard]] Result<std::string> reset_password(std::string const& id,
                                                   std::optional<std::string> const& password = std::nullopt);
  [[nodiscard]] Result<void> reset_second_factor(std::string const& id);

  // Hashes a password. The old one has been confirmed already. Ends the person's sessions but the one of this
  // token.
  [[nodiscard]] Result<void> change_own_password(Person const& person, std::string const& old_password,
                                                 std::string const& new_password, std::string const& session_token);
  // The secret, in base32, of a second factor that counts once a code of it was given. Refused with
  // second_factor_present.
  [[nodiscard]] Result<std::string> enrol_second_factor(Person const& person);
  // Refused with wrong_code.
  [[nodiscard]] Result<void> confirm_second_factor(Person const& person, std::string const& code);

  [[nodiscard]] std::vector<Person> list() { return store_.people().list_people(); }
  [[nodiscard]] std::optional<Person> find(std::string const& id) { return store_.people().find_person(id); }

 private:
  [[nodiscard]] Refusals faults_of(Person const& person) const;
  [[nodiscard]] Result<Person> admit_once(PlaceIdentity const& identity, Appointment const& appointment);
  [[nodiscard]] bool leaves_no_administrator(Person const& before, Person const& after);

  Store& store_;
  Library const& library_;
  Clock clock_;
  std::mutex changing_;  // two administrators must not take the role from each other at once
};

// For the audit: the roles that a change gives and takes, the unit and all else that is then another. What the person
// is called is not in it, only that it changes.
[[nodiscard]] Json what_changes(Person const& before, Accounts::Change const& change);

// Roles that somebody can be given: those with a name in the catalogue and those that a definition grants
// something.
[[nodiscard]] bool is_known_role(std::string const& role, Library const& library);

}  // namespace bihuan
