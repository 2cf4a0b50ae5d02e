// SPDX-License-Identifier: Apache-2.0
#include "tests/api/tls_client.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <signal.h>
#include <stdlib.h>

#include <cstring>
#include <fstream>
#include <stdexcept>

namespace bihuan::test {
namespace {

template <auto close>
struct Closed {
  template <class T>
  void operator()(T* thing) const {
    close(thing);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Closed<EVP_PKEY_free>>;
using File = std::unique_ptr<BIO, Closed<BIO_free_all>>;

void require(bool done, char const* what) {
  if (!done) throw std::runtime_error(what);
}

File open_file(std::filesystem::path const& path, char const* mode) {
  File file(BIO_new_file(path.c_str(), mode));
  require(file != nullptr, "no file for a certificate");
  return file;
}

}  // namespace

Certificates::Certificates() {
  auto name = (std::filesystem::temp_directory_path() / "bihuan-tls-XXXXXX").string();
  require(::mkdtemp(name.data()) != nullptr, "no directory for certificates");
  directory_ = name;
}

Certificates::~Certificates() {
  std::filesystem::remove_all(directory_);
}

http::TlsFiles Certificates::make(std::string const& name, long days) const {
  constexpr long day = 24 * 60 * 60;
  Key const key(EVP_EC_gen("P-256"));
  std::unique_ptr<X509, Closed<X509_free>> const certificate(X509_new());
  require(key && certificate, "no key");
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -365 * day);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * day);
  X509_set_pubkey(certificate.get(), key.get());
  auto* const subject = X509_get_subject_name(certificate.get());
  std::vector<unsigned char> const text(name.begin(), name.end());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, text.data(), static_cast<int>(text.size()), -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  require(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0, "not signed");
  http::TlsFiles const files{.certificate = directory_ / (name + ".crt"), .key = directory_ / (name + ".key")};
  require(PEM_write_bio_X509(open_file(files.certificate, "w").get(), certificate.get()) == 1, "not written");
  require(
      PEM_write_bio_PrivateKey(open_file(files.key, "w").get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
      "not written");
  return files;
}

std::filesystem::path Certificates::encrypt_key(http::TlsFiles const& files) const {
  Key const key(PEM_read_bio_PrivateKey(open_file(files.key, "r").get(), nullptr, nullptr, nullptr));
  require(key != nullptr, "no key to encrypt");
  auto const path = directory_ / "encrypted.key";
  std::vector<unsigned char> const password{'s', 'e', 's', 'a', 'm', 'e'};
  require(PEM_write_bio_PrivateKey(open_file(path, "w").get(), key.get(), EVP_aes_256_cbc(), password.data(),
                                   static_cast<int>(password.size()), nullptr, nullptr) == 1,
          "not written");
  return path;
}

std::filesystem::path Certificates::write(std::string const& name, std::string const& text) const {
  std::ofstream(directory_ / name) << text;
  return directory_ / name;
}

TlsClient::TlsClient(std::uint16_t port, Options const& options)
    : Client(port), context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), ssl_(nullptr, SSL_free) {
  // OpenSSL writes to sockets that may be closed without asking for no signal.
  ::signal(SIGPIPE, SIG_IGN);
  if (options.highest_version != 0) {
    // What is too old to be spoken must at least be offered.
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), options.highest_version);
  }
  if (!options.ciphers.empty()) {
    require(SSL_CTX_set_cipher_list(context_.get(), options.ciphers.c_str()) == 1, "no such ciphers");
  }
  ssl_.reset(SSL_new(context_.get()));
  std::vector<unsigned char> offered;
  for (auto const& protocol : options.protocols) {
    offered.push_back(static_cast<unsigned char>(protocol.size()));
    offered.insert(offered.end(), protocol.begin(), protocol.end());
  }
  if (!offered.empty()) SSL_set_alpn_protos(ssl_.get(), offered.data(), static_cast<unsigned>(offered.size()));
  SSL_set_fd(ssl_.get(), socket());
  require(SSL_connect(ssl_.get()) == 1, "the handshake failed");
}

std::string TlsClient::version() const {
  return SSL_get_version(ssl_.get());
}

std::string TlsClient::protocol() const {
  unsigned char const* name = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &length);
  return {name, name + length};
}

std::string TlsClient::certificate_name() const {
  auto const* const certificate = SSL_get0_peer_certificate(ssl_.get());
  char name[256] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
  return name;
}

bool TlsClient::was_told_the_end() const {
  return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

std::ptrdiff_t TlsClient::put(std::string_view bytes) {
  return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
}

std::ptrdiff_t TlsClient::fetch(std::span<char> room) {
  auto const got = SSL_read(ssl_.get(), room.data(), static_cast<int>(room.size()));
  require(got > 0 || SSL_get_error(ssl_.get(), got) != SSL_ERROR_WANT_READ, "nothing received");
  return got;
}

}  // namespace bihuan::test
