// SPDX-License-Identifier: Apache-2.0
#include "api/http/connection.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <fmt/format.h>
#include <utility>

#include "api/http/head_check.hpp"
#include "api/http/log.hpp"
#include "api/http/problem.hpp"
#include "engine/core/message.hpp"

// g++ 12 miscompiles co_await with a braced or lambda argument inside the expression: in this file every argument
// of an awaited call has a name.

namespace bihuan::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using ErrorCode = boost::system::error_code;

constexpr asio::use_awaitable_t<Executor> use_awaitable{};
constexpr std::size_t piece_limit = 64 * 1024;
constexpr std::size_t drain_limit = 64 * 1024;

std::string_view view_of(beast::flat_buffer const& buffer) {
  auto const data = buffer.data();
  return {static_cast<char const*>(data.data()), data.size()};
}

bool takes_no_body(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "DELETE" || method == "OPTIONS";
}

}  // namespace

template <class CompletionHandler>
struct Connection::WaiterFor final : Waiter {
  explicit WaiterFor(CompletionHandler completion) : handler(std::move(completion)) {}
  void wake() override { asio::post(std::move(handler)); }
  CompletionHandler handler;
};

Connection::Connection(Shared& shared, Socket socket, std::string remote_address)
    : shared_(shared), socket_(std::move(socket)), remote_address_(std::move(remote_address)) {
  ErrorCode ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

Awaitable<void> Connection::serve() {
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

void Connection::check_time(Clock::time_point now) {
  if (now < deadline_) return;
  wait_for_ever();
  timed_out_ = true;
  ErrorCode ignored;
  socket_.cancel(ignored);
}

void Connection::stop_if_idle() {
  if (!idle_) return;
  ErrorCode ignored;
  socket_.cancel(ignored);
}

void Connection::abort() {
  broken_ = true;
  ErrorCode ignored;
  socket_.close(ignored);
}

void Connection::wait_at_most(std::chrono::milliseconds limit) {
  deadline_ = std::min(Clock::now() + limit, started_ + shared_.options.request_timeout);
}

void Connection::begin_request() {
  request_.clear();
  request_.remote_address = remote_address_;
  response_ = {};
  parser_.reset();
  route_index_ = shared_.router.routes().size();
  route_pattern_ = "";
  http_1_0_ = expects_continue_ = timed_out_ = body_ended_ = false;
  body_fault_ = 0;
  bytes_sent_ = 0;
}

Connection::Head Connection::refuse(int status, std::string_view code, Text const& text) {
  close_ = true;
  response_ = protocol_problem(status, code, text, request_);
  return Head::refused;
}

Connection::Head Connection::refuse_malformed(std::string_view detail_key) {
  return refuse(400, "malformed_request", message("http.malformed_request", {{"detail", message(detail_key)}}));
}

Awaitable<Connection::Head> Connection::read_head() {
  auto const& options = shared_.options;
  auto const limit = std::to_string(options.head_limit / 1024) + " KiB";
  started_ = Clock::now();
  idle_ = buffer_.size() == 0;
  bool const wait_as_new = first_request_ || !idle_;
  wait_at_most(wait_as_new ? options.header_timeout : options.idle_timeout);
  first_request_ = false;
  request_.request_id = shared_.next_request_id();
  std::size_t scanned = 0;
  ErrorCode error;
  auto token = asio::redirect_error(use_awaitable, error);
  while (true) {
    // An empty line before a request is forgiven (RFC 9112, 2.2).
    while (scanned == 0 && view_of(buffer_).starts_with("\r\n")) buffer_.consume(2);
    auto const scan = scan_head(view_of(buffer_), scanned);
    if (scan.bare_newline) co_return refuse_malformed("http.detail.line_ending");
    if (scan.length > options.head_limit || (scan.length == 0 && buffer_.size() >= options.head_limit)) {
      auto const detail = message("http.detail.head_size", {{"limit", limit}});
      auto const text = message("http.header_too_large", {{"detail", detail}});
      co_return refuse(431, "header_too_large", text);
    }
    if (scan.length > 0) co_return parse_head(scan.length);
    // A carriage return at the end may belong to an empty line in front.
    scanned = view_of(buffer_) == "\r" ? 0 : scan.scanned;

    if (idle_ && shared_.stopping) co_return Head::closed;
    auto const room = buffer_.prepare(4096);
    auto const received = co_await socket_.async_read_some(room, token);
    buffer_.commit(received);
    if (error && timed_out_ && buffer_.size() > 0) {
      co_return refuse(408, "request_timeout", message("http.request_timeout"));
    }
    if (error) co_return Head::closed;
    if (std::exchange(idle_, false)) {
      started_ = Clock::now();
      wait_at_most(options.header_timeout);
    }
  }
}

Connection::Head Connection::parse_head(std::size_t length) {
  auto const head = view_of(buffer_).substr(0, length);
  idle_ = false;
  auto const fault = check_head(head, shared_.options.header_fields);
  parser_.emplace(request_, target_, shared_.options.head_limit);
  ErrorCode error;
  parser_->put(asio::buffer(head.data(), head.size()), error);
  buffer_.consume(length);
  if (fault) {
    // Answered in the form of the request where it could be read that far.
    if (fault->status == 431) {
      return refuse(431, "header_too_large", message("http.header_too_large", {{"detail", message(fault->key)}}));
    }
    if (fault->status == 505) return refuse(505, "version_unsupported", message("http.version_unsupported"));
    return refuse_malformed(fault->key);
  }
  if (error) return refuse_malformed("http.detail.syntax");
  http_1_0_ = parser_->version() == 10;
  if (!parser_->keep_alive() || shared_.stopping) close_ = true;
  if (auto const expect = request_.headers.find("expect"); expect && !http_1_0_) {
    expects_continue_ = same_name(*expect, "100-continue");
    if (!expects_continue_) return refuse(417, "expectation_unsupported", message("http.expectation_unsupported"));
  }
  return Head::ready;
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

Awaitable<bool> Connection::read_whole_body(std::size_t limit) {
  co_await continue_if_expected();
  auto& body = request_.body;
  parser_->body_limit(limit);
  if (auto const length = parser_->content_length()) body.reserve(static_cast<std::size_t>(*length));
  while (!parser_->is_done()) {
    auto const size = body.size();
    auto const left = parser_->content_length_remaining();
    body.resize(size + (left ? std::min<std::size_t>(static_cast<std::size_t>(*left), piece_limit) : piece_limit));
    auto const room = std::span<char>(body).subspan(size);
    co_await read_piece(room);
    body.resize(size + piece_size_);
    if (body_fault_ == 0) continue;
    close_ = true;
    response_ = body_problem(body_fault_, limit, request_);
    co_return false;
  }
  co_return true;
}

// Fills part of `room`; nothing at the end of the body, or when body_fault_ says why not.
Awaitable<void> Connection::read_piece(std::span<char> room) {
  piece_size_ = 0;
  parser_->receive_into(room);
  ErrorCode error;
  auto token = asio::redirect_error(use_awaitable, error);
  while (!parse_piece()) {
    wait_at_most(shared_.options.body_timeout);
    auto const space = buffer_.prepare(piece_limit);
    auto const received = co_await socket_.async_read_some(space, token);
    buffer_.commit(received);
    if (error) {
      body_fault_ = timed_out_ ? 408 : 400;
      co_return;
    }
  }
}

// Parses what has been received; false when more of it is needed.
bool Connection::parse_piece() {
  while (!parser_->is_done() && buffer_.size() > 0) {
    ErrorCode error;
    auto const before = parser_->received();
    auto const used = parser_->put(buffer_.data(), error);
    buffer_.consume(used);
    piece_size_ = parser_->received();
    if (error == beast::http::error::body_limit) {
      body_fault_ = 413;
    } else if (error && error != beast::http::error::need_more && error != beast::http::error::need_buffer) {
      body_fault_ = 400;
    } else if (used == 0 && before == piece_size_ && buffer_.size() >= shared_.options.head_limit) {
      body_fault_ = 400;  // a chunk's header or the trailer goes on and on
    }
    if (body_fault_ != 0 || piece_size_ > 0) return true;
    if (used == 0) return false;
  }
  return parser_->is_done();
}

Awaitable<void> Connection::continue_if_expected() {
  if (!std::exchange(expects_continue_, false) || buffer_.size() > 0) co_return;
  Pieces pieces{asio::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25)};
  if (!write_some(pieces)) co_await write_rest(pieces);
}

// An answer was made before the body was read. A short rest is read away, so that the connection can go on; otherwise
// it is closed. A client that waits for 100 Continue will perhaps never send it.
Awaitable<void> Connection::drain() {
  if (!has_unread_body() || body_fault_ != 0) {
    close_ = close_ || body_fault_ != 0;
    co_return;
  }
  auto const length = parser_->content_length();
  if (expects_continue_ || !length || *length > drain_limit) {
    close_ = true;
    co_return;
  }
  piece_.resize(piece_limit);
  while (!parser_->is_done() && body_fault_ == 0) {
    auto const room = std::span<char>(piece_);
    co_await read_piece(room);
  }
  close_ = close_ || body_fault_ != 0;
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

// Suspends the coroutine until somebody calls wake(); `start` sets going what will.
template <class Start>
Awaitable<void> Connection::suspend(Start start) {
  auto initiate = [this, start = std::move(start)](auto handler) mutable {
    waiter_ = std::make_unique<WaiterFor<decltype(handler)>>(std::move(handler));
    start();
  };
  return asio::async_initiate<asio::use_awaitable_t<Executor> const, void()>(std::move(initiate), use_awaitable);
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
                  {{"request_id", request_.request_id}, {"reason", fault.what()}});
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

Awaitable<void> Connection::write_response() {
  if (broken_) co_return;
  if (!well_formed(response_.headers)) {
    log_event(spdlog::level::err, "malformed header field", {{"request_id", request_.request_id}});
    response_ = protocol_problem(500, "internal_error", message("http.internal_error"), request_);
  }
  auto const framing = framing_of(response_, http_1_0_);
  close_ = close_ || framing == Framing::until_close || shared_.stopping;
  HeadContext const context{
      .http_1_0 = http_1_0_, .close = close_, .date = shared_.date(), .request_id = request_.request_id};
  head_.clear();
  append_head(head_, response_, framing, context);
  bool const with_body = framing != Framing::none && request_.method != "HEAD";
  Pieces pieces{asio::buffer(head_)};
  if (with_body && !response_.source) pieces[1] = asio::buffer(response_.body);
  if (!write_some(pieces)) co_await write_rest(pieces);
  if (with_body && response_.source) co_await write_source(framing == Framing::chunked);
}

Awaitable<void> Connection::write_source(bool chunked) {
  piece_.resize(piece_limit);
  source_failed_ = false;
  auto left = response_.source_length;
  while (!broken_) {
    co_await pull();
    if (source_failed_ || (left && piece_size_ > *left) || (left && piece_size_ == 0 && *left > 0)) {
      broken_ = true;  // the client must not take a part for the whole
      co_return;
    }
    if (left) *left -= piece_size_;
    if (piece_size_ == 0) break;
    Pieces pieces{asio::const_buffer(), asio::buffer(piece_.data(), piece_size_), asio::const_buffer()};
    if (chunked) {
      head_ = fmt::format("{:x}\r\n", piece_size_);
      pieces[0] = asio::buffer(head_);
      pieces[2] = asio::buffer("\r\n", 2);
    }
    if (!write_some(pieces)) co_await write_rest(pieces);
    if (left && *left == 0) co_return;
  }
  Pieces last{asio::buffer("0\r\n\r\n", 5)};
  if (chunked && !broken_ && !write_some(last)) co_await write_rest(last);
}

// Writes what the socket takes at once; true when that was all, or when it broke.
bool Connection::write_some(Pieces& pieces) {
  ErrorCode error;
  auto sent = socket_.write_some(pieces, error);
  bytes_sent_ += sent;
  if (error && error != asio::error::would_block) {
    broken_ = true;
    return true;
  }
  bool all = true;
  for (auto& piece : pieces) {
    auto const taken = std::min(sent, piece.size());
    piece += taken;
    sent -= taken;
    all = all && piece.size() == 0;
  }
  return all;
}

Awaitable<void> Connection::write_rest(Pieces pieces) {
  ErrorCode error;
  auto token = asio::redirect_error(use_awaitable, error);
  auto const writable = Socket::wait_write;
  do {
    deadline_ = Clock::now() + shared_.options.write_timeout;
    co_await socket_.async_wait(writable, token);
    if (error) broken_ = true;
  } while (!broken_ && !write_some(pieces));
  wait_for_ever();
}

// Closing with unread bytes would send a reset, which may overtake the answer: say that we send no more, and read on
// until the client closes or has had its time.
Awaitable<void> Connection::finish() {
  ErrorCode error;
  if (!broken_) {
    socket_.shutdown(Socket::shutdown_send, error);
    deadline_ = Clock::now() + shared_.options.linger_timeout;
    auto token = asio::redirect_error(use_awaitable, error);
    timed_out_ = false;
    while (!error && !timed_out_) {
      buffer_.clear();
      auto const room = buffer_.prepare(4096);
      co_await socket_.async_read_some(room, token);
    }
  }
  wait_for_ever();
  socket_.close(error);
}

void Connection::record() {
  auto const duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started_);
  shared_.metrics.record(route_index_, response_.status, duration, bytes_sent_);
  if (!shared_.options.access_log) return;
  log_access({.request_id = request_.request_id,
              .method = request_.method,
              .route = route_pattern_,
              .status = response_.status,
              .duration = duration,
              .bytes = bytes_sent_});
}

}  // namespace bihuan::http
