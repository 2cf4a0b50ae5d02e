// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/place.hpp"

#include <unistd.h>

#include <algorithm>

#include "api/identity/fetch.hpp"
#include "engine/core/message.hpp"

namespace bihuan {
namespace {

constexpr std::string_view callback = "/api/v1/session/oidc/callback";

class Faults {
 public:
  void need(std::string const& value, char const* name, char const* because) {
    if (value.empty()) all.push_back(message("config.needed", {{"name", name}, {"other", because}}));
  }
  void expect(bool good, char const* name, std::string const& value, Text const& expected) {
    if (!good) all.push_back(message("config.bad_value", {{"name", name}, {"value", value}, {"expected", expected}}));
  }
  void readable(std::filesystem::path const& file, char const* name) {
    expect(file.empty() || access(file.c_str(), R_OK) == 0, name, file.string(), message("expected.readable_file"));
  }

  std::vector<Text> all;
};

bool is_guarded_ldap(ServeOptions const& options) {
  auto const& url = options.ldap_url;
  if (url.starts_with("ldaps://") || url.starts_with("ldapi://")) return true;
  return url.starts_with("ldap://") && (options.ldap_start_tls || identity::is_guarded_url("http" + url.substr(4)));
}

bool holds(std::string const& text, char const* word) {
  return text.find(word) != std::string::npos;
}

Text filter_with(char const* word) {
  return message("expected.filter_with", {{"word", word}});
}

void check_open_id(ServeOptions const& options, Faults& faults) {
  faults.need(options.oidc_client_id, "oidc.client_id", "oidc.issuer");
  faults.need(options.oidc_name_claim, "oidc.name_claim", "oidc.issuer");
  faults.expect(identity::is_guarded_url(options.oidc_issuer), "oidc.issuer", options.oidc_issuer,
                message("expected.guarded_url"));
  faults.expect(identity::is_guarded_url(options.oidc_redirect_uri) && options.oidc_redirect_uri.ends_with(callback),
                "oidc.redirect_uri", options.oidc_redirect_uri,
                message("expected.callback", {{"path", std::string(callback)}}));
  faults.expect(std::ranges::find(options.oidc_scopes, "openid") != options.oidc_scopes.end(), "oidc.scopes",
                options.oidc_scopes.empty() ? "" : options.oidc_scopes.front(), message("expected.openid_scope"));
  faults.readable(options.oidc_ca_file, "oidc.ca_file");
}

void check_ldap(ServeOptions const& options, Faults& faults) {
  faults.expect(is_guarded_ldap(options), "ldap.url", options.ldap_url, message("expected.guarded_ldap"));
  faults.need(options.ldap_base, "ldap.base", "ldap.url");
  faults.need(options.ldap_name_attribute, "ldap.name_attribute", "ldap.url");
  faults.expect(holds(options.ldap_filter, "{name}"), "ldap.filter", options.ldap_filter, filter_with("{name}"));
  if (!options.ldap_group_base.empty())
    faults.expect(holds(options.ldap_group_filter, "{dn}"), "ldap.group_filter", options.ldap_group_filter,
                  filter_with("{dn}"));
  // Without one it would be nobody who looks people up, and look as if all were well.
  if (!options.ldap_bind_dn.empty()) faults.need(options.ldap_bind_password, "ldap.bind_password", "ldap.bind_dn");
  faults.readable(options.ldap_ca_file, "ldap.ca_file");
}

std::vector<std::string> claims_of(std::vector<Membership> const& memberships) {
  std::vector<std::string> claims;
  for (auto const& membership : memberships) {
    if (!membership.claim.empty() && membership.claim != identity::group_claim) claims.push_back(membership.claim);
  }
  return claims;
}

}  // namespace

std::vector<Text> faults_of_place(ServeOptions const& options) {
  Faults faults;
  bool const open_id = !options.oidc_issuer.empty();
  bool const ldap = !options.ldap_url.empty();
  if (open_id) check_open_id(options, faults);
  if (ldap) check_ldap(options, faults);
  if (options.memberships.empty() && (open_id || ldap))
    faults.need("", "sign_in.memberships", open_id ? "oidc.issuer" : "ldap.url");
  return std::move(faults.all);
}

std::unique_ptr<identity::PlaceSignIn> place_sign_in(ServeOptions const& options, Clock clock) {
  if (options.oidc_issuer.empty() && options.ldap_url.empty()) return nullptr;
  auto place = std::make_unique<identity::PlaceSignIn>();
  place->memberships = options.memberships;
  if (!options.oidc_issuer.empty()) {
    place->open_id = std::make_unique<identity::OpenId>(
        identity::OpenIdOptions{.issuer = options.oidc_issuer,
                                .client_id = options.oidc_client_id,
                                .client_secret = options.oidc_client_secret,
                                .redirect_uri = options.oidc_redirect_uri,
                                .scopes = options.oidc_scopes,
                                .name_claim = options.oidc_name_claim,
                                .full_name_claim = options.oidc_full_name_claim,
                                .ca_file = options.oidc_ca_file.string(),
                                .title = {options.oidc_title_zh, options.oidc_title_en},
                                .second_factor = options.oidc_second_factor},
        std::move(clock));
  }
  if (!options.ldap_url.empty()) {
    place->directory = std::make_unique<identity::LdapDirectory>(
        identity::LdapOptions{.url = options.ldap_url,
                              .start_tls = options.ldap_start_tls,
                              .ca_file = options.ldap_ca_file.string(),
                              .bind_dn = options.ldap_bind_dn,
                              .bind_password = options.ldap_bind_password,
                              .base = options.ldap_base,
                              .filter = options.ldap_filter,
                              .name_attribute = options.ldap_name_attribute,
                              .full_name_attribute = options.ldap_full_name_attribute,
                              .group_base = options.ldap_group_base,
                              .group_filter = options.ldap_group_filter,
                              .attributes = claims_of(options.memberships)});
  }
  return place;
}

}  // namespace bihuan
