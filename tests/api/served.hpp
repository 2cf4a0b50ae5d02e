// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "api/http/server.hpp"
#include "tests/api/client.hpp"

namespace bihuan::test {

struct Setup {
  http::ServerOptions options{};
  std::size_t workers = 2;
  std::size_t queue_limit = 8;
};

// A server on a free port of this machine, with its own workers.
struct Served {
  explicit Served(std::vector<http::Route> routes, Setup setup = {})
      : router(std::move(routes)),
        workers({.name = "test", .threads = setup.workers, .queue_limit = setup.queue_limit}),
        metrics(names(router)),
        server(on_free_port(setup.options), router, workers, metrics) {
    server.start();
  }

  http::Router router;
  http::WorkerPool workers;
  http::Metrics metrics;
  http::Server server;

 private:
  static std::vector<http::Metrics::Route> names(http::Router const& router) {
    std::vector<http::Metrics::Route> names;
    for (auto const& route : router.routes()) names.push_back({.method = route.method, .pattern = route.pattern});
    return names;
  }
  static http::ServerOptions on_free_port(http::ServerOptions options) {
    options.port = 0;
    // Test clients often keep their end open while the server stops.
    if (options.linger_timeout == http::ServerOptions().linger_timeout)
      options.linger_timeout = std::chrono::milliseconds(100);
    options.access_log = false;
    return options;
  }
};

}  // namespace bihuan::test
