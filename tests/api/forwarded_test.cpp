// SPDX-License-Identifier: Apache-2.0
#include "api/http/forwarded.hpp"

#include <doctest/doctest.h>

#include "tests/api/served.hpp"

namespace bihuan::test {
namespace {

using http::Headers;
using http::Network;
using http::ProxyHeader;
using http::Request;
using http::Response;
using http::TrustedProxies;

TrustedProxies trusting(std::initializer_list<std::string> networks, ProxyHeader header = ProxyHeader::x_forwarded) {
  TrustedProxies proxies{.header = header};
  for (auto const& text : networks) proxies.networks.push_back(Network::parse(text).value());
  return proxies;
}

http::Route who() {
  return {.method = "GET", .pattern = "/who", .handler = [](Request& request) {
            return Response{.body = request.remote_address + (request.secure ? " safely" : "")};
          }};
}

}  // namespace

TEST_CASE("a network holds the addresses it should") {
  struct Case {
    std::string network;
    std::string address;
    bool inside;
  };
  for (auto const& [network, address, inside] :
       std::initializer_list<Case>{{"10.0.0.0/8", "10.255.0.1", true},
                                   {"10.0.0.0/8", "11.0.0.1", false},
                                   {"192.0.2.7", "192.0.2.7", true},
                                   {"192.0.2.7", "192.0.2.8", false},
                                   {"192.0.2.128/25", "192.0.2.127", false},
                                   {"192.0.2.128/25", "192.0.2.255", true},
                                   {"192.0.2.4/30", "192.0.2.7", true},
                                   {"192.0.2.4/30", "192.0.2.8", false},
                                   {"0.0.0.0/0", "203.0.113.9", true},
                                   {"0.0.0.0/0", "2001:db8::1", false},
                                   {"::/0", "203.0.113.9", true},
                                   {"2001:db8::/33", "2001:db8:7fff::1", true},
                                   {"2001:db8::/33", "2001:db8:8000::1", false},
                                   {"10.0.0.1", "::ffff:10.0.0.1", true},
                                   {"::ffff:10.0.0.0/104", "10.9.9.9", true}}) {
    CAPTURE(network);
    CAPTURE(address);
    CHECK(Network::parse(network).value().contains(http::parse_address(address).value()) == inside);
  }
  for (auto const* const wrong : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0",
                                  "::/129", "proxy.example", "10.0.0.0/8/8", " 10.0.0.1"}) {
    CAPTURE(wrong);
    CHECK_FALSE(Network::parse(wrong).has_value());
  }
}

