// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/listen.hpp"

#include "api/http/log.hpp"
#include "engine/core/message.hpp"

namespace bihuan {
namespace {

http::TlsFiles files_of(ServeOptions const& options) {
  return {.certificate = options.tls_certificate, .key = options.tls_key};
}

}  // namespace

tl::expected<http::ServerOptions, std::vector<Text>> listening(ServeOptions const& options) {
  http::ServerOptions listen;
  std::vector<Text> faults;
  listen.address = options.address;
  listen.port = static_cast<std::uint16_t>(options.port);
  for (auto const& text : options.trusted_proxies) {
    if (auto const network = http::Network::parse(text)) {
      listen.proxies.networks.push_back(*network);
    } else {
      faults.push_back(message("serve.bad_proxy", {{"value", text}}));
    }
  }
  if (options.proxy_header == "forwarded") listen.proxies.header = http::ProxyHeader::forwarded;
  if (options.tls_certificate.empty() != options.tls_key.empty()) {
    faults.push_back(message("serve.tls_incomplete"));
  } else if (!options.tls_certificate.empty()) {
    if (auto tls = http::load_tls(files_of(options))) {
      listen.tls = std::move(*tls);
    } else {
      faults.push_back(std::move(tls.error()));
    }
  }
  if (!faults.empty()) return tl::make_unexpected(std::move(faults));
  return listen;
}

void reload_tls(ServeOptions const& options, http::Server& server) {
  if (options.tls_certificate.empty()) {
    http::log_event(spdlog::level::info, "nothing to read again", {});
    return;
  }
  auto tls = http::load_tls(files_of(options));
  if (!tls) {
    http::log_event(spdlog::level::err, "certificate kept as it was", {{"reason", tls.error().en}});
    return;
  }
  server.use_tls(std::move(*tls));
  http::log_event(spdlog::level::info, "certificate read again", {{"path", options.tls_certificate.string()}});
}

}  // namespace bihuan
