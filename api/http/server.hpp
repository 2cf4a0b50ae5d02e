// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "api/http/forwarded.hpp"
#include "api/http/metrics.hpp"
#include "api/http/router.hpp"
#include "api/http/tls.hpp"
#include "api/http/worker_pool.hpp"

namespace bihuan::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free one, see Server::port
  int listening = -1;         // a socket that somebody else listens on, for us; else one of our own

  // Without it HTTP is spoken in the clear; with it, nothing else than TLS.
  TlsContext tls{};
  TrustedProxies proxies{};

  // Who comes when there are so many takes the place of the one that has rested longest, and is turned away with 503
  // when none rests.
  std::size_t connections = 1024;
  std::size_t connections_per_address = 256;  // not of a trusted proxy, which speaks for many
  // A streamed upload holds a worker while its client sends: so many at once, the next is answered 503.
  std::size_t uploads = 4;

  // Answers that go on at once; the next is answered 503. They hold a connection each, and no worker.
  std::size_t feeds = 256;
  std::chrono::milliseconds feed_pause{250};         // from one look at what is new to the next
  std::chrono::milliseconds feed_heartbeat{15'000};  // after so long with nothing to say

  std::size_t head_limit = 16 * 1024;  // bytes of request line and header
  std::size_t header_fields = 100;

  std::chrono::milliseconds handshake_timeout{10'000};
  std::chrono::milliseconds newcomer_grace{100};       // to ask first, before it may have to make room
  std::chrono::milliseconds header_timeout{10'000};    // from the first byte to the end of the header
  std::chrono::milliseconds body_timeout{30'000};      // between two pieces of a body
  std::chrono::milliseconds request_timeout{600'000};  // from the first byte to the last of the body
  std::chrono::milliseconds write_timeout{30'000};     // for the client to take some more of the answer
  std::chrono::milliseconds idle_timeout{60'000};      // between two requests
  std::chrono::milliseconds linger_timeout{1'000};     // to read the last answer and close; to ask first, when stopping
  std::chrono::milliseconds stop_timeout{20'000};      // for what is in flight when stopping

  bool access_log = true;
};

// Speaks HTTP/1.1, through TLS when it is given a certificate. One thread does all reading and writing;
// handlers run on the workers. The router, the workers and the metrics must outlive it, and the workers must
// still run while it stops.
class Server {
 public:
  Server(ServerOptions options, Router const& router, WorkerPool& workers, Metrics& metrics);
  ~Server();  // stops

  // Binds, listens and serves from now on. Throws std::system_error where the address cannot be had.
  void start();
  // Stops accepting, closes connections that rest, lets requests in flight and those of newcomers finish (they are told
  // Connection: close), and cuts off what has not finished after stop_timeout. Returns when the last handler has ended.
  // May be called twice.
  void stop();

  // New connections are served with this from now on; those that are open keep theirs. For a server that
  // began with TLS. Thread-safe.
  void use_tls(TlsContext tls);

  // Does the thread that reads and writes get to its work within this time? For a watchdog. Thread-safe.
  [[nodiscard]] bool turns(std::chrono::milliseconds within) const;

  // The port that is listened on, once started.
  [[nodiscard]] std::uint16_t port() const;
  // How many connections are open now. Thread-safe.
  [[nodiscard]] std::size_t connections() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace bihuan::http