TEST_CASE("the client is the first from the end whom nobody vouches for") {
  struct Case {
    std::string peer;
    Headers headers;
    std::string address;
    bool secure;
  };
  auto const proxies = trusting({"10.0.0.0/8", "::1"});
  for (auto const& [peer, headers, address, secure] : std::initializer_list<Case>{
           {"203.0.113.5", {{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-Proto", "https"}}, "203.0.113.5", false},
           {"10.0.0.1", {}, "10.0.0.1", false},
           {"10.0.0.1", {{"X-Forwarded-Proto", "https"}}, "10.0.0.1", false},
           {"10.0.0.1", {{"X-Forwarded-For", "192.0.2.1"}}, "192.0.2.1", false},
           {"::ffff:10.0.0.1", {{"X-Forwarded-For", "192.0.2.1"}}, "192.0.2.1", false},
           {"::1", {{"X-Forwarded-For", "2001:DB8::1"}}, "2001:db8::1", false},
           {"10.0.0.1", {{"x-forwarded-for", "192.0.2.1"}, {"x-forwarded-proto", "HTTPS"}}, "192.0.2.1", true},
           // What the client wrote itself stands in front.
           {"10.0.0.1", {{"X-Forwarded-For", "198.51.100.1, 192.0.2.1"}}, "192.0.2.1", false},
           {"10.0.0.1", {{"X-Forwarded-For", "198.51.100.1"}, {"X-Forwarded-For", "192.0.2.1"}}, "192.0.2.1", false},
           {"10.0.0.1", {{"X-Forwarded-For", "192.0.2.1, 10.1.1.1"}}, "192.0.2.1", false},
           {"10.0.0.1", {{"X-Forwarded-For", "10.2.2.2, 10.1.1.1"}}, "10.2.2.2", false},
           {"10.0.0.1", {{"X-Forwarded-For", "192.0.2.1, unknown"}}, "10.0.0.1", false},
           {"10.0.0.1", {{"X-Forwarded-For", "192.0.2.1, nonsense, 10.1.1.1"}}, "10.1.1.1", false},
           {"10.0.0.1", {{"X-Forwarded-For", ""}}, "10.0.0.1", false},
           {"10.0.0.1", {{"X-Forwarded-For", "192.0.2.1:5050"}}, "192.0.2.1", false},
           {"10.0.0.1", {{"X-Forwarded-For", "[2001:db8::1]:5050"}}, "2001:db8::1", false},
           {"10.0.0.1",
            {{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-Proto", "https"}, {"X-Forwarded-Proto", "http"}},
            "192.0.2.1",
            false},
           {"10.0.0.1", {{"Forwarded", "for=192.0.2.1;proto=https"}}, "10.0.0.1", false}}) {
    CAPTURE(address);
    auto const origin = origin_of(peer, false, headers, proxies);
    CHECK(origin.address == address);
    CHECK(origin.secure == secure);
  }
  CHECK(origin_of("10.0.0.1", true, {{"X-Forwarded-For", "192.0.2.1"}}, proxies).secure);
  CHECK_FALSE(
      origin_of("10.0.0.1", true, {{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-Proto", "http"}}, proxies).secure);
}

TEST_CASE("Forwarded is read where the proxy writes it, and then nothing else") {
  struct Case {
    std::string value;
    std::string address;
    bool secure;
  };
  auto const proxies = trusting({"10.0.0.0/8"}, ProxyHeader::forwarded);
  for (auto const& [value, address, secure] :
       std::initializer_list<Case>{{"for=192.0.2.1", "192.0.2.1", false},
                                   {"For=\"192.0.2.1:47011\";Proto=https;by=10.0.0.1", "192.0.2.1", true},
                                   {"for=\"[2001:db8::1]:4711\"; proto=http", "2001:db8::1", false},
                                   {"for=198.51.100.1;proto=https, for=192.0.2.1;proto=http", "192.0.2.1", false},
                                   {"for=192.0.2.1;proto=https, for=10.3.3.3;proto=http", "192.0.2.1", true},
                                   {"for=\"a,b\", for=192.0.2.1", "192.0.2.1", false},
                                   {"for=_hidden", "10.0.0.1", false},
                                   {"proto=https", "10.0.0.1", false},
                                   {";;=,,", "10.0.0.1", false}}) {
    CAPTURE(value);
    Headers const headers{{"Forwarded", value}, {"X-Forwarded-For", "203.0.113.1"}};
    auto const origin = origin_of("10.0.0.1", false, headers, proxies);
    CHECK(origin.address == address);
    CHECK(origin.secure == secure);
  }
}

TEST_CASE("over a socket the address of the request is the client's, and only from a trusted proxy") {
  auto const asked = get("/who", "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n");
  {
    Served served({who()});
    auto const answer = Client(served.server.port()).ask(asked);
    CHECK(answer.body == "127.0.0.1");
    CHECK_FALSE(answer.header("Strict-Transport-Security"));
  }
  Served served({who()}, {.options = {.proxies = trusting({"127.0.0.1"})}});
  Client proxy(served.server.port());
  auto const answer = proxy.ask(asked);
  CHECK(answer.body == "192.0.2.1 safely");
  CHECK(answer.header("Strict-Transport-Security"));
  // The next request of the same proxy is another client's.
  CHECK(proxy.ask(get("/who")).body == "127.0.0.1");
}

TEST_CASE("a trusted proxy may have more connections than one address") {
  Served served({who()}, {.options = {.proxies = trusting({"127.0.0.0/8"}), .connections_per_address = 1}});
  Client first(served.server.port());
  Client second(served.server.port());
  CHECK(first.ask(get("/who")).status == 200);
  CHECK(second.ask(get("/who")).status == 200);
}

TEST_CASE("every answer carries what protects it, unless its handler knows better") {
  Served served({who(), {.method = "GET", .pattern = "/page", .handler = [](Request&) {
                           return Response{.headers = {{"Content-Security-Policy", "default-src 'self'"},
                                                       {"Permissions-Policy", "geolocation=(self)"},
                                                       {"X-Content-Type-Options", "nosniff"}}};
                         }}});
  Client client(served.server.port());
  for (auto const* const target : {"/who", "/nowhere"}) {
    auto const answer = client.ask(get(target));
    CHECK(answer.header("X-Content-Type-Options") == "nosniff");
    CHECK(answer.header("Content-Security-Policy") ==
          "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    CHECK(answer.header("X-Frame-Options") == "DENY");
    CHECK(answer.header("Referrer-Policy") == "no-referrer");
    CHECK(answer.header("Permissions-Policy") == "camera=(), geolocation=(), microphone=()");
    CHECK(answer.header("Cross-Origin-Opener-Policy") == "same-origin");
    CHECK(answer.header("Cross-Origin-Resource-Policy") == "same-origin");
    CHECK_FALSE(answer.header("Strict-Transport-Security"));
  }
  auto const page = client.ask(get("/page"));
  CHECK(page.header("Content-Security-Policy") == "default-src 'self'");
  CHECK(page.header("Permissions-Policy") == "geolocation=(self)");
  auto const nosniff = page.head.find("X-Content-Type-Options");
  CHECK(page.head.find("X-Content-Type-Options", nosniff + 1) == std::string::npos);
}

}  // namespace bihuan::test
