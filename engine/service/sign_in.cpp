// SPDX-License-Identifier: Apache-2.0
#include "engine/service/sign_in.hpp"

#include <sodium.h>

#include <array>
#include <stdexcept>

#include "engine/core/message.hpp"
#include "engine/store/chain.hpp"

namespace bihuan {
namespace {

constexpr std::chrono::hours session_length{12};  // absolute: a working day with its margins, then sign in again
constexpr std::size_t token_bytes = 32;

void start_sodium() {
  if (sodium_init() < 0) {
    throw std::runtime_error("libsodium cannot start: the system gives no random bytes");
  }
}

// What an unknown name is checked against, so that it takes the time of a known one.
std::string const& hash_of_nobody() {
  static std::string const hash = hash_password("nobody signs in with this");
  return hash;
}

bool matches(std::string const& hash, std::string const& password) {
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

std::string make_token() {
  std::array<unsigned char, token_bytes> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.pop_back();  // the terminating zero
  return text;
}

}  // namespace

std::string hash_password(std::string const& password) {
  start_sodium();
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str(hash.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
    throw std::runtime_error("a password hash needs 64 MiB, and the system does not give them");
  }
  return hash.data();
}

SignIn::SignIn(Store& store, Clock clock) : store_(store), clock_(std::move(clock)) {
  start_sodium();
  (void)hash_of_nobody();
}

Result<SignIn::Granted> SignIn::sign_in(std::string const& name, std::string const& password) {
  auto person = store_.people().find_by_name(name);
  bool const known = person && person->active && !person->password_hash.empty();
  bool const right = matches(known ? person->password_hash : hash_of_nobody(), password);
  if (!known || !right) {
    return refused(refusal(Code::wrong_credentials, {}));
  }
  auto const now = clock_();
  auto token = make_token();
  auto const expires = now + session_length;
  store_.people().put_session(
      {.token_hash = hash_of(token), .person = person->id, .created = now, .expires = expires});
  return Granted{.token = std::move(token), .expires = expires, .person = std::move(*person)};
}

Result<Person> SignIn::authenticate(std::string const& token) {
  auto const token_hash = hash_of(token);
  auto const session = store_.people().find_session(token_hash);
  if (!session) {
    return refused(refusal(Code::not_signed_in, {}));
  }
  if (session->expires <= clock_()) {
    store_.people().drop_session(token_hash);
    return refused(refusal(Code::not_signed_in, {}));
  }
  auto person = store_.people().find_person(session->person);
  if (!person || !person->active) {
    return refused(refusal(Code::not_signed_in, {}));
  }
  return std::move(*person);
}

void SignIn::sign_out(std::string const& token) { store_.people().drop_session(hash_of(token)); }

Actor actor_of(Person const& person) {
  return {.person = person.id, .unit = person.unit, .roles = person.roles, .system = false};
}

}  // namespace bihuan
