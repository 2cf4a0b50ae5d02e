// SPDX-License-Identifier: Apache-2.0
#include "engine/service/totp.hpp"

#include <liboath/oath.h>
#include <sodium.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace bihuan {
namespace {

constexpr unsigned digits = 6;
using Steps = std::chrono::duration<std::int64_t, std::ratio<OATH_TOTP_DEFAULT_TIME_STEP_SIZE>>;

struct Free {
  void operator()(char* bytes) const { std::free(bytes); }
};
using Bytes = std::unique_ptr<char, Free>;

void must(int status) {
  if (status != OATH_OK) throw std::runtime_error(std::string("liboath: ") + oath_strerror(status));
}

std::string code_of_step(char const* secret, std::size_t size, std::int64_t step) {
  std::array<char, digits + 1> code{};
  must(oath_hotp_generate(secret, size, static_cast<std::uint64_t>(step), digits, false, OATH_HOTP_DYNAMIC_TRUNCATION,
                          code.data()));
  return code.data();
}

struct Secret {
  explicit Secret(std::string const& base32) {
    char* out = nullptr;
    must(oath_base32_decode(base32.data(), base32.size(), &out, &size));
    bytes.reset(out);
  }
  Bytes bytes;
  std::size_t size = 0;
};

std::int64_t step_at(Instant at) {
  return std::chrono::floor<Steps>(at.time_since_epoch()).count();
}

}  // namespace

std::string make_totp_secret() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start: the system gives no random bytes");
  std::array<char, 20> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  char* out = nullptr;
  std::size_t size = 0;
  must(oath_base32_encode(bytes.data(), bytes.size(), &out, &size));
  Bytes const text(out);
  return {text.get(), size};
}

std::string totp_code(std::string const& base32_secret, Instant at) {
  Secret const secret(base32_secret);
  return code_of_step(secret.bytes.get(), secret.size, step_at(at));
}

std::optional<std::int64_t> step_of_code(std::string const& base32_secret, std::string const& code, Instant now) {
  if (code.size() != digits) return std::nullopt;
  Secret const secret(base32_secret);
  std::optional<std::int64_t> found;
  for (auto step = step_at(now) - 1; step <= step_at(now) + 1; ++step) {
    auto const expected = code_of_step(secret.bytes.get(), secret.size, step);
    if (sodium_memcmp(expected.data(), code.data(), digits) == 0) found = step;
  }
  return found;
}

}  // namespace bihuan
