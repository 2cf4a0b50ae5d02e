// SPDX-License-Identifier: Apache-2.0
#include "api/http/server.hpp"

#include <fmt/format.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <ctime>
#include <exception>
#include <future>
#include <map>
#include <memory>
#include <system_error>
#include <thread>
#include <unordered_map>

#include "api/http/connection.hpp"
#include "api/http/log.hpp"
#include "api/http/problem.hpp"

namespace bihuan::http {
namespace {

namespace asio = boost::asio;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

constexpr asio::use_awaitable_t<Executor> use_awaitable{};

constexpr std::size_t most_turned_away = 1024;
// Until who is turned away hears so. Who comes again at once, and is told at once, takes as much of the machine by that
// as the work of those within.
constexpr auto turning_away = std::chrono::milliseconds(25);

// How often connections are looked at, from the shortest time that is allowed.
std::chrono::milliseconds tick_of(ServerOptions const& options) {
  auto const shortest =
      std::min({options.header_timeout, options.body_timeout, options.request_timeout, options.write_timeout,
                options.idle_timeout, options.linger_timeout, options.handshake_timeout});
  return std::clamp(shortest / 4, std::chrono::milliseconds(1), std::chrono::milliseconds(250));
}

}  // namespace

std::string Shared::next_request_id() {
  if (id_prefix_.empty()) {
    // So that two runs of the program do not give the same numbers.
    std::uint32_t random = 0;
    if (getrandom(&random, sizeof random, 0) < 0) random = static_cast<std::uint32_t>(std::time(nullptr));
    id_prefix_ = fmt::format("{:08x}-", random);
  }
  return fmt::format("{}{:x}", id_prefix_, ++requests_);
}

std::string_view Shared::date() {
  auto const now = std::time(nullptr);
  if (now != dated_) {
    std::tm civil{};
    gmtime_r(&now, &civil);
    char text[32];
    auto const length = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &civil);
    date_.assign(text, length);
    dated_ = now;
  }
  return date_;
}

class Server::Core {
 public:
  Core(ServerOptions options, Router const& router, WorkerPool& workers, Metrics& metrics)
      : shared_(std::move(options), router, workers, metrics), tls_(shared_.options.tls) {}

  void start();
  void stop();
  void use_tls(TlsContext tls);
  [[nodiscard]] bool turns(std::chrono::milliseconds within);
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::size_t connections() const { return count_.load(std::memory_order_relaxed); }

 private:
  void listen();
  Awaitable<void> accept();
  void admit(Socket socket, asio::ip::tcp::endpoint const& remote);
  [[nodiscard]] bool make_room(std::optional<std::string_view> among);
  bool say_busy(Socket& socket);
  Awaitable<void> turn_away(Socket socket);
  Awaitable<void> read_away(Socket socket);
  void ended(std::uint64_t id, asio::ip::address const& address, std::exception_ptr const& fault);
  void tick();
  void begin_stop();

  // One thread: no strands, no locks between connections. Handlers, which cost more, run on the workers.
  asio::io_context io_{1};
  Shared shared_;
  TlsContext tls_;  // for the next connection
  Acceptor acceptor_{io_.get_executor()};
  Timer timer_{io_.get_executor()};
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::map<asio::ip::address, std::size_t> by_address_;
  std::uint64_t last_id_ = 0;
  std::size_t turned_away_ = 0;         // that still hear so
  std::array<char, 4096> discarded_{};  // of what they send; nobody reads it
  std::atomic<std::size_t> count_ = 0;
  Clock::time_point stop_by_ = Clock::time_point::max();
  std::uint16_t port_ = 0;
  std::thread thread_;
};

