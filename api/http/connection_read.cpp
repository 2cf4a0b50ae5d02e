// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "api/http/connection.hpp"
#include "api/http/forwarded.hpp"
#include "api/http/head_check.hpp"
#include "api/http/problem.hpp"
#include "engine/core/message.hpp"

namespace bihuan::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

constexpr asio::use_awaitable_t<Executor> use_awaitable{};
constexpr std::size_t drain_limit = 64 * 1024;

std::string_view view_of(beast::flat_buffer const& buffer) {
  auto const data = buffer.data();
  return {static_cast<char const*>(data.data()), data.size()};
}

}  // namespace

void Connection::begin_request() {
  request_.clear();
  request_.remote_address = peer_;
  request_.secure = transport_.encrypted();
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
  newcomer_ = first_request_ && idle_;
  bool const wait_as_new = first_request_ || !idle_;
  wait_at_most(newcomer_ && shared_.stopping ? options.linger_timeout
               : wait_as_new                 ? options.header_timeout
                                             : options.idle_timeout);
  first_request_ = false;
  request_.request_id = shared_.next_request_id();
  std::size_t scanned = 0;
  ErrorCode error;
  IntoError const into(use_awaitable, error);
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

    if (idle_ && shared_.stopping && !newcomer_) co_return Head::closed;
    auto const room = buffer_.prepare(4096);
    auto const received = co_await transport_.read_some(room, into);
    buffer_.commit(received);
    // It made room while this was on its way: nobody would hear the answer, so nothing is done either.
    if (broken_) co_return Head::closed;
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
  auto origin = origin_of(peer_, transport_.encrypted(), request_.headers, shared_.options.proxies);
  request_.remote_address = std::move(origin.address);
  request_.secure = origin.secure;
  http_1_0_ = parser_->version() == 10;
  if (!parser_->keep_alive() || shared_.stopping) close_ = true;
  if (auto const expect = request_.headers.find("expect"); expect && !http_1_0_) {
    expects_continue_ = same_name(*expect, "100-continue");
    if (!expects_continue_) return refuse(417, "expectation_unsupported", message("http.expectation_unsupported"));
  }
  return Head::ready;
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
  IntoError const into(use_awaitable, error);
  while (!parse_piece()) {
    wait_at_most(shared_.options.body_timeout);
    auto const space = buffer_.prepare(piece_limit);
    auto const received = co_await transport_.read_some(space, into);
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
  if (!write_now(pieces)) co_await write_rest(pieces);
}

// An answer was made before the body was read. A short rest is read away, so that the connection can go on;
// otherwise it is closed. A client that waits for 100 Continue will perhaps never send it.
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

}  // namespace bihuan::http
