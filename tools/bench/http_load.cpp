// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/http_load.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

namespace bihuan::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<Tcp, asio::io_context::executor_type>;
using Failure = boost::system::error_code;

Tcp::endpoint local(std::uint16_t port) {
  return {asio::ip::address_v4::loopback(), port};
}

class Client {
 public:
  Client(asio::io_context& io, std::size_t number, std::uint16_t port, Clock::time_point end, Requests const& requests,
         Round& round)
      : socket_(io.get_executor()), number_(number), port_(port), end_(end), requests_(requests), round_(round) {}

  void start() {
    connect();
    send();
  }

 private:
  void connect() {
    socket_.close();
    buffer_.clear();
    used_ = false;
    socket_.connect(local(port_));
    socket_.set_option(Tcp::no_delay(true));
  }

  void send() {
    began_ = Clock::now();
    if (began_ >= end_) return;
    request_ = requests_.next(number_);
    ask();
  }

  void ask() {
    asio::async_write(socket_, asio::buffer(request_), [this](Failure failure, std::size_t) {
      if (failure) return ask_again_or_fail(failure);
      receive();
    });
  }

  // Between two requests a server may close a connection at any time, and who has just asked asks again.
  void ask_again_or_fail(Failure failure) {
    if (!used_) return fail(failure.message());
    connect();
    ask();
  }

  void receive() {
    parser_.emplace();
    http::async_read(socket_, buffer_, *parser_, [this](Failure failure, std::size_t) {
      if (failure) return ask_again_or_fail(failure);
      used_ = true;
      auto const& answer = parser_->get();
      if (answer.result_int() / 100 == 2) {
        round_.milliseconds.push_back(milliseconds_since(began_));
        requests_.answered(number_);
      } else if (answer.result_int() == 503) {
        round_.refused_milliseconds.push_back(milliseconds_since(began_));
      } else {
        fail(std::to_string(answer.result_int()) + " " + answer.body());
      }
      if (!answer.keep_alive()) connect();
      send();
    });
  }

  void fail(std::string what) {
    if (round_.failed++ == 0) round_.first_failure = std::move(what);
  }

  Socket socket_;
  std::size_t number_;
  std::uint16_t port_;
  Clock::time_point end_;
  Requests const& requests_;
  Round& round_;
  Clock::time_point began_;
  bool used_ = false;  // the connection, at least once
  std::string request_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::response_parser<http::string_body>> parser_;
};

}  // namespace

Round load_http(std::uint16_t port, std::size_t clients, std::chrono::milliseconds time, Requests const& requests) {
  return load_http(std::vector{port}, clients, time, requests);
}

Round load_http(std::vector<std::uint16_t> const& ports, std::size_t clients, std::chrono::milliseconds time,
                Requests const& requests) {
  asio::io_context io(1);
  Round round;
  auto const start = Clock::now();
  std::vector<std::unique_ptr<Client>> all;
  for (std::size_t number = 0; number < clients; ++number) {
    all.push_back(std::make_unique<Client>(io, number, ports[number % ports.size()], start + time, requests, round));
    all.back()->start();
  }
  // A server that no longer answers must not hold the bench for ever.
  io.run_for(time + std::chrono::seconds(10));
  round.seconds = milliseconds_since(start) / 1000;
  return round;
}

HttpAnswer ask_http(std::uint16_t port, std::string const& request) {
  asio::io_context io(1);
  Socket socket(io.get_executor());
  socket.connect(local(port));
  asio::write(socket, asio::buffer(request));
  asio::streambuf received;
  auto const head_size = asio::read_until(socket, received, "\r\n\r\n");
  std::string all(asio::buffers_begin(received.data()), asio::buffers_end(received.data()));
  HttpAnswer answer{.status = 0, .head = all.substr(0, head_size), .body = all.substr(head_size)};
  http::response_parser<http::string_body> parser;
  parser.eager(false);
  Failure failure;
  parser.put(asio::buffer(answer.head), failure);
  if (failure) throw std::runtime_error("not an answer: " + failure.message());
  answer.status = parser.get().result_int();
  auto const missing = parser.content_length().value_or(0) - answer.body.size();
  std::string rest(missing, '\0');
  asio::read(socket, asio::buffer(rest));
  answer.body += rest;
  return answer;
}

Drained drain_http(std::uint16_t port, std::string const& request) {
  asio::io_context io(1);
  Socket socket(io.get_executor());
  socket.connect(local(port));
  asio::write(socket, asio::buffer(request));
  boost::beast::flat_buffer buffer;
  http::response_parser<http::buffer_body> parser;
  parser.body_limit(boost::none);
  http::read_header(socket, buffer, parser);
  Drained drained{.status = parser.get().result_int()};
  std::array<char, 65536> piece{};
  while (!parser.is_done()) {
    parser.get().body().data = piece.data();
    parser.get().body().size = piece.size();
    Failure failure;
    http::read(socket, buffer, parser, failure);
    if (failure && failure != http::error::need_buffer) throw std::runtime_error(failure.message());
    auto const size = piece.size() - parser.get().body().size;
    drained.lines += static_cast<std::size_t>(std::count(piece.data(), piece.data() + size, '\n'));
  }
  return drained;
}

}  // namespace bihuan::bench
