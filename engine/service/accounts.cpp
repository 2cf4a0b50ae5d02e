// SPDX-License-Identifier: Apache-2.0
#include "engine/service/accounts.hpp"

#include <algorithm>

#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"
#include "engine/service/passwords.hpp"
#include "engine/service/totp.hpp"
#include "engine/store/digest.hpp"

namespace bihuan {
namespace {

constexpr std::size_t full_name_limit = 200;  // bytes
constexpr std::size_t name_limit = 64;

bool has_role(Person const& person, std::string_view role) {
  return std::ranges::find(person.roles, role) != person.roles.end();
}

bool grants(std::vector<Grant> const& grants, std::string const& role) {
  return std::ranges::find(grants, role, &Grant::role) != grants.end();
}

bool is_used_by(Definition const& definition, std::string const& role) {
  auto const names_it = [&](Action const& action) { return grants(action.by, role); };
  return grants(definition.readers, role) || names_it(definition.opening) ||
         std::ranges::any_of(definition.transitions, names_it) ||
         std::ranges::any_of(definition.general, [&](auto const& entry) { return names_it(entry.second); });
}

// They are typed at every sign-in and stand in addresses and logs of other systems.
bool is_sign_in_name(std::string const& name) {
  if (name.size() < 2 || name.size() > name_limit || check_text(name, name_limit, {})) return false;
  return std::ranges::none_of(
      name, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '/' || c == '\\' || c == ':'; });
}

// Whoever keeps the people must not be the one who looks over what they did (graded protection, level 3).
void check_separation(Person const& person, Refusals& faults) {
  if (has_role(person, "admin") && has_role(person, "auditor")) {
    faults.push_back(
        refusal(Code::roles_conflict, "/roles", {{"name", role_title("admin")}, {"other", role_title("auditor")}}));
  }
}

Person changed(Person person, Accounts::Change const& change) {
  if (change.full_name) person.full_name = *change.full_name;
  // A duty leader leads one unit; the next does not come with it.
  if (change.unit && *change.unit != person.unit) {
    person.unit = *change.unit;
    person.duty_leader = false;
  }
  if (change.roles) person.roles = *change.roles;
  if (change.active) person.active = *change.active;
  if (change.duty_leader) person.duty_leader = *change.duty_leader;
  if (!person.active) person.duty_leader = false;
  return person;
}

}  // namespace

Json what_changes(Person const& before, Accounts::Change const& change) {
  auto const after = changed(before, change);
  Json told = Json::object();
  for (auto const& role : after.roles)
    if (!has_role(before, role)) told["given"].push_back(role);
  for (auto const& role : before.roles)
    if (!has_role(after, role)) told["taken"].push_back(role);
  if (after.unit != before.unit) told["unit"] = after.unit;
  if (after.full_name != before.full_name) told["renamed"] = true;
  if (after.active != before.active) told["active"] = after.active;
  if (after.duty_leader != before.duty_leader) told["duty_leader"] = after.duty_leader;
  return told;
}

bool is_known_role(std::string const& role, Library const& library) {
  if (role_title(role).zh != role) return true;
  return std::ranges::any_of(library.current_definitions(),
                             [&](Definition const* definition) { return is_used_by(*definition, role); });
}

Refusals Accounts::faults_of(Person const& person) const {
  Refusals faults;
  if (!is_sign_in_name(person.name)) {
    faults.push_back(
        refusal(Code::bad_format, "/name", {{"value", person.name}, {"expected", message("expected.sign_in_name")}}));
  }
  if (person.full_name.empty()) faults.push_back(refusal(Code::missing, "/full_name", {{"name", "full_name"}}));
  if (auto fault = check_text(person.full_name, full_name_limit, "/full_name")) faults.push_back(std::move(*fault));
  if (library_.organisation().find_standing(person.unit) == nullptr) {
    faults.push_back(refusal(Code::unknown_unit, "/unit", {{"name", person.unit}}));
  }
  for (std::size_t index = 0; index < person.roles.size(); ++index) {
    if (is_known_role(person.roles[index], library_)) continue;
    faults.push_back(refusal(Code::unknown_role, pointer_to("/roles", index), {{"name", person.roles[index]}}));
  }
  check_separation(person, faults);
  return faults;
}

Result<Accounts::Added> Accounts::add(NewPerson const& wanted, std::optional<std::string> const& password) {
  Person person{.id = make_id(clock_()),
                .name = wanted.name,
                .full_name = wanted.full_name,
                .unit = wanted.unit,
                .roles = wanted.roles,
                .password_hash = {},
                .duty_leader = wanted.duty_leader,
                .must_change_password = true};
  auto faults = faults_of(person);
  if (password) {
    if (auto fault = check_new_password(*password, person.name, person.full_name, "/password")) {
      faults.push_back(std::move(*fault));
    }
  }
  if (!faults.empty()) return refused(std::move(faults));
  auto given = password.value_or(make_one_time_password());
  person.password_hash = hash_password(given);
  auto stored = store_.people().put_person(person, 0);
  if (!stored) return refused(stored.error());
  return Added{.person = std::move(*stored), .one_time_password = std::move(given)};
}

