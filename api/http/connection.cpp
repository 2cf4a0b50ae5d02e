// SPDX-License-Identifier: Apache-2.0
#include "api/http/connection.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "api/http/log.hpp"
#include "api/http/problem.hpp"
#include "engine/core/message.hpp"

namespace bihuan::http {
namespace {

namespace asio = boost::asio;

constexpr asio::use_awaitable_t<Executor> use_awaitable{};

bool takes_no_body(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "DELETE" || method == "OPTIONS";
}

}  // namespace

Connection::Connection(Shared& shared, Socket socket, std::string peer, TlsContext tls)
    : shared_(shared), transport_(std::move(socket), std::move(tls)), peer_(std::move(peer)) {}

Awaitable<void> Connection::serve() {
  if (transport_.encrypted()) {
    bool const agreed = co_await shake_hands();
    if (!agreed) co_return;
  }
  while (true) {
    begin_request();
    auto const head = co_await read_head();
    if (head == Head::closed) break;
    if (head == Head::ready) co_await answer();
    wait_for_ever();
    co_await write_response();
    record();
    if (broken_ || close_) break;
  }
  co_await finish();
}

// False when there is nothing to go on with; then the connection is closed.
Awaitable<bool> Connection::shake_hands() {
  ErrorCode error;
  IntoError const into(use_awaitable, error);
  idle_ = true;  // nothing is lost when stopping ends it
  deadline_ = Clock::now() + shared_.options.handshake_timeout;
  co_await transport_.handshake(into);
  wait_for_ever();
  idle_ = false;
  if (!error) co_return !shared_.stopping;
  // Anybody can make these by the thousand.
  log_event(spdlog::level::debug, "handshake failed", {{"reason", error.message()}});
  if (!Transport::is_plain_http(error) || shared_.stopping) {
    transport_.close();
    co_return false;
  }
  transport_.give_up_tls();
  begin_request();
  started_ = Clock::now();
  request_.request_id = shared_.next_request_id();
  (void)refuse_malformed("http.detail.plain_http");
  co_await write_response();
  record();
  co_await finish();
  co_return false;
}

void Connection::check_time(Clock::time_point now) {
  if (now >= look_at_) end_wait();
  if (now < deadline_) return;
  wait_for_ever();
  timed_out_ = true;
  transport_.cancel();
}

void Connection::stop_if_idle() {
  // Who has only just connected may have asked already, and is answered; so nobody is refused where another process
  // goes on with the same listening socket.
  if (idle_ && newcomer_) {
    deadline_ = std::min(deadline_, Clock::now() + shared_.options.linger_timeout);
  } else if (idle_) {
    transport_.cancel();
  }
  end_wait();
}

std::optional<Clock::time_point> Connection::idle_since() const {
  // What somebody who has only just connected asks is on its way.
  bool const has_not_asked = newcomer_ || first_request_;
  if (!idle_ || (has_not_asked && Clock::now() - started_ < shared_.options.newcomer_grace)) return std::nullopt;
  return started_;
}

void Connection::give_way() {
  idle_ = false;
  abort();
}

void Connection::abort() {
  broken_ = true;
  transport_.close();
  end_wait();
}

void Connection::wait_at_most(std::chrono::milliseconds limit) {
  deadline_ = std::min(Clock::now() + limit, started_ + shared_.options.request_timeout);
}

Awaitable<void> Connection::answer() {
  auto match = shared_.router.match(target_, request_);
  route_index_ = match.index;
  if (match.route != nullptr) route_pattern_ = match.route->pattern;
  if (match.answer) {
    response_ = std::move(*match.answer);
    co_await drain();
    co_return;
  }
  auto const& route = *match.route;
  if (auto refusal = refuse_body(route)) {
    close_ = true;
    response_ = std::move(*refusal);
    co_return;
  }
  if (route.body == Body::stream) {
    co_await answer_streaming(route);
    co_return;
  }
  if (has_unread_body()) {
    bool const complete = co_await read_whole_body(route.body_limit);
    if (!complete) co_return;
  }
  wait_for_ever();
  if (route.immediate) {
    response_ = shared_.router.run(route, request_);
  } else {
    co_await dispatch(route);
  }
}

std::optional<Response> Connection::refuse_body(Route const& route) const {
  if (!has_unread_body()) return std::nullopt;
  if (route.body == Body::none || takes_no_body(request_.method)) {
    auto const text = message("http.malformed_request", {{"detail", message("http.detail.body_not_taken")}});
    return protocol_problem(400, "malformed_request", text, request_);
  }
  auto const length = parser_->content_length();
  if (length && *length > route.body_limit) return body_problem(413, route.body_limit, request_);
  return std::nullopt;
}

Awaitable<void> Connection::answer_streaming(Route const& route) {
  if (shared_.uploads >= shared_.options.uploads) {
    response_ = busy_problem(request_);
    co_await drain();
    co_return;
  }
  ++shared_.uploads;
  request_.reader = this;
  piece_.resize(piece_limit);
  parser_->body_limit(route.body_limit);
  wait_for_ever();
  co_await dispatch(route);
  while (event_ == Event::wants_body) {
    co_await continue_if_expected();
    auto const room = std::span<char>(piece_);
    co_await read_piece(room);
    wait_for_ever();
    co_await supply();
  }
  --shared_.uploads;
  co_await drain();
  buffer_.shrink_to_fit();
}

Awaitable<void> Connection::dispatch(Route const& route) {
  return suspend([this, &route] {
    event_ = Event::done;
    bool const pushed = shared_.workers.try_push([this, &route] {
      response_ = shared_.router.run(route, request_);
      event_ = Event::done;
      wake();
    });
    if (pushed) return;
    response_ = busy_problem(request_);
    wake();
  });
}

// Hands the piece to the handler that waits in next().
Awaitable<void> Connection::supply() {
  return suspend([this] {
    // Under the lock: once the handler goes on, it may end the connection's use of the condition at any time.
    std::lock_guard const lock(mutex_);
    piece_ready_ = true;
    supplied_.notify_one();
  });
}

// Lets a worker fill piece_ from the response's source.
Awaitable<void> Connection::pull() {
  return suspend([this] {
    shared_.workers.push_continuation([this] {
      try {
        piece_size_ = std::min(response_.source(piece_), piece_.size());
      } catch (std::exception const& fault) {
        source_failed_ = true;
        log_event(spdlog::level::err, "answer broke off",
                  {{"request_id", request_.request_id}, {"reason", reason_of(fault)}});
      }
      wake();
    });
  });
}

void Connection::wake() {
  // Moved out first: the I/O thread may go on, and wait again, before post returns.
  auto const waiter = std::move(waiter_);
  waiter->wake();
}

std::span<char const> Connection::next() {
  if (body_fault_ != 0) throw BodyFault(body_fault_);
  if (body_ended_) return {};
  piece_ready_ = false;
  event_ = Event::wants_body;
  wake();
  std::unique_lock lock(mutex_);
  supplied_.wait(lock, [this] { return piece_ready_; });
  if (body_fault_ != 0) throw BodyFault(body_fault_);
  body_ended_ = piece_size_ == 0;
  return std::span<char const>(piece_).first(piece_size_);
}

}  // namespace bihuan::http
