// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <utility>

#include "api/http/connection.hpp"
#include "api/http/log.hpp"

// Answers that go on. A connection waits for its bell or for the time, lets a worker look at what is new, and sends it
// before it looks again: so a client that reads slowly costs one piece of memory, and one that does not read is dropped
// when its time to take some is over.

namespace bihuan::http {

namespace asio = boost::asio;

// Rung from any thread; however often that is before the I/O thread hears it, it hears it once.
class Connection::Bell : public std::enable_shared_from_this<Bell> {
 public:
  Bell(Connection& connection, Executor executor) : connection_(&connection), executor_(std::move(executor)) {}

  void ring() {
    if (rung_.exchange(true)) return;
    asio::post(executor_, [self = shared_from_this()] {
      if (self->connection_ != nullptr) self->connection_->hear();
    });
  }
  // On the I/O thread.
  void forget_connection() { connection_ = nullptr; }
  [[nodiscard]] bool take_ring() { return rung_.exchange(false); }
  [[nodiscard]] bool is_rung() const { return rung_.load(); }

 private:
  Connection* connection_;
  Executor executor_;
  std::atomic<bool> rung_ = false;
};

Connection::~Connection() {
  if (bell_) bell_->forget_connection();
}

// News have come: they are looked at when the pause since the last look is over.
void Connection::hear() {
  if (!waits_for_news_) return;
  look_at_ = std::min(look_at_, last_look_ + shared_.options.feed_pause);
  if (Clock::now() >= look_at_) end_wait();
}

void Connection::end_wait() {
  if (!waits_for_news_) return;
  waits_for_news_ = false;
  look_at_ = Clock::time_point::max();
  wake();
}

Awaitable<void> Connection::wait_for_news() {
  return suspend([this] {
    waits_for_news_ = true;
    look_at_ = last_said_ + shared_.options.feed_heartbeat;
    if (bell_->is_rung()) hear();
  });
}

Awaitable<void> Connection::pull_feed() {
  return suspend([this] {
    last_look_ = Clock::now();
    (void)bell_->take_ring();
    shared_.workers.push_continuation([this] {
      try {
        news_ = response_.feed->next();
      } catch (std::exception const& fault) {
        source_failed_ = true;
        log_event(spdlog::level::err, "answer broke off",
                  {{"request_id", request_.request_id}, {"reason", reason_of(fault)}});
      }
      wake();
    });
  });
}

Awaitable<void> Connection::write_piece(std::string_view piece, bool chunked) {
  last_said_ = Clock::now();
  Pieces pieces{asio::const_buffer(), asio::buffer(piece.data(), piece.size()), asio::const_buffer()};
  if (chunked) {
    head_ = fmt::format("{:x}\r\n", piece.size());
    pieces[0] = asio::buffer(head_);
    pieces[2] = asio::buffer("\r\n", 2);
  }
  if (!write_now(pieces)) co_await write_rest(pieces);
}

Awaitable<void> Connection::write_feed(bool chunked) {
  source_failed_ = false;
  last_said_ = Clock::now();
  bell_ = std::make_shared<Bell>(*this, transport_.executor());
  response_.feed->listen([bell = bell_] { bell->ring(); });
  while (!broken_ && !shared_.stopping) {
    co_await pull_feed();
    if (source_failed_) broken_ = true;
    if (broken_ || !news_) break;
    bool const quiet = Clock::now() >= last_said_ + shared_.options.feed_heartbeat;
    auto const piece = news_->empty() && quiet ? response_.feed->idle() : std::move(*news_);
    if (!piece.empty()) {
      co_await write_piece(piece, chunked);
    } else {
      co_await wait_for_news();
    }
  }
  response_.feed.reset();
  Pieces last{asio::buffer("0\r\n\r\n", 5)};
  if (chunked && !broken_ && !write_now(last)) co_await write_rest(last);
}

}  // namespace bihuan::http
