// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "engine/service/place_identity.hpp"

namespace bihuan {

struct ServeOptions {
  std::string address = "127.0.0.1";
  int port = 8080;  // 0: any free one
  std::filesystem::path data = "data";
  std::string store{};    // postgresql://…, shared with other nodes; empty: in the data directory
  std::string replica{};  // of that store, for lists and reports; empty: none
  std::filesystem::path workflows;
  std::filesystem::path backups{};  // where they are made, for the age of the last one; empty: not told
  int workers = 0;                  // 0: by the machine
  std::string log_level = "info";
  bool secure_cookie = false;
  std::vector<std::string> totp_roles{};  // who holds one of these signs in with a second factor
  std::filesystem::path tls_certificate;  // both or none
  std::filesystem::path tls_key;
  std::vector<std::string> webhook_targets;
  std::vector<std::string> trusted_proxies;  // addresses and ranges
  std::string proxy_header = "x-forwarded";  // or "forwarded"
  int audit_days = 400;                      // how long the audit of reading is kept
  int seal_seconds = 300;                    // from one seal to the next
  std::string metrics_address = "127.0.0.1";
  int metrics_port = 0;                 // 0: /metrics beside the page
  std::vector<Membership> memberships;  // of who signs in by what follows
  std::string oidc_issuer;              // empty: none
  std::string oidc_client_id;
  std::string oidc_client_secret;
  std::string oidc_redirect_uri;
  std::vector<std::string> oidc_scopes{"openid", "profile"};
  std::string oidc_name_claim = "preferred_username";
  std::string oidc_full_name_claim = "name";
  std::string oidc_title_zh = "统一身份认证登录";
  std::string oidc_title_en = "Sign in with the unified identity service";
  bool oidc_second_factor = false;
  std::filesystem::path oidc_ca_file;
  std::string ldap_url;  // empty: none
  bool ldap_start_tls = false;
  std::filesystem::path ldap_ca_file;
  std::string ldap_bind_dn;
  std::string ldap_bind_password;
  std::string ldap_base;
  std::string ldap_filter = "(uid={name})";
  std::string ldap_name_attribute = "uid";
  std::string ldap_full_name_attribute = "cn";
  std::string ldap_group_base;
  std::string ldap_group_filter = "(member={dn})";
};

// `bihuan serve`: serves until SIGTERM or SIGINT, then finishes what is in flight, closes the database and
// returns 0. SIGHUP reads the certificate and its key again: new connections get them, open ones go on, and
// files that cannot be used change nothing. 1 when it cannot start, and says why. Ends in the same way with 3 when a
// newer program has changed the database that both share so that this one must not go on, and does not start with it.
int run_serve(ServeOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
