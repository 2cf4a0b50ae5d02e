// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/settings.hpp"

#include <algorithm>
#include <cctype>

namespace bihuan {

std::string Setting::name() const {
  return std::string(section) + "." + std::string(key);
}

std::string Setting::variable() const {
  auto name = "BIHUAN_" + std::string(section) + "__" + std::string(key);
  std::ranges::transform(name, name.begin(), [](unsigned char one) { return static_cast<char>(std::toupper(one)); });
  return name;
}

std::vector<Setting> const& settings() {
  using Options = ServeOptions;
  static std::vector<Setting> const all{
      {"server", "address", "--address", "Where to listen", &Options::address},
      {"server", "port", "--port", "0 takes any free one", &Options::port, 0, 65535},
      {"server", "workers", "--workers", "Threads for requests; 0 goes by the machine", &Options::workers, 0, 1024},
      {"server", "secure_cookie", "--secure-cookie", "Behind TLS: the session cookie never travels in the clear",
       &Options::secure_cookie},
      {"server", "trusted_proxies", "--trusted-proxy",
       "ADDRESS[/bits] whose word on the client is believed; repeatable", &Options::trusted_proxies},
      {"server",
       "proxy_header",
       "--proxy-header",
       "What that proxy writes; the other is ignored",
       &Options::proxy_header,
       0,
       0,
       {"x-forwarded", "forwarded"}},
      {"tls", "certificate", "--tls-certificate", "PEM, with its chain; read again on SIGHUP",
       &Options::tls_certificate},
      {"tls", "key", "--tls-key", "PEM, not encrypted", &Options::tls_key},
      {"data", "directory", "--data", "The data directory; made when it is not there", &Options::data},
      {"data", "store", "--store",
       "postgresql://… for several nodes on one database; the data directory then keeps the key alone",
       &Options::store},
      {"data", "replica", "--replica",
       "postgresql://… of a standby of that store; lists and reports are read there when it has all that was confirmed",
       &Options::replica},
      {"data", "workflows", "--workflows", "Definitions, calendars and organisation", &Options::workflows},
      {"data", "backups", "--backups", "Where the backups are made, for the age of the last one", &Options::backups},
      {"sign_in", "second_factor_roles", "--totp-role", "A role that needs a second factor; may be given again",
       &Options::totp_roles},
      {"sign_in", "memberships", "",
       "Unit and roles of who signs in by OpenID Connect or LDAP: {claim, value, unit, roles}, one for each group",
       &Options::memberships},
      {"oidc", "issuer", "--oidc-issuer", "The provider of OpenID Connect; none without", &Options::oidc_issuer},
      {"oidc", "client_id", "--oidc-client-id", "What the provider calls this service", &Options::oidc_client_id},
      {.section = "oidc",
       .key = "client_secret",
       .flag = "",
       .what = "What it shows there; none for a public client",
       .member = &Options::oidc_client_secret,
       .secret = true},
      {"oidc", "redirect_uri", "--oidc-redirect-uri",
       "The page's own address with /api/v1/session/oidc/callback, as the provider knows it",
       &Options::oidc_redirect_uri},
      {"oidc", "scopes", "--oidc-scope", "What the provider is asked for, openid among it; repeatable",
       &Options::oidc_scopes},
      {"oidc", "name_claim", "--oidc-name-claim", "The claim that is the name here: unique, and never another's later",
       &Options::oidc_name_claim},
      {"oidc", "full_name_claim", "--oidc-full-name-claim", "The claim that others read",
       &Options::oidc_full_name_claim},
      {"oidc", "title_zh", "--oidc-title-zh", "On the button, in Chinese", &Options::oidc_title_zh},
      {"oidc", "title_en", "--oidc-title-en", "On the button, in English", &Options::oidc_title_en},
      {"oidc", "second_factor", "--oidc-second-factor", "The provider asks for a second factor itself",
       &Options::oidc_second_factor},
      {"oidc", "ca_file", "--oidc-ca-file", "PEM that its certificate is held against; else what the system trusts",
       &Options::oidc_ca_file},
      {"ldap", "url", "--ldap-url", "A directory: ldaps://, ldap:// with start_tls, or ldapi://; none without",
       &Options::ldap_url},
      {"ldap", "start_tls", "--ldap-start-tls", "Goes over to TLS before anything is said", &Options::ldap_start_tls},
      {"ldap", "ca_file", "--ldap-ca-file", "PEM that its certificate is held against; else what the system trusts",
       &Options::ldap_ca_file},
      {"ldap", "bind_dn", "--ldap-bind-dn", "Who looks people up; anonymous without", &Options::ldap_bind_dn},
      {.section = "ldap",
       .key = "bind_password",
       .flag = "",
       .what = "The password of who looks people up",
       .member = &Options::ldap_bind_password,
       .secret = true},
      {"ldap", "base", "--ldap-base", "Below which people stand", &Options::ldap_base},
      {"ldap", "filter", "--ldap-filter", "Of a person; {name} is what was typed", &Options::ldap_filter},
      {"ldap", "name_attribute", "--ldap-name-attribute", "The attribute that is the name here",
       &Options::ldap_name_attribute},
      {"ldap", "full_name_attribute", "--ldap-full-name-attribute", "The attribute that others read",
       &Options::ldap_full_name_attribute},
      {"ldap", "group_base", "--ldap-group-base", "Below which groups stand, for the claim “groups”; none without",
       &Options::ldap_group_base},
      {"ldap", "group_filter", "--ldap-group-filter", "Of a person's groups; {dn} is the person",
       &Options::ldap_group_filter},
      {"audit", "days", "--audit-days", "How long the audit of reading is kept; 184 at least: the longest six months",
       &Options::audit_days, 184, 36500},
      {"seals", "seconds", "--seal-seconds", "From one seal of the log of all events to the next",
       &Options::seal_seconds, 1, 86400},
      {"webhooks", "targets", "--webhook-target",
       "HOST[:port], *.DOMAIN or ADDRESS[/bits] that webhooks may send to; repeatable, none without",
       &Options::webhook_targets},
      {"metrics", "address", "--metrics-address", "Where /metrics is served, apart from the page",
       &Options::metrics_address},
      {"metrics", "port", "--metrics-port", "0 serves it beside the page; else on a port of its own",
       &Options::metrics_port, 0, 65535},
      {"log",
       "level",
       "--log-level",
       "From which weight on",
       &Options::log_level,
       0,
       0,
       {"trace", "debug", "info", "warning", "error", "off"}},
  };
  return all;
}

}  // namespace bihuan
