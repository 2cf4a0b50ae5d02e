// SPDX-License-Identifier: Apache-2.0
#include "api/identity/ldap_directory.hpp"

#include <ldap.h>
#include <sys/time.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "engine/core/reader.hpp"

namespace bihuan::identity {
namespace {

constexpr timeval patience{.tv_sec = 4, .tv_usec = 0};
constexpr int patience_seconds = 4;
constexpr std::size_t name_limit = 64;  // bytes, as of every name that is signed in with
constexpr std::size_t values_limit = 1000;
constexpr int groups_limit = 1000;

struct Free {
  void operator()(LDAP* connection) const { ldap_unbind_ext_s(connection, nullptr, nullptr); }
  void operator()(LDAPMessage* message) const { ldap_msgfree(message); }
  void operator()(char* text) const { ldap_memfree(text); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;
struct FreeValues {
  using pointer = berval**;
  void operator()(berval** values) const { ldap_value_free_len(values); }
};

auto unavailable(std::string const& what, int result) {
  return unavailable_because("the directory: " + what + ": " + ldap_err2string(result));
}
auto wrong(std::string reason) {
  return tl::make_unexpected(Fault{.code = Code::wrong_credentials, .reason = std::move(reason)});
}

std::string replaced(std::string filter, std::string_view name, std::string const& value) {
  for (auto at = filter.find(name); at != std::string::npos; at = filter.find(name, at + value.size()))
    filter.replace(at, name.size(), value);
  return filter;
}

// Each is asked of the library in its own way; what it does not take is a fault of the configuration.
int secure(LDAP* connection, LdapOptions const& options) {
  int const demand = LDAP_OPT_X_TLS_HARD;
  int const client = 0;
  int result = ldap_set_option(connection, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
  if (result == LDAP_SUCCESS && !options.ca_file.empty())
    result = ldap_set_option(connection, LDAP_OPT_X_TLS_CACERTFILE, options.ca_file.c_str());
  // What was set above counts from a new context on.
  if (result == LDAP_SUCCESS) result = ldap_set_option(connection, LDAP_OPT_X_TLS_NEWCTX, &client);
  if (result == LDAP_SUCCESS && options.start_tls) result = ldap_start_tls_s(connection, nullptr, nullptr);
  return result;
}

Outcome<Owned<LDAP>> connect(LdapOptions const& options) {
  LDAP* raw = nullptr;
  if (int const result = ldap_initialize(&raw, options.url.c_str()); result != LDAP_SUCCESS)
    return unavailable(options.url, result);
  Owned<LDAP> connection(raw);
  int const version = LDAP_VERSION3;
  ldap_set_option(raw, LDAP_OPT_PROTOCOL_VERSION, &version);
  ldap_set_option(raw, LDAP_OPT_NETWORK_TIMEOUT, &patience);
  ldap_set_option(raw, LDAP_OPT_TIMEOUT, &patience);
  ldap_set_option(raw, LDAP_OPT_TIMELIMIT, &patience_seconds);
  ldap_set_option(raw, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
  ldap_set_option(raw, LDAP_OPT_RESTART, LDAP_OPT_ON);
  bool const has_tls = options.start_tls || options.url.starts_with("ldaps://");
  if (int const result = has_tls ? secure(raw, options) : LDAP_SUCCESS; result != LDAP_SUCCESS)
    return unavailable(options.url, result);
  return connection;
}

int bind_as(LDAP* connection, std::string const& dn, std::string const& password) {
  std::string secret = password;
  berval credentials{.bv_len = secret.size(), .bv_val = secret.data()};
  return ldap_sasl_bind_s(connection, dn.c_str(), LDAP_SASL_SIMPLE, &credentials, nullptr, nullptr, nullptr);
}

struct Search {
  std::string base;
  std::string filter;
  std::vector<std::string> attributes;
  int limit = 0;
};

// What was found; more than the limit is not a fault here.
Outcome<Owned<LDAPMessage>> search(LDAP* connection, Search what) {
  std::vector<char*> attributes;
  for (auto& name : what.attributes) attributes.push_back(name.data());
  attributes.push_back(nullptr);
  LDAPMessage* found = nullptr;
  timeval limit = patience;
  int const result = ldap_search_ext_s(connection, what.base.c_str(), LDAP_SCOPE_SUBTREE, what.filter.c_str(),
                                       attributes.data(), 0, nullptr, nullptr, &limit, what.limit, &found);
  Owned<LDAPMessage> message(found);
  if (result != LDAP_SUCCESS && result != LDAP_SIZELIMIT_EXCEEDED) return unavailable("search", result);
  return message;
}

std::string name_of(LDAP* connection, LDAPMessage* entry) {
  Owned<char> const dn(ldap_get_dn(connection, entry));
  return dn ? std::string(dn.get()) : std::string();
}

std::vector<std::string> values_of(LDAP* connection, LDAPMessage* entry, std::string const& attribute) {
  std::vector<std::string> values;
  std::unique_ptr<berval*, FreeValues> const read(ldap_get_values_len(connection, entry, attribute.c_str()));
  auto const count = std::min(values_limit, static_cast<std::size_t>(ldap_count_values_len(read.get())));
  for (std::size_t index = 0; index < count; ++index) {
    auto const& value = *read.get()[index];
    values.emplace_back(value.bv_val, value.bv_len);
  }
  return values;
}

std::string first_of(std::vector<std::string> const& values) {
  return values.empty() ? std::string() : values.front();
}

struct Found {
  std::string dn;
  PlaceIdentity identity;
};

// Who has this name, by whoever looks people up; nothing when it is nobody, or not one alone.
Outcome<std::optional<Found>> look_up(LDAP* connection, LdapOptions const& options, std::string const& name) {
  std::vector<std::string> attributes{options.name_attribute, options.full_name_attribute};
  attributes.insert(attributes.end(), options.attributes.begin(), options.attributes.end());
  auto const found = search(connection, {.base = options.base,
                                         .filter = replaced(options.filter, "{name}", filter_text(name)),
                                         .attributes = attributes,
                                         .limit = 2});
  if (!found) return tl::make_unexpected(found.error());
  if (ldap_count_entries(connection, found->get()) != 1) return std::nullopt;
  auto* const entry = ldap_first_entry(connection, found->get());
  Found person{.dn = name_of(connection, entry), .identity = {}};
  person.identity.name = first_of(values_of(connection, entry, options.name_attribute));
  person.identity.full_name = first_of(values_of(connection, entry, options.full_name_attribute));
  for (auto const& attribute : attributes) person.identity.says[attribute] = values_of(connection, entry, attribute);
  if (person.dn.empty() || person.identity.name.empty()) return std::nullopt;
  return person;
}

Outcome<std::vector<std::string>> groups_of(LDAP* connection, LdapOptions const& options, std::string const& dn) {
  auto const found = search(connection, {.base = options.group_base,
                                         .filter = replaced(options.group_filter, "{dn}", filter_text(dn)),
                                         .attributes = {LDAP_NO_ATTRS},
                                         .limit = groups_limit});
  if (!found) return tl::make_unexpected(found.error());
  std::vector<std::string> groups;
  for (auto* entry = ldap_first_entry(connection, found->get()); entry != nullptr;
       entry = ldap_next_entry(connection, entry)) {
    groups.push_back(name_of(connection, entry));
  }
  return groups;
}

}  // namespace

std::string filter_text(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string escaped;
  for (char const c : text) {
    if (c == '*' || c == '(' || c == ')' || c == '\\' || c == '\0') {
      auto const byte = static_cast<unsigned char>(c);
      escaped += {'\\', digits[byte >> 4U], digits[byte & 15U]};
    } else {
      escaped += c;
    }
  }
  return escaped;
}

Outcome<PlaceIdentity> LdapDirectory::confirm(std::string const& name, std::string const& password) const {
  // Without a password a directory lets anybody in, as nobody (RFC 4513, section 5.1.2).
  if (password.empty() || password.find('\0') != std::string::npos) return wrong("no password");
  if (name.empty() || check_text(name, name_limit, {})) return wrong("no name");
  auto const connection = connect(options_);
  if (!connection) return tl::make_unexpected(connection.error());
  auto* const looking = connection->get();
  if (int const result = bind_as(looking, options_.bind_dn, options_.bind_password); result != LDAP_SUCCESS)
    return unavailable("who looks people up cannot bind", result);
  auto found = look_up(looking, options_, name);
  if (!found) return tl::make_unexpected(found.error());
  if (!*found) return wrong("not one entry by the filter");
  auto person = std::move(**found);
  if (!options_.group_base.empty()) {
    auto groups = groups_of(looking, options_, person.dn);
    if (!groups) return tl::make_unexpected(groups.error());
    person.identity.says[std::string(group_claim)] = std::move(*groups);
  }
  // Last, so that what the person may not read was read already.
  int const result = bind_as(looking, person.dn, password);
  if (result == LDAP_SUCCESS) return std::move(person.identity);
  bool const unreached = LDAP_API_ERROR(result) || result == LDAP_BUSY || result == LDAP_UNAVAILABLE;
  if (unreached) return unavailable("bind", result);
  return wrong(ldap_err2string(result));
}

}  // namespace bihuan::identity
