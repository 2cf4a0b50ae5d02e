// SPDX-License-Identifier: Apache-2.0
#include "api/http/transport.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl/error.hpp>
#include <utility>

// None of these is a coroutine: each hands on what Asio awaits, so that a connection in the clear costs what
// it did.

namespace bihuan::http {

namespace asio = boost::asio;

Transport::Transport(Socket socket, TlsContext tls) : socket_(std::move(socket)) {
  ErrorCode ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  // The stream takes the SSL over, and that keeps the context alive.
  if (tls) tls_.emplace(socket_, SSL_new(tls.get()));
}

Awaitable<void> Transport::handshake(IntoError into) {
  return tls_->async_handshake(asio::ssl::stream_base::server, into);
}

bool Transport::is_plain_http(ErrorCode error) {
  return error.category() == asio::error::get_ssl_category() &&
         ERR_GET_REASON(static_cast<unsigned long>(error.value())) == SSL_R_HTTP_REQUEST;
}

Awaitable<std::size_t> Transport::read_some(asio::mutable_buffer room, IntoError into) {
  if (tls_) return tls_->async_read_some(room, into);
  return socket_.async_read_some(room, into);
}

std::size_t Transport::write_now(Pieces const& pieces, ErrorCode& error) {
  // Asio's TLS loses bytes when a socket that must not wait takes a part of them.
  if (tls_) {
    error = asio::error::would_block;
    return 0;
  }
  return socket_.write_some(pieces, error);
}

Awaitable<std::size_t> Transport::write_some(Pieces const& pieces, IntoError into) {
  if (tls_) return tls_->async_write_some(pieces, into);
  return socket_.async_write_some(pieces, into);
}

Awaitable<void> Transport::end_tls(IntoError into) {
  return tls_->async_shutdown(into);
}

void Transport::end_sending() {
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

Awaitable<std::size_t> Transport::read_raw(asio::mutable_buffer room, IntoError into) {
  return socket_.async_read_some(room, into);
}

void Transport::cancel() {
  ErrorCode ignored;
  socket_.cancel(ignored);
}

void Transport::close() {
  ErrorCode ignored;
  socket_.close(ignored);
}

}  // namespace bihuan::http
