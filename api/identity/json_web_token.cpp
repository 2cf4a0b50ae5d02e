// SPDX-License-Identifier: Apache-2.0
#include "api/identity/json_web_token.hpp"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>
#include <sodium.h>

#include <algorithm>

namespace bihuan::identity {
namespace {

constexpr std::size_t token_limit = 64 * 1024;  // bytes
constexpr std::size_t keys_limit = 100;
constexpr std::size_t coordinate = 32;  // bytes of P-256

struct Free {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
  void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

unsigned char const* bytes_of(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

Owned<BIGNUM> number_of(std::string_view bytes) {
  return Owned<BIGNUM>(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

std::string text_of(Json const& object, char const* name) {
  auto const found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::shared_ptr<EVP_PKEY> key_from(char const* kind, OSSL_PARAM_BLD* builder) {
  Owned<OSSL_PARAM> const parameters(OSSL_PARAM_BLD_to_param(builder));
  Owned<EVP_PKEY_CTX> const context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    return nullptr;
  return {key, EVP_PKEY_free};
}

std::shared_ptr<EVP_PKEY> rsa_key(Json const& given) {
  auto const modulus = from_base64url(text_of(given, "n"));
  auto const exponent = from_base64url(text_of(given, "e"));
  if (!modulus || !exponent || exponent->empty() || exponent->size() > 8) return nullptr;
  auto const n = number_of(*modulus);
  auto const e = number_of(*exponent);
  auto const bits = n ? BN_num_bits(n.get()) : 0;
  if (bits < 2048 || bits > 8192 || !e || BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) == 1) return nullptr;
  Owned<OSSL_PARAM_BLD> const builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return nullptr;
  return key_from("RSA", builder.get());
}

std::shared_ptr<EVP_PKEY> p256_key(Json const& given) {
  auto const x = from_base64url(text_of(given, "x"));
  auto const y = from_base64url(text_of(given, "y"));
  if (text_of(given, "crv") != "P-256" || !x || !y || x->size() != coordinate || y->size() != coordinate)
    return nullptr;
  auto const point = "\x04" + *x + *y;
  Owned<OSSL_PARAM_BLD> const builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1)
    return nullptr;
  auto key = key_from("EC", builder.get());
  Owned<EVP_PKEY_CTX> const context(key ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr);
  // A point that does not lie on the curve is no key.
  if (!context || EVP_PKEY_public_check(context.get()) != 1) return nullptr;
  return key;
}

// As OpenSSL reads it: JOSE puts the two numbers side by side, DER in a sequence.
std::optional<std::string> der_of(std::string_view signature) {
  if (signature.size() != 2 * coordinate) return std::nullopt;
  auto r = number_of(signature.substr(0, coordinate));
  auto s = number_of(signature.substr(coordinate));
  Owned<ECDSA_SIG> const pair(ECDSA_SIG_new());
  if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return std::nullopt;
  (void)r.release();
  (void)s.release();
  auto const size = i2d_ECDSA_SIG(pair.get(), nullptr);
  if (size <= 0) return std::nullopt;
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* into = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(pair.get(), &into);
  return der;
}

bool verifies(EVP_PKEY* key, std::string_view bytes, std::string_view signature) {
  Owned<EVP_MD_CTX> const context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(bytes), bytes.size()) == 1;
}

std::optional<SignatureAlgorithm> algorithm_of(std::string const& name) {
  if (name == "RS256") return SignatureAlgorithm::rs256;
  if (name == "ES256") return SignatureAlgorithm::es256;
  return std::nullopt;
}

std::optional<Json> object_of(std::optional<std::string> const& text) {
  if (!text) return std::nullopt;
  auto read = Json::parse(*text, nullptr, false);
  return read.is_object() ? std::optional(std::move(read)) : std::nullopt;
}

}  // namespace

std::string base64url_of(std::string_view bytes) {
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes_of(bytes), bytes.size(), variant);
  text.pop_back();  // the null behind it
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(), nullptr,
                        &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
    return std::nullopt;
  bytes.resize(size);
  return bytes;
}

std::string sha256_bytes(std::string_view bytes) {
  std::string hash(SHA256_DIGEST_LENGTH, '\0');
  SHA256(bytes_of(bytes), bytes.size(), reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

std::optional<KeySet> KeySet::parse(std::string_view text) {
  auto const read = Json::parse(text, nullptr, false);
  if (!read.is_object() || !read.contains("keys") || !read.at("keys").is_array()) return std::nullopt;
  KeySet set;
  for (auto const& given : read.at("keys")) {
    if (set.keys_.size() == keys_limit) break;
    if (!given.is_object()) continue;
    auto const use = text_of(given, "use");
    auto const kind = text_of(given, "kty");
    auto const named = text_of(given, "alg");
    if (!use.empty() && use != "sig") continue;
    bool const is_rsa = kind == "RSA" && (named.empty() || named == "RS256");
    bool const is_ec = kind == "EC" && (named.empty() || named == "ES256");
    auto key = is_rsa ? rsa_key(given) : is_ec ? p256_key(given) : nullptr;
    if (!key) continue;
    set.keys_.push_back({.id = text_of(given, "kid"),
                         .algorithm = is_rsa ? SignatureAlgorithm::rs256 : SignatureAlgorithm::es256,
                         .key = std::move(key)});
  }
  return set;
}

bool KeySet::has(std::string const& id) const {
  return std::ranges::find(keys_, id, &Key::id) != keys_.end();
}

bool KeySet::signed_by_one(SignatureAlgorithm algorithm, std::optional<std::string> const& id, std::string_view bytes,
                           std::string_view signature) const {
  auto const form = algorithm == SignatureAlgorithm::es256 ? der_of(signature) : std::optional(std::string(signature));
  return form && std::ranges::any_of(keys_, [&](Key const& key) {
           return key.algorithm == algorithm && (!id || key.id == *id) && verifies(key.key.get(), bytes, *form);
         });
}

std::optional<WebToken> WebToken::parse(std::string_view text) {
  if (text.size() > token_limit) return std::nullopt;
  auto const first = text.find('.');
  auto const second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  auto const header = object_of(from_base64url(text.substr(0, first)));
  auto claims = object_of(from_base64url(text.substr(first + 1, second - first - 1)));
  auto signature = from_base64url(text.substr(second + 1));
  if (!header || !claims || !signature) return std::nullopt;
  WebToken token{.algorithm = algorithm_of(text_of(*header, "alg")),
                 .critical = header->contains("crit"),
                 .claims = std::move(*claims),
                 .signed_bytes = std::string(text.substr(0, second)),
                 .signature = std::move(*signature)};
  if (header->contains("kid")) token.key_id = text_of(*header, "kid");
  return token;
}

}  // namespace bihuan::identity
