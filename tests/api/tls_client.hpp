// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "api/http/tls.hpp"
#include "tests/api/client.hpp"

namespace bihuan::test {

// A directory of its own with certificates in it.
class Certificates {
 public:
  Certificates();
  ~Certificates();
  Certificates(Certificates const&) = delete;
  Certificates& operator=(Certificates const&) = delete;

  // A key and a certificate that signs itself, for this name: NAME.crt and NAME.key.
  [[nodiscard]] http::TlsFiles make(std::string const& name, long days = 30) const;
  // The key of `files` under a password, as a file beside it.
  [[nodiscard]] std::filesystem::path encrypt_key(http::TlsFiles const& files) const;
  [[nodiscard]] std::filesystem::path write(std::string const& name, std::string const& text) const;
  [[nodiscard]] std::filesystem::path const& directory() const { return directory_; }

 private:
  std::filesystem::path directory_;
};

// A client that speaks TLS. Takes any certificate: which one it was is asked afterwards.
class TlsClient final : public Client {
 public:
  struct Options {
    int highest_version = 0;               // TLS1_1_VERSION and its like; 0: any
    std::string ciphers{};                 // of TLS 1.2
    std::vector<std::string> protocols{};  // offered by ALPN
  };
  explicit TlsClient(std::uint16_t port) : TlsClient(port, Options()) {}
  // Throws when the handshake fails.
  TlsClient(std::uint16_t port, Options const& options);

  [[nodiscard]] std::string version() const;
  [[nodiscard]] std::string protocol() const;
  [[nodiscard]] std::string certificate_name() const;
  // True when the server said that no more comes, instead of just closing.
  [[nodiscard]] bool was_told_the_end() const;

 protected:
  [[nodiscard]] std::ptrdiff_t put(std::string_view bytes) override;
  [[nodiscard]] std::ptrdiff_t fetch(std::span<char> room) override;

 private:
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

}  // namespace bihuan::test
