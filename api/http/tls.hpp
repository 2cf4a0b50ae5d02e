// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <tl/expected.hpp>

#include "engine/core/text.hpp"

extern "C" {
struct ssl_ctx_st;
}

namespace bihuan::http {

// PEM files. The certificate comes with its chain, our own first; the key is not encrypted.
struct TlsFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

// What a handshake needs: certificate, key and rules. Connections keep the one they began with.
using TlsContext = std::shared_ptr<ssl_ctx_st>;

// TLS 1.2 with forward secrecy and authenticated encryption, or 1.3; HTTP/1.1 alone is agreed on. What is
// wrong with the files is an error to show to who runs the service: it names the file and what was expected
// of it. A certificate that has expired is logged and served all the same: no service is worse than a warning
// in a browser.
[[nodiscard]] tl::expected<TlsContext, Text> load_tls(TlsFiles const& files);

// The last instant of its certificate.
[[nodiscard]] std::chrono::sys_seconds expiry_of(TlsContext const& context);

}  // namespace bihuan::http
