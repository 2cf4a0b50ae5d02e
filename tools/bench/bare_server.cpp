// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/bare_server.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <stdexcept>
#include <thread>

namespace bihuan::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Failure = boost::system::error_code;
using Answer = http::response<http::string_body>;

Answer parse(std::string const& bytes) {
  http::response_parser<http::string_body> parser;
  parser.eager(true);
  Failure failure;
  parser.put(asio::buffer(bytes), failure);
  if (failure || !parser.is_done()) throw std::runtime_error("the answer to repeat is not whole");
  return parser.release();
}

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Socket socket, Answer& answer) : socket_(std::move(socket)), answer_(answer) {
    socket_.set_option(Tcp::no_delay(true));
  }

  void read() {
    request_ = {};
    http::async_read(socket_, buffer_, request_, [self = shared_from_this()](Failure failure, std::size_t) {
      if (!failure) self->write();
    });
  }

 private:
  void write() {
    http::async_write(socket_, answer_, [self = shared_from_this()](Failure failure, std::size_t) {
      if (!failure) self->read();
    });
  }

  Socket socket_;
  Answer& answer_;
  boost::beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
};

}  // namespace

class BareServer::Core {
 public:
  explicit Core(Answer answer) : answer_(std::move(answer)) {
    accept();
    thread_ = std::jthread([this] { io_.run(); });
  }
  ~Core() { io_.stop(); }
  Core(Core const&) = delete;
  Core& operator=(Core const&) = delete;

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  void accept() {
    acceptor_.async_accept([this](Failure failure, Socket socket) {
      if (failure) return;
      std::make_shared<Session>(std::move(socket), answer_)->read();
      accept();
    });
  }

  Answer answer_;
  asio::io_context io_{1};
  asio::basic_socket_acceptor<Tcp, Executor> acceptor_{io_.get_executor(),
                                                       Tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::jthread thread_;
};

BareServer::BareServer(std::string const& head, std::string const& body)
    : core_(std::make_unique<Core>(parse(head + body))) {}
BareServer::~BareServer() = default;
std::uint16_t BareServer::port() const {
  return core_->port();
}

}  // namespace bihuan::bench
