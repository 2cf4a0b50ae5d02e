// SPDX-License-Identifier: Apache-2.0
#include "engine/store/postgres/listener.hpp"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "engine/store/postgres/connect.hpp"
#include "engine/store/postgres/schema.hpp"

namespace bihuan::postgres {
namespace {

constexpr int pause_after_fault = 500;  // milliseconds
// Now and then the schema is looked at, by which a connection that was cut off unseen is found as well.
constexpr int quiet = 2000;
// What takes longer to answer is not there any more, whatever becomes of the connection.
constexpr std::chrono::milliseconds longest_answer{5000};

using Handle = std::unique_ptr<PGconn, decltype(&PQfinish)>;

}  // namespace

Listener::Listener(std::shared_ptr<Server> server, Told told)
    : server_(std::move(server)), told_(std::move(told)), ends_(::eventfd(0, EFD_CLOEXEC)) {
  thread_ = std::jthread([this] { loop(); });
  tried_.get_future().wait();
}

Listener::~Listener() {
  std::uint64_t const one = 1;
  (void)!::write(ends_, &one, sizeof one);
  thread_.join();
  ::close(ends_);
}

bool Listener::wait(int socket, int milliseconds) const {
  std::array<pollfd, 2> watched{pollfd{.fd = ends_, .events = POLLIN, .revents = 0},
                                pollfd{.fd = socket, .events = POLLIN, .revents = 0}};
  ::poll(watched.data(), watched.size(), milliseconds);
  return (watched[0].revents & POLLIN) == 0;
}

Listener::Answer Listener::ask(PGconn* connection, char const* text) const {
  Answer last(nullptr, &PQclear);
  if (PQsendQuery(connection, text) == 0) return last;
  auto const until = std::chrono::steady_clock::now() + longest_answer;
  while (true) {
    while (PQisBusy(connection) != 0) {
      auto const left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
      bool const goes_on = left.count() > 0 && wait(PQsocket(connection), static_cast<int>(left.count()));
      if (!goes_on || PQconsumeInput(connection) == 0) return {nullptr, &PQclear};
    }
    auto* const next = PQgetResult(connection);
    if (next == nullptr) return last;
    last.reset(next);
  }
}

bool Listener::run(PGconn* connection, char const* text) const {
  auto const status = PQresultStatus(ask(connection, text).get());
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

// Held until the connection ends.
bool Listener::take_lead(PGconn* connection) const {
  auto const answer = ask(connection, "SELECT pg_try_advisory_lock(4920265814297017)");
  return PQntuples(answer.get()) == 1 && *PQgetvalue(answer.get(), 0, 0) == 't';
}

// Seen by who waits for older nodes to end (schema.cpp).
std::string Listener::known_here() const {
  return "SELECT pg_advisory_lock_shared(492026, " + std::to_string(known_changes()) + ")";
}

bool Listener::look_at_schema(PGconn* connection) const {
  auto const answer = ask(connection, count_changes_to_stop_for(known_changes()).c_str());
  if (PQntuples(answer.get()) != 1) return false;
  if (std::string_view(PQgetvalue(answer.get(), 0, 0)) != "0") server_->outdated = true;
  return !server_->outdated;
}

void Listener::loop() {
  do {
    listen();
    leads_ = false;
  } while (!server_->outdated && wait(-1, pause_after_fault));
}

void Listener::listen() {
  Handle const handle(connect(server_->uri, "bihuan listener", "read-write"), &PQfinish);
  auto const lets_go = [&] {
    return std::ranges::all_of(let_go_when_cut_off, [&](char const* setting) { return run(handle.get(), setting); });
  };
  bool const listens = PQstatus(handle.get()) == CONNECTION_OK && lets_go() &&
                       run(handle.get(), "LISTEN bihuan_events") && run(handle.get(), "LISTEN bihuan_rules") &&
                       run(handle.get(), "LISTEN bihuan_schema") && run(handle.get(), known_here().c_str()) &&
                       look_at_schema(handle.get());
  leads_ = listens && take_lead(handle.get());
  if (std::exchange(first_, false)) {
    tried_.set_value();
  } else if (listens) {
    told_.appended();
    told_.ruled();
  }
  if (!listens) return;
  auto looked = std::chrono::steady_clock::now();
  do {
    bool appended = false;
    bool ruled = false;
    bool changed = false;
    while (auto* const notice = PQnotifies(handle.get())) {
      std::string_view const channel = notice->relname;
      appended = appended || (channel == "bihuan_events" && std::string_view(notice->extra) != server_->node);
      ruled = ruled || channel == "bihuan_rules";
      if (channel == "bihuan_schema") {
        changed = true;
        if (std::atoll(notice->extra) > known_changes()) server_->asked_to_end = true;
      }
      PQfreemem(notice);
    }
    if (appended) told_.appended();
    if (ruled) told_.ruled();
    auto const now = std::chrono::steady_clock::now();
    if (changed || now - looked >= std::chrono::milliseconds{quiet}) {
      looked = now;
      if (!look_at_schema(handle.get())) return;
      if (!leads_) leads_ = take_lead(handle.get());
      continue;  // something may have come with the answer
    }
    if (!wait(PQsocket(handle.get()), quiet)) return;
  } while (PQconsumeInput(handle.get()) != 0);
}

}  // namespace bihuan::postgres
