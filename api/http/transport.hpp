// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <optional>

#include "api/http/tls.hpp"

namespace bihuan::http {

using Executor = boost::asio::io_context::executor_type;
template <class T>
using Awaitable = boost::asio::awaitable<T, Executor>;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using ErrorCode = boost::system::error_code;
// Where an operation puts its error, instead of throwing it.
using IntoError = boost::asio::redirect_error_t<boost::asio::use_awaitable_t<Executor>>;

// The bytes of one client, in the clear or through TLS. Reading and writing take turns. All of it runs on the
// I/O thread; cancel() ends what is awaited with an error.
class Transport {
 public:
  // The pieces of one write; empty ones are skipped.
  using Pieces = std::array<boost::asio::const_buffer, 3>;

  // Without a context: in the clear.
  Transport(Socket socket, TlsContext tls);

  [[nodiscard]] Executor executor() { return socket_.get_executor(); }
  [[nodiscard]] bool encrypted() const { return tls_.has_value(); }

  // Only through TLS, and before all else. True of an error: the client speaks HTTP in the clear.
  [[nodiscard]] Awaitable<void> handshake(IntoError into);
  [[nodiscard]] static bool is_plain_http(ErrorCode error);
  // After a handshake that failed: what is written from here on goes out in the clear.
  void give_up_tls() { tls_.reset(); }

  [[nodiscard]] Awaitable<std::size_t> read_some(boost::asio::mutable_buffer room, IntoError into);
  // Writes what the socket takes without waiting, which through TLS is nothing; would_block when it takes
  // none.
  [[nodiscard]] std::size_t write_now(Pieces const& pieces, ErrorCode& error);
  [[nodiscard]] Awaitable<std::size_t> write_some(Pieces const& pieces, IntoError into);

  // Says goodbye in the words of TLS; the client may answer so or not.
  [[nodiscard]] Awaitable<void> end_tls(IntoError into);
  // Sends no more; what still comes can be read away in the raw.
  void end_sending();
  [[nodiscard]] Awaitable<std::size_t> read_raw(boost::asio::mutable_buffer room, IntoError into);

  void cancel();
  void close();

 private:
  Socket socket_;
  std::optional<boost::asio::ssl::stream<Socket&>> tls_;
};

}  // namespace bihuan::http
