// SPDX-License-Identifier: Apache-2.0
#include "engine/store/postgres/listener.hpp"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

namespace bihuan::postgres {
namespace {

constexpr int pause_after_fault = 500;  // milliseconds
// Now and then the connection is tried out, so that one that was cut off unseen is found.
constexpr int quiet = 2000;
// What takes longer to answer is not there any more, whatever becomes of the connection.
constexpr std::chrono::milliseconds longest_answer{5000};

// So that the database notices when this node is cut off, and another may take the lead.
constexpr char let_go_when_cut_off[] =
    "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;"
    " SET tcp_user_timeout = 5000";

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

void Listener::loop() {
  do {
    listen();
    leads_ = false;
  } while (wait(-1, pause_after_fault));
}

void Listener::listen() {
  std::array const names{"connect_timeout",      "tcp_user_timeout", "keepalives_idle",
                         "keepalives_interval",  "keepalives_count", "application_name",
                         "target_session_attrs", "dbname",           static_cast<char const*>(nullptr)};
  std::array const values{"3",
                          "5000",
                          "5",
                          "2",
                          "3",
                          "bihuan listener",
                          "read-write",
                          server_->uri.c_str(),
                          static_cast<char const*>(nullptr)};
  Handle const handle(PQconnectdbParams(names.data(), values.data(), 1), &PQfinish);
  PQsetNoticeProcessor(
      handle.get(), [](void*, char const*) {}, nullptr);
  bool const listens = PQstatus(handle.get()) == CONNECTION_OK && run(handle.get(), let_go_when_cut_off) &&
                       run(handle.get(), "LISTEN bihuan_events") && run(handle.get(), "LISTEN bihuan_rules");
  leads_ = listens && take_lead(handle.get());
  if (std::exchange(first_, false)) {
    tried_.set_value();
  } else if (listens) {
    told_.appended();
    told_.ruled();
  }
  if (!listens) return;
  auto tried_out = std::chrono::steady_clock::now();
  while (wait(PQsocket(handle.get()), quiet)) {
    if (PQconsumeInput(handle.get()) == 0) return;
    bool any = false;
    bool appended = false;
    bool ruled = false;
    while (auto* const notice = PQnotifies(handle.get())) {
      bool const of_rules = std::string_view(notice->relname) == "bihuan_rules";
      any = true;
      ruled = ruled || of_rules;
      appended = appended || (!of_rules && std::string_view(notice->extra) != server_->node);
      PQfreemem(notice);
    }
    if (appended) told_.appended();
    if (ruled) told_.ruled();
    auto const now = std::chrono::steady_clock::now();
    if (any && now - tried_out < std::chrono::milliseconds{quiet}) continue;
    tried_out = now;
    if (!leads_) leads_ = take_lead(handle.get());
    if (!run(handle.get(), "SELECT 1")) return;
  }
}

}  // namespace bihuan::postgres
