// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "api/http/connection.hpp"
#include "api/http/log.hpp"
#include "api/http/problem.hpp"
#include "engine/core/message.hpp"

namespace bihuan::http {
namespace {

namespace asio = boost::asio;

constexpr asio::use_awaitable_t<Executor> use_awaitable{};

}  // namespace

Awaitable<void> Connection::write_response() {
  if (broken_) co_return;
  if (!well_formed(response_.headers)) {
    log_event(spdlog::level::err, "malformed header field", {{"request_id", request_.request_id}});
    response_ = protocol_problem(500, "internal_error", message("http.internal_error"), request_);
  }
  if (response_.feed && shared_.feeds >= shared_.options.feeds) response_ = busy_problem(request_);
  auto const framing = framing_of(response_, http_1_0_);
  close_ = close_ || framing == Framing::until_close || shared_.stopping;
  HeadContext const context{.http_1_0 = http_1_0_,
                            .close = close_,
                            .date = shared_.date(),
                            .request_id = request_.request_id,
                            .secure = request_.secure};
  head_.clear();
  append_head(head_, response_, framing, context);
  bool const with_body = framing != Framing::none && request_.method != "HEAD";
  Pieces pieces{asio::buffer(head_)};
  if (with_body && !response_.source && !response_.feed) pieces[1] = asio::buffer(response_.body);
  if (!write_now(pieces)) co_await write_rest(pieces);
  if (with_body && response_.source) co_await write_source(framing == Framing::chunked);
  if (!with_body || !response_.feed) co_return;
  ++shared_.feeds;
  co_await write_feed(framing == Framing::chunked);
  --shared_.feeds;
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
    if (!write_now(pieces)) co_await write_rest(pieces);
    if (left && *left == 0) co_return;
  }
  Pieces last{asio::buffer("0\r\n\r\n", 5)};
  if (chunked && !broken_ && !write_now(last)) co_await write_rest(last);
}

// Writes what the socket takes at once; true when that was all, or when it broke.
bool Connection::write_now(Pieces& pieces) {
  ErrorCode error;
  auto const sent = transport_.write_now(pieces, error);
  if (error && error != asio::error::would_block) broken_ = true;
  return advance(pieces, sent);
}

bool Connection::advance(Pieces& pieces, std::size_t sent) {
  bytes_sent_ += sent;
  bool all = true;
  for (auto& piece : pieces) {
    auto const taken = std::min(sent, piece.size());
    piece += taken;
    sent -= taken;
    all = all && piece.size() == 0;
  }
  return all || broken_;
}

Awaitable<void> Connection::write_rest(Pieces pieces) {
  ErrorCode error;
  IntoError const into(use_awaitable, error);
  std::size_t sent = 0;
  do {
    deadline_ = Clock::now() + shared_.options.write_timeout;
    sent = co_await transport_.write_some(pieces, into);
    if (error) broken_ = true;
  } while (!advance(pieces, sent));
  wait_for_ever();
}

// Closing with unread bytes would send a reset, which may overtake the answer: say that we send no more, and
// read on until the client closes or has had its time.
Awaitable<void> Connection::finish() {
  if (!broken_) {
    ErrorCode error;
    IntoError const into(use_awaitable, error);
    deadline_ = Clock::now() + shared_.options.linger_timeout;
    timed_out_ = false;
    if (transport_.encrypted()) co_await transport_.end_tls(into);
    error = {};
    transport_.end_sending();
    while (!error && !timed_out_) {
      buffer_.clear();
      auto const room = buffer_.prepare(4096);
      co_await transport_.read_raw(room, into);
    }
  }
  wait_for_ever();
  transport_.close();
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
