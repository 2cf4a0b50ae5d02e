// SPDX-License-Identifier: Apache-2.0
#include "engine/service/passwords.hpp"

#include <sodium.h>
#include <zxcvbn.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "engine/core/message.hpp"
#include "engine/core/utf8.hpp"

namespace bihuan {
namespace {

constexpr std::size_t fewest_characters = 10;
constexpr std::size_t most_characters = 256;
// A hundred million guesses: what zxcvbn's authors call safe against guessing that each costs a slow hash.
constexpr double fewest_bits = 26.6;
// zxcvbn's lists (30,000 common passwords, names, English words, keyboard rows, dates) know little of what is
// common here.
constexpr std::array common_here{"woaini", "5201314",   "1314520",  "woaini1314", "bihuan",
                                 "banan",  "chongqing", "zhongguo", "huanbao",    "shengtai"};
// zxcvbn takes the square of the length; whoever has so many characters has enough of them.
constexpr std::size_t judged_bytes = 100;

void start_sodium() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start: the system gives no random bytes");
}

std::string lower(std::string text) {
  for (auto& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

std::size_t count_characters(std::string const& text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    if (!next_code_point(text, at)) ++at;
  }
  return count;
}

bool holds(std::string const& password, std::string const& name) {
  // A name of one character says nothing.
  return count_characters(name) > 1 && lower(password).find(lower(name)) != std::string::npos;
}

double bits_of(std::string const& password, std::string const& name) {
  std::array<char const*, common_here.size() + 2> known{};
  std::ranges::copy(common_here, known.begin());
  known[common_here.size()] = name.c_str();
  return ZxcvbnMatch(password.substr(0, judged_bytes).c_str(), known.data(), nullptr);
}

Refusal weak(std::string const& pointer, std::string_view why, std::size_t limit = 0) {
  return refusal(Code::weak_password, pointer, {{"detail", message(why, {{"limit", std::to_string(limit)}})}});
}

// What an empty hash is checked against, so that it takes the time of another.
std::string const& hash_of_nobody() {
  static std::string const hash = hash_password("nobody signs in with this");
  return hash;
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

bool password_matches(std::string const& hash, std::string const& password) {
  start_sodium();
  auto const& checked = hash.empty() ? hash_of_nobody() : hash;
  bool const same = crypto_pwhash_str_verify(checked.c_str(), password.data(), password.size()) == 0;
  return same && !hash.empty();
}

std::optional<Refusal> check_new_password(std::string const& password, std::string const& name,
                                          std::string const& full_name, std::string const& pointer) {
  auto const length = count_characters(password);
  if (length < fewest_characters) return weak(pointer, "password.too_short", fewest_characters);
  if (length > most_characters) return weak(pointer, "password.too_long", most_characters);
  if (holds(password, name) || holds(password, full_name)) return weak(pointer, "password.holds_name");
  if (bits_of(password, name) < fewest_bits) return weak(pointer, "password.too_common");
  return std::nullopt;
}

std::string make_one_time_password() {
  start_sodium();
  constexpr std::string_view letters = "abcdefghjkmnpqrstuvwxyz23456789";
  std::string password;
  for (int group = 0; group < 4; ++group) {
    if (group > 0) password += '-';
    for (int place = 0; place < 4; ++place) {
      password += letters[randombytes_uniform(static_cast<std::uint32_t>(letters.size()))];
    }
  }
  return password;
}

std::string make_secret_token() {
  start_sodium();
  std::array<unsigned char, 32> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant);
  text.pop_back();  // the terminating zero
  return text;
}

}  // namespace bihuan
