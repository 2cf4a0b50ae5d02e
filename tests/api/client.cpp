// SPDX-License-Identifier: Apache-2.0
#include "tests/api/client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace bihuan::test {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

[[noreturn]] void fail(char const* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

std::optional<std::string> Answer::header(std::string_view name) const {
  auto const at = lower(head).find("\r\n" + lower(name) + ": ");
  if (at == std::string::npos) return std::nullopt;
  auto const start = at + 2 + name.size() + 2;
  return head.substr(start, head.find("\r\n", start) - start);
}

Client::Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (socket_ < 0) fail("socket");
  timeval const patience{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr generic{};
  std::memcpy(&generic, &address, sizeof address);
  if (::connect(socket_, &generic, sizeof address) != 0) {
    ::close(socket_);
    fail("connect");
  }
}

Client::~Client() {
  ::close(socket_);
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    auto const sent = put(bytes);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::ptrdiff_t Client::put(std::string_view bytes) {
  auto const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EPIPE && errno != ECONNRESET) fail("send");
  return sent;
}

std::ptrdiff_t Client::fetch(std::span<char> room) {
  auto const got = ::recv(socket_, room.data(), room.size(), 0);
  if (got < 0 && errno != ECONNRESET) fail("nothing received");
  return got;
}

void Client::finish_sending() {
  ::shutdown(socket_, SHUT_WR);
}

bool Client::receive() {
  char bytes[16 * 1024];
  auto const got = fetch(bytes);
  if (got <= 0) return false;
  received_.append(bytes, static_cast<std::size_t>(got));
  return true;
}

std::optional<std::string> Client::take(std::size_t size) {
  while (received_.size() < size) {
    if (!receive()) return std::nullopt;
  }
  auto result = received_.substr(0, size);
  received_.erase(0, size);
  return result;
}

std::optional<std::string> Client::take_line() {
  std::size_t end = 0;
  while ((end = received_.find("\r\n")) == std::string::npos) {
    if (!receive()) return std::nullopt;
  }
  auto line = take(end + 2);
  line->resize(end);
  return line;
}

std::optional<Answer> Client::read_head() {
  Answer answer;
  while (true) {
    auto const line = take_line();
    if (!line) return std::nullopt;
    if (line->empty()) break;
    answer.head += *line + "\r\n";
  }
  if (answer.head.size() < 12) throw std::runtime_error("no status line: " + answer.head);
  answer.status = std::stoi(answer.head.substr(9, 3));
  return answer;
}

std::optional<Answer> Client::read(bool to_head) {
  auto answer = read_head();
  if (!answer || to_head) return answer;
  if (auto const length = answer->header("Content-Length")) {
    auto body = take(std::stoul(*length));
    if (!body) return std::nullopt;
    answer->body = std::move(*body);
  } else if (answer->header("Transfer-Encoding")) {
    while (true) {
      auto const size = take_line();
      if (!size) return std::nullopt;
      auto const bytes = std::stoul(*size, nullptr, 16);
      auto const chunk = take(bytes + 2);
      if (!chunk) return std::nullopt;
      if (bytes == 0) break;
      answer->body += chunk->substr(0, bytes);
    }
  }
  return answer;
}

std::size_t Client::read_some(std::string& into, std::size_t limit) {
  if (received_.empty() && !receive()) return 0;
  into = received_.substr(0, limit);
  received_.erase(0, into.size());
  return into.size();
}

bool Client::is_closed() {
  return received_.empty() && !receive();
}

Answer Client::ask(std::string_view bytes) {
  send(bytes);
  auto answer = read();
  if (!answer) throw std::runtime_error("the server closed without an answer");
  return std::move(*answer);
}

std::string get(std::string_view target, std::string_view fields) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n" + std::string(fields) + "\r\n";
}

std::string post(std::string_view target, std::string_view body, std::string_view fields) {
  return "POST " + std::string(target) + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

}  // namespace bihuan::test
