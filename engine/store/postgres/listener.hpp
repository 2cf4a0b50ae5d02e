// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "engine/store/postgres/connection.hpp"

namespace bihuan::postgres {

// Hears what other nodes do, on a connection of its own, and holds on to the lead as long as that lasts. It ends for
// good when a newer program has changed the database so that this one must not go on.
class Listener {
 public:
  // Each is called from its thread, must not block, and is called once more whenever the connection came back: what was
  // missed meanwhile is found by who reads on.
  struct Told {
    std::function<void()> appended;  // another node appended
    std::function<void()> ruled;     // any node has put a definition or a unit
  };
  // Returns when it listens, or could not yet.
  Listener(std::shared_ptr<Server> server, Told told);
  ~Listener();
  // Whether this connection holds what only one of all nodes can hold.
  [[nodiscard]] bool leads() const { return leads_; }

  Listener(Listener const&) = delete;
  Listener& operator=(Listener const&) = delete;

 private:
  void loop();
  // Until the connection is lost or the listener ends.
  void listen();
  // Nothing when the database does not answer in time, or the listener ends: the connection is of no use then.
  using Answer = std::unique_ptr<PGresult, void (*)(PGresult*)>;
  [[nodiscard]] Answer ask(PGconn* connection, char const* text) const;
  [[nodiscard]] bool run(PGconn* connection, char const* text) const;
  [[nodiscard]] bool take_lead(PGconn* connection) const;
  [[nodiscard]] std::string known_here() const;
  // Whether the connection still is one and this program may go on.
  [[nodiscard]] bool look_at_schema(PGconn* connection) const;
  // False when it ends.
  [[nodiscard]] bool wait(int socket, int milliseconds) const;

  std::shared_ptr<Server> server_;
  Told told_;
  int ends_ = -1;  // becomes readable
  std::promise<void> tried_;
  bool first_ = true;
  std::atomic<bool> leads_ = false;
  std::jthread thread_;
};

}  // namespace bihuan::postgres
