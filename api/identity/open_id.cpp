// SPDX-License-Identifier: Apache-2.0
#include "api/identity/open_id.hpp"

#include <sodium.h>

#include <algorithm>

#include "api/identity/fetch.hpp"
#include "api/routes/answer.hpp"

namespace bihuan::identity {
namespace {

using namespace std::chrono_literals;

constexpr auto description_holds = 1h;
constexpr auto keys_hold = 1h;
constexpr auto pause_after_vain = 60s;
// By how much a provider's clock may differ from ours.
constexpr std::int64_t clock_difference = 60;
constexpr std::size_t values_limit = 1000;  // of one claim

std::string text_of(Json const& object, std::string const& name) {
  auto const found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::int64_t> instant_of(Json const& claims, char const* name) {
  auto const found = claims.find(name);
  if (found == claims.end() || !found->is_number()) return std::nullopt;
  auto const value = found->get<double>();
  if (!(value > -1e15 && value < 1e15)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

bool names(Json const& audience, std::string const& client) {
  if (audience.is_string()) return audience == client;
  return audience.is_array() && std::ranges::find(audience, Json(client)) != audience.end();
}

std::vector<std::string> values_of(Json const& claim) {
  std::vector<std::string> values;
  auto const add = [&](Json const& value) {
    if (values.size() == values_limit) return;
    if (value.is_string()) values.push_back(value.get<std::string>());
    if (value.is_boolean() || value.is_number_integer()) values.push_back(value.dump());
  };
  if (claim.is_array()) {
    for (auto const& value : claim) add(value);
  } else {
    add(claim);
  }
  return values;
}

Outcome<Json> json_of(Outcome<Fetched> const& fetched, std::string const& what) {
  if (!fetched) return tl::make_unexpected(fetched.error());
  if (fetched->status != 200) return unavailable_because(what + " answers " + std::to_string(fetched->status));
  auto read = Json::parse(fetched->body, nullptr, false);
  if (!read.is_object()) return unavailable_because(what + " is no JSON object");
  return read;
}

// The provider's word for what was wrong, as far as it is one.
std::string error_in(std::string const& body) {
  auto const read = Json::parse(body, nullptr, false);
  auto const error = read.is_object() ? text_of(read, "error") : std::string();
  return error.substr(0, 100);
}

bool same_text(std::string const& left, std::string const& right) {
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace

Journey::Journey() {
  std::string bytes(32, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  secret_ = base64url_of(bytes);
}

std::string Journey::derived(std::string_view purpose) const {
  return base64url_of(sha256_bytes(std::string(purpose) + ":" + secret_));
}

std::string fault_of_claims(Json const& claims, OpenIdOptions const& options, std::string const& nonce, Instant now) {
  if (text_of(claims, "iss") != options.issuer) return "it is of another issuer";
  auto const audience = claims.find("aud");
  if (audience == claims.end() || !names(*audience, options.client_id)) return "it is for another audience";
  auto const party = claims.find("azp");
  bool const has_party = party != claims.end();
  if (has_party && *party != options.client_id) return "another party was authorised by it";
  if (audience->is_array() && audience->size() > 1 && !has_party) return "it is for several, and does not say whom";
  auto const seconds = now.time_since_epoch().count();
  auto const expires = instant_of(claims, "exp");
  if (!expires || *expires + clock_difference <= seconds) return "it has expired";
  auto const issued = instant_of(claims, "iat");
  if (!issued || *issued - clock_difference > seconds) return "it was issued in the future";
  auto const not_before = instant_of(claims, "nbf");
  if (claims.contains("nbf") && (!not_before || *not_before - clock_difference > seconds)) return "it is not valid yet";
  if (!same_text(text_of(claims, "nonce"), nonce)) return "it was issued for another sign-in (nonce)";
  if (text_of(claims, "sub").empty()) return "it does not say whom it is about";
  return {};
}

Outcome<std::shared_ptr<OpenId::Provider const>> OpenId::provider() {
  {
    std::scoped_lock const lock(mutex_);
    if (provider_ && clock_() - provider_->known_since < description_holds && clock_() >= provider_->known_since)
      return provider_;
  }
  auto found = discover();
  std::scoped_lock const lock(mutex_);
  if (found) provider_ = *found;
  // One that was known is gone on with: it may be down for a moment.
  if (!found && provider_) return provider_;
  return found;
}

Outcome<std::shared_ptr<OpenId::Provider const>> OpenId::discover() const {
  auto base = options_.issuer;
  if (base.ends_with('/')) base.pop_back();
  auto const url = base + "/.well-known/openid-configuration";
  auto const read = json_of(fetch({.url = url, .ca_file = options_.ca_file}), url);
  if (!read) return tl::make_unexpected(read.error());
  if (text_of(*read, "issuer") != options_.issuer)
    return unavailable_because(url + " is of another issuer than " + options_.issuer);
  auto found = std::make_shared<Provider>(Provider{.authorization_endpoint = text_of(*read, "authorization_endpoint"),
                                                   .token_endpoint = text_of(*read, "token_endpoint"),
                                                   .keys_uri = text_of(*read, "jwks_uri"),
                                                   .userinfo_endpoint = text_of(*read, "userinfo_endpoint"),
                                                   .known_since = clock_()});
  for (auto const& endpoint : {found->authorization_endpoint, found->token_endpoint, found->keys_uri}) {
    if (!is_guarded_url(endpoint)) return unavailable_because(url + " leads to “" + endpoint.substr(0, 200) + "”");
  }
  if (!found->userinfo_endpoint.empty() && !is_guarded_url(found->userinfo_endpoint)) found->userinfo_endpoint.clear();
  auto const methods = read->find("token_endpoint_auth_methods_supported");
  // Without a word of it, in the header.
  found->secret_in_body =
      methods != read->end() && !names(*methods, "client_secret_basic") && names(*methods, "client_secret_post");
  return std::shared_ptr<Provider const>(std::move(found));
}

Outcome<std::shared_ptr<KeySet const>> OpenId::keys(Provider const& provider, WebToken const& token) {
  {
    std::scoped_lock const lock(mutex_);
    auto const now = clock_();
    bool const fresh = keys_ && now >= keys_since_ && now - keys_since_ < keys_hold;
    bool const known = !token.key_id || (keys_ && keys_->has(*token.key_id));
    bool const in_vain = asked_in_vain_ && now >= *asked_in_vain_ && now - *asked_in_vain_ < pause_after_vain;
    if (fresh && (known || in_vain)) return keys_;
  }
  auto const read = fetch({.url = provider.keys_uri, .ca_file = options_.ca_file});
  auto set = read && read->status == 200 ? KeySet::parse(read->body) : std::nullopt;
  if (!set) return unavailable_because(read ? provider.keys_uri + " is no set of keys" : read.error().reason);
  std::scoped_lock const lock(mutex_);
  keys_ = std::make_shared<KeySet const>(std::move(*set));
  keys_since_ = clock_();
  if (token.key_id && !keys_->has(*token.key_id)) asked_in_vain_ = keys_since_;
  return keys_;
}

Outcome<std::string> OpenId::address_of(Journey const& journey) {
  auto const known = provider();
  if (!known) return tl::make_unexpected(known.error());
  std::string scope;
  for (auto const& name : options_.scopes) scope += (scope.empty() ? "" : " ") + name;
  auto const& endpoint = (*known)->authorization_endpoint;
  return endpoint + (endpoint.find('?') == std::string::npos ? "?" : "&") +
         form_of({{"response_type", "code"},
                  {"client_id", options_.client_id},
                  {"redirect_uri", options_.redirect_uri},
                  {"scope", scope},
                  {"state", journey.state()},
                  {"nonce", journey.nonce()},
                  {"code_challenge", base64url_of(sha256_bytes(journey.verifier()))},
                  {"code_challenge_method", "S256"}});
}

Outcome<OpenId::Tokens> OpenId::redeem(Provider const& provider, Journey const& journey,
                                       std::string const& code) const {
  std::vector<std::pair<std::string, std::string>> form{{"grant_type", "authorization_code"},
                                                        {"code", code},
                                                        {"redirect_uri", options_.redirect_uri},
                                                        {"code_verifier", journey.verifier()}};
  Asked asked{.url = provider.token_endpoint, .ca_file = options_.ca_file};
  bool const in_header = !options_.client_secret.empty() && !provider.secret_in_body;
  if (in_header) {
    // RFC 6749, section 2.3.1: each form-encoded before they are joined.
    auto const pair =
        routes::percent_encoded(options_.client_id) + ":" + routes::percent_encoded(options_.client_secret);
    std::string text(sodium_base64_encoded_len(pair.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<unsigned char const*>(pair.data()), pair.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();
    asked.fields.push_back("Authorization: Basic " + text);
  } else {
    form.emplace_back("client_id", options_.client_id);
    if (!options_.client_secret.empty()) form.emplace_back("client_secret", options_.client_secret);
  }
  asked.form = form_of(form);
  auto const answer = fetch(asked);
  if (!answer) return tl::make_unexpected(answer.error());
  if (answer->status >= 500) return unavailable_because("the token endpoint answers " + std::to_string(answer->status));
  if (answer->status != 200)
    return refused_because("the token endpoint answers " + std::to_string(answer->status) + " " +
                           error_in(answer->body));
  auto const read = Json::parse(answer->body, nullptr, false);
  if (!read.is_object() || text_of(read, "id_token").empty())
    return refused_because("the token endpoint gives no id_token");
  return Tokens{.id_token = text_of(read, "id_token"), .access_token = text_of(read, "access_token")};
}

Outcome<Json> OpenId::believed_claims(Provider const& provider, std::string const& id_token, std::string const& nonce) {
  auto token = WebToken::parse(id_token);
  if (!token) return refused_because("the id_token is no token");
  if (!token->algorithm) return refused_because("the id_token is not signed by RS256 or ES256");
  if (token->critical) return refused_because("the id_token demands what is not known here");
  auto const set = keys(provider, *token);
  if (!set) return tl::make_unexpected(set.error());
  if (!(*set)->signed_by_one(*token->algorithm, token->key_id, token->signed_bytes, token->signature))
    return refused_because("the id_token is not signed by a key of the provider");
  if (auto const fault = fault_of_claims(token->claims, options_, nonce, clock_()); !fault.empty())
    return refused_because("the id_token is not for here: " + fault);
  return std::move(token->claims);
}

Outcome<Json> OpenId::with_user_information(Provider const& provider, Json claims,
                                            std::string const& access_token) const {
  // It goes into a header line.
  bool const plain = std::ranges::all_of(access_token, [](char c) { return c > ' ' && c <= '~'; });
  if (provider.userinfo_endpoint.empty() || access_token.empty() || !plain) return claims;
  auto const more = json_of(fetch({.url = provider.userinfo_endpoint,
                                   .fields = {"Authorization: Bearer " + access_token},
                                   .ca_file = options_.ca_file}),
                            "the userinfo endpoint");
  if (!more) return tl::make_unexpected(more.error());
  if (text_of(*more, "sub") != text_of(claims, "sub")) return refused_because("the userinfo is about somebody else");
  for (auto const& [name, value] : more->items()) {
    if (!claims.contains(name)) claims[name] = value;
  }
  return claims;
}

Outcome<PlaceIdentity> OpenId::identity_of(Json const& claims) const {
  PlaceIdentity identity{.name = text_of(claims, options_.name_claim),
                         .full_name = text_of(claims, options_.full_name_claim)};
  if (identity.name.empty()) return refused_because("the claim " + options_.name_claim + " is missing");
  for (auto const& [name, value] : claims.items()) identity.says[name] = values_of(value);
  return identity;
}

Outcome<PlaceIdentity> OpenId::finish(Journey const& journey, Returned const& returned) {
  if (!same_text(returned.state, journey.state())) return refused_because("the state is of another browser or sign-in");
  if (!returned.issuer.empty() && returned.issuer != options_.issuer) return refused_because("another issuer answered");
  auto const known = provider();
  if (!known) return tl::make_unexpected(known.error());
  auto const tokens = redeem(**known, journey, returned.code);
  if (!tokens) return tl::make_unexpected(tokens.error());
  auto claims = believed_claims(**known, tokens->id_token, journey.nonce());
  if (!claims) return tl::make_unexpected(claims.error());
  auto const all = with_user_information(**known, std::move(*claims), tokens->access_token);
  if (!all) return tl::make_unexpected(all.error());
  return identity_of(*all);
}

}  // namespace bihuan::identity
