// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/message.hpp"

namespace bihuan::http {

// An address of either kind as sixteen bytes; IPv4 in its mapped form, so that ::ffff:10.0.0.1 is 10.0.0.1.
using AddressBytes = std::array<std::uint8_t, 16>;
[[nodiscard]] std::optional<AddressBytes> parse_address(std::string_view text);

// "10.0.0.0/8", "::1" or "192.0.2.7": a range of addresses.
class Network {
 public:
  [[nodiscard]] static std::optional<Network> parse(std::string_view text);
  [[nodiscard]] bool contains(AddressBytes const& address) const;

 private:
  AddressBytes address_{};
  int bits_ = 128;
};

// Which header the proxy writes. Only that one is read: a proxy passes on what it does not know, so the other
// may come from anybody.
enum class ProxyHeader { x_forwarded, forwarded };

struct TrustedProxies {
  std::vector<Network> networks{};
  ProxyHeader header = ProxyHeader::x_forwarded;

  [[nodiscard]] bool trust(std::string_view address) const;
};

// Where a request comes from, as far as it can be believed.
struct Origin {
  std::string address;
  bool secure = false;  // came to us, or to the first proxy, through TLS
};

// `peer` is who is connected. What it says of others is read from the end, as far as each speaker is trusted;
// the first who is not is the client. What cannot be read stops there: the client is then the last who could
// be.
[[nodiscard]] Origin origin_of(std::string_view peer, bool secure, Headers const& headers,
                               TrustedProxies const& proxies);

}  // namespace bihuan::http
