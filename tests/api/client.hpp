// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bihuan::test {

struct Answer {
  int status = 0;
  std::string head;  // the status line and the fields
  std::string body;  // chunks joined

  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
};

// A raw connection to a server on this machine: sends any bytes, and reads answers with plain blocking reads.
// A read that gets nothing for ten seconds throws, so that a test fails instead of hanging.
class Client {
 public:
  explicit Client(std::uint16_t port);
  virtual ~Client();
  Client(Client const&) = delete;
  Client& operator=(Client const&) = delete;

  // False when the server has closed the way there.
  bool send(std::string_view bytes);
  // Says that nothing more will be sent.
  void finish_sending();

  // The next answer; nothing when the server closed first. `to_head` for answers to HEAD, which have no body.
  [[nodiscard]] std::optional<Answer> read(bool to_head = false);
  // The status line and fields alone.
  [[nodiscard]] std::optional<Answer> read_head();
  // Some bytes of what follows, at most `limit`; 0 at the end.
  [[nodiscard]] std::size_t read_some(std::string& into, std::size_t limit);
  // True when the server closes without another byte.
  [[nodiscard]] bool is_closed();

  // Sends and reads one answer.
  [[nodiscard]] Answer ask(std::string_view bytes);

 protected:
  [[nodiscard]] int socket() const { return socket_; }
  // How many bytes went; less than 1 when the server has closed.
  [[nodiscard]] virtual std::ptrdiff_t put(std::string_view bytes);
  [[nodiscard]] virtual std::ptrdiff_t fetch(std::span<char> room);

 private:
  [[nodiscard]] bool receive();
  [[nodiscard]] std::optional<std::string> take(std::size_t size);
  [[nodiscard]] std::optional<std::string> take_line();

  int socket_;
  std::string received_;
};

// "GET /x HTTP/1.1" with a Host and the given further lines ("A: b\r\n").
[[nodiscard]] std::string get(std::string_view target, std::string_view fields = "");
[[nodiscard]] std::string post(std::string_view target, std::string_view body, std::string_view fields = "");

}  // namespace bihuan::test
