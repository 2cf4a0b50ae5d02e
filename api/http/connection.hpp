// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <ctime>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/http/request_parser.hpp"
#include "api/http/response_head.hpp"
#include "api/http/server.hpp"
#include "api/http/transport.hpp"
#include "engine/core/text.hpp"

namespace bihuan::http {

using Clock = std::chrono::steady_clock;

// g++ 12 miscompiles co_await with a braced or lambda argument inside the expression: in the files of this
// class every argument of an awaited call has a name. The class is split by what it does: connection.cpp (its
// life, and handing requests to handlers), connection_read.cpp, connection_write.cpp and connection_feed.cpp.

// Bodies are read and sent in pieces of at most so many bytes.
inline constexpr std::size_t piece_limit = 64 * 1024;

// What all connections of a server share. Touched on the I/O thread only.
class Shared {
 public:
  Shared(ServerOptions options_, Router const& router_, WorkerPool& workers_, Metrics& metrics_)
      : options(std::move(options_)), router(router_), workers(workers_), metrics(metrics_) {}

  ServerOptions const options;
  Router const& router;
  WorkerPool& workers;
  Metrics& metrics;
  bool stopping = false;
  std::size_t uploads = 0;
  std::size_t feeds = 0;

  [[nodiscard]] std::string next_request_id();
  // The time for the Date field, made once a second.
  [[nodiscard]] std::string_view date();

 private:
  std::uint64_t requests_ = 0;
  std::string id_prefix_;
  std::time_t dated_ = 0;
  std::string date_;
};

// One client, from accept to close: requests one after the other. All of it runs on the I/O thread, except
// next() (called by a handler) and the jobs given to the workers; while one of those runs, the I/O thread
// touches nothing that they use.
class Connection final : private BodyReader {
 public:
  // `tls` as it is now; without it the client is spoken to in the clear.
  Connection(Shared& shared, Socket socket, std::string peer, TlsContext tls);
  ~Connection() override;

  [[nodiscard]] Awaitable<void> serve();
  // Cancels what waits past its time. One timer for all connections costs less than a timer for each
  // operation.
  void check_time(Clock::time_point now);
  // Closes a connection that waits for its next request.
  void stop_if_idle();
  // Since when it has waited for its next request; nothing when it does not, or has only just begun with the first.
  [[nodiscard]] std::optional<Clock::time_point> idle_since() const;
  // Closes it at once, so that somebody else can have its place.
  void give_way();
  [[nodiscard]] std::string const& peer() const { return peer_; }
  // Closes at once; a handler that still runs ends by itself.
  void abort();

 private:
  enum class Head { ready, refused, closed };
  enum class Event { done, wants_body };
  struct Waiter {
    Waiter() = default;
    Waiter(Waiter const&) = delete;
    Waiter& operator=(Waiter const&) = delete;
    virtual ~Waiter() = default;
    virtual void wake() = 0;
  };
  template <class CompletionHandler>
  struct WaiterFor;
  using Pieces = Transport::Pieces;

  [[nodiscard]] Awaitable<bool> shake_hands();

  // Reading.
  void begin_request();
  [[nodiscard]] Awaitable<Head> read_head();
  [[nodiscard]] Head parse_head(std::size_t length);
  [[nodiscard]] Awaitable<void> read_piece(std::span<char> room);
  [[nodiscard]] bool parse_piece();
  [[nodiscard]] Awaitable<bool> read_whole_body(std::size_t limit);
  [[nodiscard]] Awaitable<void> continue_if_expected();
  [[nodiscard]] Awaitable<void> drain();
  [[nodiscard]] Head refuse(int status, std::string_view code, Text const& text);
  [[nodiscard]] Head refuse_malformed(std::string_view detail_key);

  // Answering.
  [[nodiscard]] Awaitable<void> answer();
  [[nodiscard]] std::optional<Response> refuse_body(Route const& route) const;
  [[nodiscard]] Awaitable<void> answer_streaming(Route const& route);
  template <class Start>
  [[nodiscard]] Awaitable<void> suspend(Start start);
  [[nodiscard]] Awaitable<void> dispatch(Route const& route);
  [[nodiscard]] Awaitable<void> supply();
  [[nodiscard]] Awaitable<void> pull();
  void wake();
  std::span<char const> next() override;

  // Writing.
  [[nodiscard]] Awaitable<void> write_response();
  [[nodiscard]] Awaitable<void> write_source(bool chunked);
  [[nodiscard]] Awaitable<void> write_feed(bool chunked);
  [[nodiscard]] Awaitable<void> pull_feed();
  [[nodiscard]] Awaitable<void> wait_for_news();
  [[nodiscard]] Awaitable<void> write_piece(std::string_view piece, bool chunked);
  void hear();
  void end_wait();
  [[nodiscard]] bool write_now(Pieces& pieces);
  [[nodiscard]] bool advance(Pieces& pieces, std::size_t sent);
  [[nodiscard]] Awaitable<void> write_rest(Pieces pieces);
  [[nodiscard]] Awaitable<void> finish();
  void record();

  [[nodiscard]] bool has_unread_body() const { return parser_ && !parser_->is_done(); }
  void wait_at_most(std::chrono::milliseconds limit);
  void wait_for_ever() { deadline_ = Clock::time_point::max(); }

  Shared& shared_;
  Transport transport_;
  std::string const peer_;
  boost::beast::flat_buffer buffer_;

  Clock::time_point deadline_ = Clock::time_point::max();
  Clock::time_point started_ = Clock::now();
  bool first_request_ = true;
  bool newcomer_ = false;  // its first request is waited for, and none of it has come
  bool idle_ = false;
  bool timed_out_ = false;
  bool broken_ = false;  // nothing can be sent any more
  bool close_ = false;   // after this answer

  Request request_;
  std::string target_;
  std::optional<RequestParser> parser_;
  bool http_1_0_ = false;
  bool expects_continue_ = false;
  std::size_t route_index_ = 0;
  std::string_view route_pattern_;

  Response response_;
  std::string head_;
  std::size_t bytes_sent_ = 0;

  // Between the I/O thread and the worker that runs this connection's handler or body source.
  std::unique_ptr<Waiter> waiter_;
  Event event_ = Event::done;
  std::vector<char> piece_;
  std::size_t piece_size_ = 0;
  int body_fault_ = 0;
  bool body_ended_ = false;
  bool source_failed_ = false;

  // Of an answer that goes on.
  class Bell;
  std::shared_ptr<Bell> bell_;  // outlives this in the hands of whoever rings
  std::optional<std::string> news_;
  bool waits_for_news_ = false;
  Clock::time_point last_look_;
  Clock::time_point last_said_;
  Clock::time_point look_at_ = Clock::time_point::max();  // when waiting for news ends

  std::mutex mutex_;
  std::condition_variable supplied_;
  bool piece_ready_ = false;
};

template <class CompletionHandler>
struct Connection::WaiterFor final : Waiter {
  explicit WaiterFor(CompletionHandler completion) : handler(std::move(completion)) {}
  void wake() override { boost::asio::post(std::move(handler)); }
  CompletionHandler handler;
};

// Suspends the coroutine until somebody calls wake(); `start` sets going what will.
template <class Start>
Awaitable<void> Connection::suspend(Start start) {
  using Token = boost::asio::use_awaitable_t<Executor> const;
  auto initiate = [this, start = std::move(start)](auto handler) mutable {
    waiter_ = std::make_unique<WaiterFor<decltype(handler)>>(std::move(handler));
    start();
  };
  Token token{};
  return boost::asio::async_initiate<Token, void()>(std::move(initiate), token);
}

}  // namespace bihuan::http
