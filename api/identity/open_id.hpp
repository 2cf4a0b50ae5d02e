// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/identity/identity_fault.hpp"
#include "api/identity/json_web_token.hpp"
#include "engine/service/case_service.hpp"
#include "engine/service/place_identity.hpp"

namespace bihuan::identity {

struct OpenIdOptions {
  std::string issuer{};
  std::string client_id{};
  std::string client_secret{};  // empty: a public client
  std::string redirect_uri{};   // of the callback here, as the provider knows it
  std::vector<std::string> scopes{};
  std::string name_claim{};
  std::string full_name_claim{};
  std::string ca_file{};
  Text title{};                // of the button
  bool second_factor = false;  // the provider asks for one itself
};

// One sign-in that goes over to the provider and comes back. All that has to be remembered meanwhile follows from a
// secret that the browser keeps, so that any node can finish what another began.
class Journey {
 public:
  Journey();
  // As it comes back in a cookie.
  explicit Journey(std::string secret) : secret_(std::move(secret)) {}

  [[nodiscard]] std::string const& secret() const { return secret_; }
  [[nodiscard]] std::string state() const { return derived("state"); }
  [[nodiscard]] std::string nonce() const { return derived("nonce"); }
  [[nodiscard]] std::string verifier() const { return derived("verifier"); }  // RFC 7636

 private:
  [[nodiscard]] std::string derived(std::string_view purpose) const;

  std::string secret_;
};

// What the provider's page sent the browser back with.
struct Returned {
  std::string code;
  std::string state;
  std::string issuer;  // RFC 9207; empty when it does not say
};

// Somebody's provider of OpenID Connect: the authorization code flow with PKCE. Its description and its keys are kept
// for an hour; keys are asked for anew when a token names one that is not known, and when that was of no use, not again
// within a minute. Calls outside, each bounded. Safe to call from any thread.
class OpenId {
 public:
  OpenId(OpenIdOptions options, Clock clock) : options_(std::move(options)), clock_(std::move(clock)) {}

  [[nodiscard]] OpenIdOptions const& options() const { return options_; }
  // Where the browser goes to sign in.
  [[nodiscard]] Outcome<std::string> address_of(Journey const& journey);
  // Who signed in.
  [[nodiscard]] Outcome<PlaceIdentity> finish(Journey const& journey, Returned const& returned);

 private:
  struct Provider {
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string keys_uri;
    std::string userinfo_endpoint;  // empty: none
    bool secret_in_body = false;
    Instant known_since{};
  };
  struct Tokens {
    std::string id_token;
    std::string access_token;
  };

  [[nodiscard]] Outcome<std::shared_ptr<Provider const>> provider();
  [[nodiscard]] Outcome<std::shared_ptr<Provider const>> discover() const;
  [[nodiscard]] Outcome<std::shared_ptr<KeySet const>> keys(Provider const& provider, WebToken const& token);
  [[nodiscard]] Outcome<Tokens> redeem(Provider const& provider, Journey const& journey, std::string const& code) const;
  [[nodiscard]] Outcome<Json> believed_claims(Provider const& provider, std::string const& id_token,
                                              std::string const& nonce);
  [[nodiscard]] Outcome<Json> with_user_information(Provider const& provider, Json claims,
                                                    std::string const& access_token) const;
  [[nodiscard]] Outcome<PlaceIdentity> identity_of(Json const& claims) const;

  OpenIdOptions const options_;
  Clock clock_;
  std::mutex mutex_;
  std::shared_ptr<Provider const> provider_;
  std::shared_ptr<KeySet const> keys_;
  Instant keys_since_{};
  std::optional<Instant> asked_in_vain_{};  // for a key that then was not there
};

// What is wrong with the claims of a token that is signed as it should be; empty when nothing is.
[[nodiscard]] std::string fault_of_claims(Json const& claims, OpenIdOptions const& options, std::string const& nonce,
                                          Instant now);

}  // namespace bihuan::identity
