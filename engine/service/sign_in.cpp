// SPDX-License-Identifier: Apache-2.0
#include "engine/service/sign_in.hpp"

#include <algorithm>

#include "engine/core/contains.hpp"
#include "engine/core/message.hpp"
#include "engine/service/substitutes.hpp"
#include "engine/service/tokens.hpp"
#include "engine/service/totp.hpp"
#include "engine/store/digest.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan {
namespace {

// Seldom enough to cost nothing, often enough for an idle limit of minutes.
constexpr std::chrono::seconds use_noted_every{60};
// By how much a clock may go back without anybody having to sign in again.
constexpr std::chrono::seconds clock_correction{5 * 60};

auto not_signed_in() {
  return refused(refusal(Code::not_signed_in, {}));
}

bool needs_note(std::optional<Instant> last_used, Instant now) {
  return !last_used || now - *last_used >= use_noted_every;
}

// Somebody may go on reading while the disk is full.
template <class Note>
void note_use(Note const& note) {
  try {
    note();
  } catch (StoreFault const&) {
  }
}

}  // namespace

SignIn::SignIn(Store& store, Clock clock, SignInRules rules)
    : store_(store), clock_(std::move(clock)), rules_(std::move(rules)), lock_out_(rules_.lock_out) {
  (void)password_matches({}, {});  // makes the hash that unknown names are held against
}

tl::expected<LockOut::Attempt, std::chrono::seconds> SignIn::begin(std::string const& name,
                                                                   std::string const& address) {
  return lock_out_.begin(name, address, clock_());
}

Result<SignIn::Granted> SignIn::sign_in(LockOut::Attempt& attempt, Credentials const& credentials,
                                        std::string const& address) {
  if (!knows(credentials)) return refused(turn_away(attempt));
  auto person = store_.people().find_by_name(credentials.name);
  if (!person) return refused(turn_away(attempt));
  return let_in(attempt, std::move(*person), credentials.code, address);
}

bool SignIn::knows(Credentials const& credentials) {
  auto const person = store_.people().find_by_name(credentials.name);
  bool const known = person && person->active;
  return password_matches(known ? person->password_hash : "", credentials.password);
}

Refusals SignIn::turn_away(LockOut::Attempt& attempt) {
  attempt.fail(clock_());
  return {refusal(Code::wrong_credentials, {})};
}

Result<SignIn::Granted> SignIn::let_in(LockOut::Attempt& attempt, Person person, std::string const& code,
                                       std::string const& address) {
  auto const now = clock_();
  if (person.second_factor) {
    if (code.empty()) return refused(refusal(Code::second_factor_required, "/code"));
    auto const factor = store_.people().find_second_factor(person.id);
    auto const step = factor ? step_of_code(factor->secret, code, now) : std::nullopt;
    if (!step || !store_.people().take_step(person.id, factor->secret, *step)) return refused(turn_away(attempt));
  }
  attempt.succeed(now);
  return start_session(std::move(person), address);
}

Result<SignIn::Granted> SignIn::let_in_from_elsewhere(Person person, std::string const& address) {
  if (!rules_.second_factor_elsewhere && (person.second_factor || needs_second_factor(person)))
    return refused(refusal(Code::second_factor_required, {}));
  return start_session(std::move(person), address);
}

SignIn::Granted SignIn::start_session(Person person, std::string const& address) {
  auto const now = clock_();
  auto token = make_secret_token();
  auto const expires = now + rules_.longest;
  store_.people().put_session({.token_hash = hash_of(token),
                               .person = person.id,
                               .created = now,
                               .expires = expires,
                               .last_used = now,
                               .address = address});
  return {.token = std::move(token), .expires = expires, .person = std::move(person)};
}

bool SignIn::confirm(LockOut::Attempt& attempt, Person const& person, std::string const& password) {
  bool const right = password_matches(person.password_hash, password);
  if (right) {
    attempt.succeed(clock_());
  } else {
    attempt.fail(clock_());
  }
  return right;
}

Result<Identity> SignIn::authenticate(std::string const& token) {
  return of_token(token, Use::noted);
}