void Server::Core::listen() {
  auto const& options = shared_.options;
  if (options.listening >= 0) {
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    ::getsockname(options.listening, reinterpret_cast<sockaddr*>(&name), &size);
    acceptor_.assign(name.ss_family == AF_INET6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), options.listening);
    return;
  }
  asio::ip::tcp::endpoint const endpoint(asio::ip::make_address(options.address), options.port);
  acceptor_.open(endpoint.protocol());
  acceptor_.set_option(asio::socket_base::reuse_address(true));
  acceptor_.bind(endpoint);
  acceptor_.listen();
}

void Server::Core::start() {
  auto const& options = shared_.options;
  try {
    listen();
    port_ = acceptor_.local_endpoint().port();
  } catch (boost::system::system_error const& fault) {
    throw std::system_error(static_cast<std::error_code>(fault.code()),
                            fmt::format("cannot listen on {} port {}", options.address, options.port));
  }
  auto const report = [](std::exception_ptr const& fault) {
    if (fault) std::rethrow_exception(fault);
  };
  asio::co_spawn(io_.get_executor(), accept(), report);
  tick();
  thread_ = std::thread([this] { io_.run(); });
}

void Server::Core::stop() {
  if (!thread_.joinable()) return;
  asio::post(io_, [this] { begin_stop(); });
  thread_.join();
}

void Server::Core::use_tls(TlsContext tls) {
  asio::post(io_, [this, tls = std::move(tls)]() mutable { tls_ = std::move(tls); });
}

bool Server::Core::turns(std::chrono::milliseconds within) {
  auto const turned = std::make_shared<std::promise<void>>();
  asio::post(io_, [turned] { turned->set_value(); });
  return turned->get_future().wait_for(within) == std::future_status::ready;
}

void Server::Core::begin_stop() {
  shared_.stopping = true;
  stop_by_ = Clock::now() + shared_.options.stop_timeout;
  ErrorCode ignored;
  acceptor_.close(ignored);
  for (auto const& [id, connection] : connections_) connection->stop_if_idle();
  if (connections_.empty()) timer_.cancel();
}

Awaitable<void> Server::Core::accept() {
  ErrorCode error;
  auto token = asio::redirect_error(use_awaitable, error);
  while (!shared_.stopping) {
    Socket socket(io_.get_executor());
    asio::ip::tcp::endpoint remote;
    co_await acceptor_.async_accept(socket, remote, token);
    if (!error) {
      admit(std::move(socket), remote);
    } else if (!shared_.stopping) {
      // Most likely no more file descriptors: existing connections must end before new ones can be had.
      log_event(spdlog::level::warn, "accept failed", {{"reason", error.message()}});
      Timer pause(io_.get_executor(), std::chrono::milliseconds(100));
      co_await pause.async_wait(token);
    }
  }
}

void Server::Core::admit(Socket socket, asio::ip::tcp::endpoint const& remote) {
  auto const address = remote.address();
  auto peer = address.to_string();
  auto& from_there = by_address_[address];
  auto const& options = shared_.options;
  bool const many_clients = options.proxies.trust(peer);
  bool const crowded = from_there >= options.connections_per_address && !many_clients;
  bool const full = connections_.size() >= options.connections;
  if ((crowded || full) && !make_room(crowded ? std::optional<std::string_view>(peer) : std::nullopt)) {
    asio::co_spawn(io_.get_executor(), turn_away(std::move(socket)), asio::detached);
    if (from_there == 0) by_address_.erase(address);
    return;
  }
  ++from_there;
  auto const id = ++last_id_;
  auto& connection =
      *connections_.emplace(id, std::make_unique<Connection>(shared_, std::move(socket), std::move(peer), tls_))
           .first->second;
  count_.store(connections_.size(), std::memory_order_relaxed);
  asio::co_spawn(io_.get_executor(), connection.serve(),
                 [this, id, address](std::exception_ptr const& fault) { ended(id, address, fault); });
}

