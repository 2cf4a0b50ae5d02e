// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/forwarded.hpp"
#include "engine/core/result.hpp"
#include "engine/service/webhook_service.hpp"

namespace bihuan::http {

// Where this server may send to, as whoever runs it says: "hooks.example.org", "*.example.org", with ":8443" or
// without; and networks ("10.20.0.0/16"). A name is reached at public addresses alone, unless one of the networks has
// the address that it leads to; an address is reached where one of the networks has it. Without any, nowhere.
class Targets {
 public:
  // Refused with bad_format for each that is none, with its place in the list.
  [[nodiscard]] static Result<Targets> parse(std::vector<std::string> const& allowed);

  [[nodiscard]] bool allows_name(std::string_view host, std::string_view port) const;
  // May a name be reached there, or with `named` false, the address itself?
  [[nodiscard]] bool allows_address(std::string_view address, bool named) const;

 private:
  struct Name {
    std::string host;  // ".example.org" for all below it
    std::string port;  // empty: any
  };
  std::vector<Name> names_;
  std::vector<Network> networks_;
};

// Sends what webhooks have to say (libcurl): no redirects, no proxies, not longer than `longest` (half of it to
// connect), and what the receiver says is not kept. The address that a name leads to is looked at when the connection
// is made, so that no name can lead elsewhere later. Safe to call from any thread.
[[nodiscard]] WebhookSender make_webhook_sender(Targets targets,
                                                std::chrono::milliseconds longest = std::chrono::seconds(10));

}  // namespace bihuan::http
