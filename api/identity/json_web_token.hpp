// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/json.hpp"

extern "C" {
struct evp_pkey_st;
}

namespace bihuan::identity {

// RFC 4648, section 5, without padding.
[[nodiscard]] std::string base64url_of(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);
// The 32 bytes of SHA-256.
[[nodiscard]] std::string sha256_bytes(std::string_view bytes);

// The algorithms taken: asymmetric ones alone, so that neither no signature nor one made with a public text passes.
enum class SignatureAlgorithm { rs256, es256 };

// A provider's public keys (RFC 7517) that are fit to verify with: RSA of 2048 to 8192 bits, and EC on P-256. Others
// are passed over. Immutable, so safe to use from any thread.
class KeySet {
 public:
  // Nothing when it is no key set at all.
  [[nodiscard]] static std::optional<KeySet> parse(std::string_view text);

  [[nodiscard]] bool has(std::string const& id) const;
  // Was this signed by the key of that id, or without an id by any key that fits the algorithm?
  [[nodiscard]] bool signed_by_one(SignatureAlgorithm algorithm, std::optional<std::string> const& id,
                                   std::string_view bytes, std::string_view signature) const;

 private:
  struct Key {
    std::string id;
    SignatureAlgorithm algorithm;
    std::shared_ptr<evp_pkey_st> key;
  };
  std::vector<Key> keys_;
};

// A token in its compact form (RFC 7515), taken apart and not yet believed.
struct WebToken {
  std::optional<SignatureAlgorithm> algorithm{};  // nothing: one that is not taken
  std::optional<std::string> key_id{};
  bool critical = false;  // it demands what is not known here
  Json claims;
  std::string signed_bytes;
  std::string signature;

  // Nothing when it does not have the form.
  [[nodiscard]] static std::optional<WebToken> parse(std::string_view text);
};

}  // namespace bihuan::identity
