// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/identity/identity_fault.hpp"

namespace bihuan::identity {

struct Asked {
  std::string url;
  std::vector<std::string> fields{};  // header lines
  std::optional<std::string> form{};  // sent by POST; GET without
  std::string ca_file{};              // PEM; empty: what the system trusts
};
struct Fetched {
  int status = 0;
  std::string body;
};

// One call to a provider (libcurl): no redirects, no proxies, five seconds and 512 KiB at most. Unavailable when there
// was no whole answer. Safe to call from any thread.
[[nodiscard]] Outcome<Fetched> fetch(Asked const& asked);

// name=value&…, each percent-encoded.
[[nodiscard]] std::string form_of(std::vector<std::pair<std::string, std::string>> const& parameters);

// An address that what passes over it may pass over: https, or http to this very machine.
[[nodiscard]] bool is_guarded_url(std::string const& url);

}  // namespace bihuan::identity
