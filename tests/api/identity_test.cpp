// SPDX-License-Identifier: Apache-2.0
// What needs no provider and no directory; tests/sign_in asks real ones.
#include <doctest/doctest.h>

#include "api/identity/fetch.hpp"
#include "api/identity/ldap_directory.hpp"
#include "api/identity/open_id.hpp"

using namespace bihuan;
using namespace bihuan::identity;

namespace {

Instant const now(std::chrono::seconds(1'800'000'000));

OpenIdOptions const options{.issuer = "https://login.example.org",
                            .client_id = "bihuan",
                            .redirect_uri = "https://bihuan.example/api/v1/session/oidc/callback"};

// RFC 2606: a name that leads nowhere; nothing may be asked for where this is used.
OpenId nowhere() {
  return {{.issuer = "https://nowhere.invalid", .client_id = "bihuan"}, [] { return now; }};
}

}  // namespace

TEST_CASE("what a journey needs follows from its secret alone, and differs by purpose") {
  Journey const journey;
  Journey const again(journey.secret());
  CHECK(again.state() == journey.state());
  CHECK(again.nonce() == journey.nonce());
  CHECK(again.verifier() == journey.verifier());
  CHECK(journey.state() != journey.nonce());
  CHECK(journey.state() != journey.verifier());
  CHECK(Journey().state() != journey.state());
  CHECK(journey.verifier().size() == 43);  // RFC 7636 wants that many at least
}

TEST_CASE("PKCE's own example comes out as it stands there") {
  CHECK(base64url_of(sha256_bytes("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")) ==
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST_CASE("a token's instants are taken with a minute's difference of clocks, and not more") {
  Journey const journey;
  auto const claims = [&](std::int64_t issued, std::int64_t expires) {
    return Json{{"iss", options.issuer},    {"aud", options.client_id},      {"sub", "zhang"},
                {"nonce", journey.nonce()}, {"iat", 1'800'000'000 + issued}, {"exp", 1'800'000'000 + expires}};
  };
  CHECK(fault_of_claims(claims(0, 300), options, journey.nonce(), now).empty());
  CHECK(fault_of_claims(claims(59, 300), options, journey.nonce(), now).empty());
  CHECK_FALSE(fault_of_claims(claims(61, 300), options, journey.nonce(), now).empty());
  CHECK(fault_of_claims(claims(-300, -59), options, journey.nonce(), now).empty());
  CHECK_FALSE(fault_of_claims(claims(-300, -60), options, journey.nonce(), now).empty());
}

TEST_CASE("a state that is not the journey's is refused before anybody is asked") {
  auto const finished = nowhere().finish(Journey(), {.code = "c", .state = "of another", .issuer = {}});
  REQUIRE_FALSE(finished.has_value());
  CHECK(finished.error().code == Code::identity_refused);
}

TEST_CASE("one that cannot be reached is said to be so") {
  auto const address = nowhere().address_of(Journey());
  REQUIRE_FALSE(address.has_value());
  CHECK(address.error().code == Code::identity_unavailable);
  LdapDirectory const directory({.url = "ldap://127.0.0.1:1", .base = "dc=bn", .filter = "(uid={name})"});
  auto const confirmed = directory.confirm("zhang", "a password");
  REQUIRE_FALSE(confirmed.has_value());
  CHECK(confirmed.error().code == Code::identity_unavailable);
  // Not even asked.
  CHECK(directory.confirm("zhang", "").error().code == Code::wrong_credentials);
}

TEST_CASE("a text within a filter means itself") {
  CHECK(filter_text("zhang") == "zhang");
  CHECK(filter_text("张*(x)\\") == "张\\2a\\28x\\29\\5c");
  CHECK(filter_text(std::string_view("a\0b", 3)) == "a\\00b");
}

TEST_CASE("nothing secret goes over a line that others can read") {
  for (auto const* const good :
       {"https://login.example.org", "http://127.0.0.1:3000/x", "http://[::1]/", "http://localhost:1"})
    CHECK(is_guarded_url(good));
  for (auto const* const bad : {"http://login.example.org", "http://127.0.0.1.example.org", "ftp://127.0.0.1", "",
                                "https://user:word@login.example.org", "http://128.0.0.1", "file:///etc/passwd"})
    CHECK_FALSE(is_guarded_url(bad));
}
