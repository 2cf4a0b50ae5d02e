// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>
#include <vector>

#include "api/http/server.hpp"
#include "tools/bihuan/serve.hpp"

namespace bihuan {

// Where and how to listen: address, certificate, proxies to believe. Every fault is told, for who started the program.
[[nodiscard]] tl::expected<http::ServerOptions, std::vector<Text>> listening(ServeOptions const& options);

// Reads the certificate and its key again, and says in the log how that went.
void reload_tls(ServeOptions const& options, http::Server& server);

}  // namespace bihuan
