// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tools/bench/sample.hpp"

namespace bihuan::bench {

struct Requests {
  // The next request of this client, whole: head and body.
  std::function<std::string(std::size_t client)> next;
  // It was answered well.
  std::function<void(std::size_t client)> answered = [](std::size_t) {};
};

// So many clients on 127.0.0.1, each with a connection that is kept and one request at a time, until the time
// is over. One thread: it shares the machine with what it measures. Answers that are neither 2xx nor
// 503 count as failures; who is refused asks again at once.
[[nodiscard]] Round load_http(std::uint16_t port, std::size_t clients, std::chrono::milliseconds time,
                              Requests const& requests);

// The same round several servers: each client stays with one.
[[nodiscard]] Round load_http(std::vector<std::uint16_t> const& ports, std::size_t clients,
                              std::chrono::milliseconds time, Requests const& requests);

struct HttpAnswer {
  unsigned status = 0;
  std::string head;  // as it came, with the empty line
  std::string body;
};
[[nodiscard]] HttpAnswer ask_http(std::uint16_t port, std::string const& request);

// Reads an answer to its end without keeping it.
struct Drained {
  unsigned status = 0;
  std::size_t lines = 0;
};
[[nodiscard]] Drained drain_http(std::uint16_t port, std::string const& request);

}  // namespace bihuan::bench