Result<Identity> SignIn::look_up(std::string const& token) {
  return of_token(token, Use::silent);
}

Result<Identity> SignIn::of_token(std::string const& token, Use use) {
  return is_machine_token(token) ? of_machine_token(token, use) : of_session(token, use);
}

Result<Identity> SignIn::of_session(std::string const& token, Use use) {
  auto const token_hash = hash_of(token);
  auto found = store_.people().find_session(token_hash);
  if (!found) return not_signed_in();
  if (has_ended(found->session)) {
    note_use([&] { store_.people().drop_session(token_hash); });
    return not_signed_in();
  }
  if (!found->person.active) return not_signed_in();
  auto const now = clock_();
  if (use == Use::noted && needs_note(found->session.last_used, now)) {
    note_use([&] { store_.people().touch_session(token_hash, now); });
  }
  return Identity{.person = std::move(found->person)};
}

Result<Identity> SignIn::of_machine_token(std::string const& token, Use use) {
  auto found = store_.people().find_token(hash_of(token));
  auto const now = clock_();
  if (!found || found->token.expires <= now || !found->person.active) return not_signed_in();
  if (use == Use::noted && needs_note(found->token.last_used, now)) {
    note_use([&] { store_.people().touch_token(found->token.id, now); });
  }
  return Identity{.person = std::move(found->person), .scope = found->token.scope};
}

bool SignIn::has_ended(Session const& session) const {
  auto const now = clock_();
  // Of later than now: the clock was set back, and nobody knows how long ago it began or was used.
  if (session.created > now + clock_correction || session.last_used > now + clock_correction) return true;
  return session.expires <= now || now - session.last_used >= rules_.idle;
}

bool SignIn::needs_second_factor(Person const& person) const {
  return std::ranges::any_of(rules_.second_factor_roles, [&](std::string const& role) {
    return std::ranges::find(person.roles, role) != person.roles.end();
  });
}

std::optional<Code> SignIn::pending(Person const& person) const {
  if (person.must_change_password) return Code::password_change_required;
  if (needs_second_factor(person) && !was_asked_for_second_factor(person)) return Code::second_factor_missing;
  return std::nullopt;
}

bool SignIn::was_asked_for_second_factor(Person const& person) const {
  // Who has no password here came from where it is asked for.
  return person.second_factor || (rules_.second_factor_elsewhere && person.password_hash.empty());
}

Actor SignIn::acting_now(Person const& person) const {
  auto const asked = was_asked_for_second_factor(person);
  return bihuan::acting_now(store_, person, clock_(), asked ? std::vector<std::string>() : rules_.second_factor_roles);
}

std::vector<std::string> SignIn::withheld_roles(Person const& person) const {
  std::vector<std::string> withheld;
  if (was_asked_for_second_factor(person)) return withheld;
  for (auto const& absent : bihuan::acting_now(store_, person, clock_()).standing_in_for) {
    for (auto const& role : absent.roles)
      if (contains(rules_.second_factor_roles, role) && !contains(withheld, role)) withheld.push_back(role);
  }
  return withheld;
}

void SignIn::sign_out(std::string const& token) {
  store_.people().drop_session(hash_of(token));
}

std::vector<Session> SignIn::sessions_of(Person const& person) {
  auto sessions = store_.people().list_sessions(person.id);
  std::erase_if(sessions, [&](Session const& session) { return has_ended(session); });
  return sessions;
}

Result<void> SignIn::end_session(Person const& person, std::string const& id) {
  for (auto const& session : store_.people().list_sessions(person.id)) {
    if (session_id(session) != id) continue;
    store_.people().drop_session(session.token_hash);
    return {};
  }
  return refused(refusal(Code::not_found, {}));
}

void SignIn::end_sessions(Person const& person) {
  store_.people().drop_sessions(person.id, {});
}

Actor actor_of(Person const& person) {
  return {.person = person.id, .unit = person.unit, .roles = person.roles, .system = false};
}

std::string session_id(Session const& session) {
  return session.token_hash.substr(0, 16);
}
std::string session_id_of_token(std::string const& token) {
  return hash_of(token).substr(0, 16);
}

}  // namespace bihuan
