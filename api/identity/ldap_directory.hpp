// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/identity/identity_fault.hpp"
#include "engine/service/place_identity.hpp"

namespace bihuan::identity {

struct LdapOptions {
  std::string url{};  // ldaps://, ldap:// or ldapi://
  bool start_tls = false;
  std::string ca_file{};  // PEM; empty: what the system trusts
  std::string bind_dn{};  // of who looks people up; empty: anonymous
  std::string bind_password{};
  std::string base{};
  std::string filter{};  // of a person; {name} is what they typed
  std::string name_attribute{};
  std::string full_name_attribute{};
  std::string group_base{};               // empty: groups are not asked for
  std::string group_filter{};             // of the groups of a person; {dn} is who they are
  std::vector<std::string> attributes{};  // further ones to be read
};

// What groups are called among the things that a directory says of somebody.
inline constexpr std::string_view group_claim = "groups";

// A text within a filter, so that it means itself (RFC 4515, section 3).
[[nodiscard]] std::string filter_text(std::string_view text);

// An LDAP directory: somebody is who has exactly one entry by the filter and may bind as it. Each call opens a
// connection of its own and takes a few seconds at most. Safe to call from any thread.
class LdapDirectory {
 public:
  explicit LdapDirectory(LdapOptions options) : options_(std::move(options)) {}

  // Refused with wrong_credentials or identity_unavailable.
  [[nodiscard]] Outcome<PlaceIdentity> confirm(std::string const& name, std::string const& password) const;

 private:
  LdapOptions const options_;
};

}  // namespace bihuan::identity