Result<Person> Accounts::change(std::string const& id, Change const& change,
                                std::optional<std::int64_t> expected_revision) {
  std::scoped_lock const lock(changing_);
  auto const before = store_.people().find_person(id);
  if (!before) return refused(refusal(Code::not_found, {}));
  if (expected_revision && *expected_revision != before->revision)
    return refused(stale_version("/header/If-Match", *expected_revision, before->revision));
  auto const after = changed(*before, change);
  if (auto faults = faults_of(after); !faults.empty()) return refused(std::move(faults));
  if (leaves_no_administrator(*before, after)) return refused(refusal(Code::last_administrator, {}));
  auto stored = store_.people().put_person(after, before->revision);
  if (!stored) return refused(stored.error());
  if (before->active && !after.active) {
    store_.people().drop_sessions(id, {});
    store_.people().drop_tokens(id);
  }
  return stored;
}

Result<Person> Accounts::admit_once(PlaceIdentity const& identity, Appointment const& appointment) {
  std::scoped_lock const lock(changing_);
  auto const known = store_.people().find_by_name(identity.name);
  if (known && !known->active) return refused(refusal(Code::not_allowed, {}));
  Person before{
      .id = make_id(clock_()), .name = identity.name, .full_name = {}, .unit = {}, .roles = {}, .password_hash = {}};
  before.revision = 0;
  if (known) before = *known;
  Change change{.unit = appointment.unit, .roles = appointment.roles};
  if (!identity.full_name.empty()) change.full_name = identity.full_name;
  auto after = changed(before, change);
  if (after.full_name.empty()) after.full_name = after.name;
  if (known && after.full_name == known->full_name && after.unit == known->unit && after.roles == known->roles)
    return *known;
  if (auto const faults = faults_of(after); !faults.empty()) {
    auto unplaced = refusal(Code::identity_unplaced, {});
    unplaced.remedy = faults.front().text;
    return refused(std::move(unplaced));
  }
  if (known && leaves_no_administrator(*known, after)) return refused(refusal(Code::last_administrator, {}));
  return store_.people().put_person(after, before.revision);
}

Result<Person> Accounts::admit(PlaceIdentity const& identity, Appointment const& appointment) {
  auto admitted = admit_once(identity, appointment);
  auto const moved = [](Result<Person> const& result) {
    if (result) return false;
    auto const code = result.error().front().code;
    return code == Code::name_taken || code == Code::conflict;
  };
  // Another node let the same person in at the same time.
  return moved(admitted) ? admit_once(identity, appointment) : admitted;
}

Result<std::string> Accounts::reset_password(std::string const& id, std::optional<std::string> const& password) {
  auto const person = store_.people().find_person(id);
  if (!person) return refused(refusal(Code::not_found, {}));
  if (password) {
    if (auto fault = check_new_password(*password, person->name, person->full_name, "/password")) {
      return refused(std::move(*fault));
    }
  }
  auto given = password.value_or(make_one_time_password());
  store_.people().set_password(id, hash_password(given), true);
  store_.people().drop_sessions(id, {});
  store_.people().drop_tokens(id);
  return given;
}

Result<void> Accounts::reset_second_factor(std::string const& id) {
  if (!store_.people().find_person(id)) return refused(refusal(Code::not_found, {}));
  store_.people().drop_second_factor(id);
  store_.people().drop_sessions(id, {});
  return {};
}

Result<void> Accounts::change_own_password(Person const& person, std::string const& old_password,
                                           std::string const& new_password, std::string const& session_token) {
  auto fault = check_new_password(new_password, person.name, person.full_name, "/new");
  if (!fault && new_password == old_password) {
    fault = refusal(Code::weak_password, "/new", {{"detail", message("password.as_before")}});
  }
  if (fault) return refused(std::move(*fault));
  store_.people().set_password(person.id, hash_password(new_password), false);
  store_.people().drop_sessions(person.id, hash_of(session_token));
  return {};
}

Result<std::string> Accounts::enrol_second_factor(Person const& person) {
  auto secret = make_totp_secret();
  if (!store_.people().put_second_factor(person.id, secret)) {
    return refused(refusal(Code::second_factor_present, {}));
  }
  return secret;
}

Result<void> Accounts::confirm_second_factor(Person const& person, std::string const& code) {
  auto const factor = store_.people().find_second_factor(person.id);
  if (!factor) return refused(refusal(Code::second_factor_missing, {}));
  if (factor->confirmed) return refused(refusal(Code::second_factor_present, {}));
  auto const step = step_of_code(factor->secret, code, clock_());
  if (!step || !store_.people().take_step(person.id, factor->secret, *step)) {
    return refused(refusal(Code::wrong_code, "/code"));
  }
  return {};
}

bool Accounts::leaves_no_administrator(Person const& before, Person const& after) {
  auto const administers = [](Person const& person) { return person.active && has_role(person, "admin"); };
  if (!administers(before) || administers(after)) return false;
  return std::ranges::none_of(store_.people().list_people(),
                              [&](Person const& other) { return other.id != before.id && administers(other); });
}

}  // namespace bihuan