// The connection that has rested longest goes, of those from one address or of all; false when none rests. So
// connections on which nothing is asked keep nobody out, however many they are.
bool Server::Core::make_room(std::optional<std::string_view> among) {
  Connection* longest = nullptr;
  auto since = Clock::time_point::max();
  for (auto const& [id, connection] : connections_) {
    auto const idle = connection->idle_since();
    if (!idle || *idle >= since || (among && connection->peer() != *among)) continue;
    longest = connection.get();
    since = *idle;
  }
  if (longest == nullptr) return false;
  longest->give_way();
  return true;
}

// Without waiting for anything; false where a word in the clear would mean nothing, and a handshake costs too much.
bool Server::Core::say_busy(Socket& socket) {
  if (tls_) return false;
  Request request;
  request.request_id = shared_.next_request_id();
  auto const response = busy_problem(request);
  std::string text;
  append_head(text, response, Framing::length,
              {.close = true, .date = shared_.date(), .request_id = request.request_id});
  text += response.body;
  ErrorCode ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(text), ignored);
  socket.shutdown(Socket::shutdown_send, ignored);
  shared_.metrics.record(shared_.router.routes().size(), response.status, {}, text.size());
  return true;
}

// Whoever is over the limit must cost next to nothing: a few words, and then, for so many at once, a moment in which
// what the client still sends is read away. Closed at once, the reset that answers its request may overtake them.
Awaitable<void> Server::Core::turn_away(Socket socket) {
  if (turned_away_ >= most_turned_away) {
    say_busy(socket);
    co_return;
  }
  ++turned_away_;
  ErrorCode ignored;
  Timer pause(io_.get_executor(), turning_away);
  co_await pause.async_wait(asio::redirect_error(use_awaitable, ignored));
  if (say_busy(socket)) co_await read_away(std::move(socket));
  --turned_away_;
}

Awaitable<void> Server::Core::read_away(Socket socket) {
  auto const until = Clock::now() + shared_.options.linger_timeout;
  Timer patience(io_.get_executor(), until);
  auto const shared_socket = std::make_shared<Socket>(std::move(socket));
  patience.async_wait([shared_socket](ErrorCode error) {
    ErrorCode ignored;
    if (!error) shared_socket->cancel(ignored);
  });
  ErrorCode ended;
  while (!ended && !shared_.stopping && Clock::now() < until) {
    co_await shared_socket->async_read_some(asio::buffer(discarded_), asio::redirect_error(use_awaitable, ended));
  }
}

void Server::Core::ended(std::uint64_t id, asio::ip::address const& address, std::exception_ptr const& fault) {
  connections_.erase(id);
  count_.store(connections_.size(), std::memory_order_relaxed);
  auto const from_there = by_address_.find(address);
  if (--from_there->second == 0) by_address_.erase(from_there);
  if (shared_.stopping && connections_.empty()) timer_.cancel();
  if (!fault) return;
  try {
    std::rethrow_exception(fault);
  } catch (std::exception const& reason) {
    log_event(spdlog::level::err, "connection failed", {{"reason", reason.what()}});
  }
}

void Server::Core::tick() {
  if (shared_.stopping && connections_.empty()) return;
  timer_.expires_after(tick_of(shared_.options));
  timer_.async_wait([this](ErrorCode) {
    auto const now = Clock::now();
    for (auto const& [id, connection] : connections_) {
      if (now >= stop_by_) connection->abort();
      connection->check_time(now);
    }
    tick();
  });
}

Server::Server(ServerOptions options, Router const& router, WorkerPool& workers, Metrics& metrics)
    : core_(std::make_unique<Core>(std::move(options), router, workers, metrics)) {}

Server::~Server() {
  stop();
}

void Server::start() {
  core_->start();
}
void Server::stop() {
  core_->stop();
}
void Server::use_tls(TlsContext tls) {
  core_->use_tls(std::move(tls));
}
bool Server::turns(std::chrono::milliseconds within) const {
  return core_->turns(within);
}
std::uint16_t Server::port() const {
  return core_->port();
}
std::size_t Server::connections() const {
  return core_->connections();
}

}  // namespace bihuan::http
