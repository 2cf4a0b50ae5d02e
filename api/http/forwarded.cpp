// SPDX-License-Identifier: Apache-2.0
#include "api/http/forwarded.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace bihuan::http {
namespace {

constexpr AddressBytes mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr int mapped_bits = 96;

std::string_view trimmed(std::string_view text) {
  auto const blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// Splits at `separator` outside of quotes.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  bool quoted = false;
  std::size_t start = 0;
  for (std::size_t index = 0; index < text.size(); ++index) {
    if (text[index] == '"') quoted = !quoted;
    if (text[index] != separator || quoted) continue;
    parts.push_back(trimmed(text.substr(start, index - start)));
    start = index + 1;
  }
  parts.push_back(trimmed(text.substr(start)));
  return parts;
}

// The elements of every field of this name, in order.
std::vector<std::string_view> elements_of(Headers const& headers, std::string_view name) {
  std::vector<std::string_view> elements;
  for (std::size_t index = 0; index < headers.size(); ++index) {
    auto const field = headers.at(index);
    if (!same_name(field.name, name)) continue;
    for (auto const element : split(field.value, ',')) elements.push_back(element);
  }
  return elements;
}

// "192.0.2.7", "192.0.2.7:80", "[2001:db8::1]:80" or "2001:db8::1": the address alone.
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) {
    auto const end = text.find(']');
    return end == std::string_view::npos ? std::string_view() : text.substr(1, end - 1);
  }
  return std::ranges::count(text, ':') == 1 ? text.substr(0, text.find(':')) : text;
}

struct Hop {
  std::optional<AddressBytes> address;
  std::string_view protocol;
};

// One element of Forwarded (RFC 7239): for=192.0.2.7;proto=https
Hop forwarded_hop(std::string_view element) {
  Hop hop;
  for (auto const pair : split(element, ';')) {
    auto const equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    auto const name = pair.substr(0, equals);
    auto value = pair.substr(equals + 1);
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
      value = value.substr(1, value.size() - 2);
    }
    if (same_name(name, "for")) hop.address = parse_address(without_port(value));
    if (same_name(name, "proto")) hop.protocol = value;
  }
  return hop;
}

std::vector<Hop> hops_of(Headers const& headers, ProxyHeader header) {
  std::vector<Hop> hops;
  if (header == ProxyHeader::forwarded) {
    for (auto const element : elements_of(headers, "forwarded")) hops.push_back(forwarded_hop(element));
    return hops;
  }
  for (auto const element : elements_of(headers, "x-forwarded-for")) {
    hops.push_back({.address = parse_address(without_port(element)), .protocol = {}});
  }
  // One for the whole way; of several the last is what the proxy next to us wrote.
  auto const protocols = elements_of(headers, "x-forwarded-proto");
  if (!protocols.empty()) {
    for (auto& hop : hops) hop.protocol = protocols.back();
  }
  return hops;
}

std::string text_of(AddressBytes const& address) {
  char text[INET6_ADDRSTRLEN];
  bool const v4 = std::equal(mapped_prefix.begin(), mapped_prefix.begin() + 12, address.begin());
  ::inet_ntop(v4 ? AF_INET : AF_INET6, address.data() + (v4 ? 12 : 0), text, sizeof text);
  return text;
}

bool is_in(std::vector<Network> const& networks, AddressBytes const& address) {
  return std::ranges::any_of(networks, [&](Network const& network) { return network.contains(address); });
}

}  // namespace

std::optional<AddressBytes> parse_address(std::string_view text) {
  std::string const terminated(text);
  if (terminated.size() != std::strlen(terminated.c_str())) return std::nullopt;
  AddressBytes bytes = mapped_prefix;
  if (::inet_pton(AF_INET, terminated.c_str(), bytes.data() + 12) == 1) return bytes;
  if (::inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return bytes;
  return std::nullopt;
}

std::optional<Network> Network::parse(std::string_view text) {
  auto const slash = text.find('/');
  auto const address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  Network network;
  network.address_ = *address;
  if (slash == std::string_view::npos) return network;
  bool const v4 = text.substr(0, slash).find(':') == std::string_view::npos;
  auto const digits = text.substr(slash + 1);
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), network.bits_);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (network.bits_ < 0 || network.bits_ > (v4 ? 32 : 128)) return std::nullopt;
  if (v4) network.bits_ += mapped_bits;
  return network;
}

bool Network::contains(AddressBytes const& address) const {
  for (int bit = 0; bit < bits_; bit += 8) {
    auto const index = static_cast<std::size_t>(bit / 8);
    auto const mask = static_cast<unsigned>(bits_ - bit >= 8 ? 0xFF : 0xFF << (8 - (bits_ - bit)));
    if (((address_[index] ^ address[index]) & mask & 0xFFU) != 0) return false;
  }
  return true;
}

bool TrustedProxies::trust(std::string_view address) const {
  if (networks.empty()) return false;
  auto const bytes = parse_address(address);
  return bytes && is_in(networks, *bytes);
}

Origin origin_of(std::string_view peer, bool secure, Headers const& headers, TrustedProxies const& proxies) {
  Origin origin{.address = std::string(peer), .secure = secure};
  if (!proxies.trust(peer)) return origin;
  auto const hops = hops_of(headers, proxies.header);
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    if (!hop->address) return origin;
    origin.address = text_of(*hop->address);
    if (!hop->protocol.empty()) origin.secure = same_name(hop->protocol, "https");
    if (!is_in(proxies.networks, *hop->address)) return origin;
  }
  return origin;
}

}  // namespace bihuan::http
