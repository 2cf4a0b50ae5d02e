// SPDX-License-Identifier: Apache-2.0
#include "api/http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <stdexcept>
#include <string>
#include <system_error>

#include "api/http/log.hpp"
#include "engine/core/message.hpp"

namespace bihuan::http {
namespace {

constexpr char ciphers_of_1_2[] = "ECDHE+AESGCM:ECDHE+CHACHA20";
// Keys of 112 bits of strength and more (RSA 2048), no SHA-1 signatures.
constexpr int security_level = 2;
constexpr unsigned char http_1_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

std::string last_reason() {
  auto const code = ERR_get_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  char const* const reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "unknown";
}

tl::unexpected<Text> refuse(char const* key, std::filesystem::path const& file) {
  return tl::make_unexpected(message(key, {{"path", file.string()}, {"reason", last_reason()}}));
}

// Without this OpenSSL asks at the terminal, and the service hangs.
int no_password(char*, int, int, void*) {
  return 0;
}

// A client that asks for other protocols only must not be talked to as if it had asked for this one (RFC
// 7301, 3.2).
int select_protocol(SSL*, unsigned char const** chosen, unsigned char* length, unsigned char const* offered,
                    unsigned int offered_length, void*) {
  unsigned char* selected = nullptr;
  auto const outcome = SSL_select_next_proto(&selected, length, http_1_1, sizeof http_1_1, offered, offered_length);
  *chosen = selected;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

TlsContext make_context() {
  TlsContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context.get(), ciphers_of_1_2) != 1) {
    throw std::runtime_error("OpenSSL cannot start: " + last_reason());
  }
  SSL_CTX_set_security_level(context.get(), security_level);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_default_passwd_cb(context.get(), no_password);
  SSL_CTX_set_alpn_select_cb(context.get(), select_protocol, nullptr);
  return context;
}

void warn_of_expiry(SSL_CTX* context, std::filesystem::path const& file) {
  auto const* const ends = X509_get0_notAfter(SSL_CTX_get0_certificate(context));
  if (X509_cmp_current_time(ends) > 0) return;
  log_event(spdlog::level::warn, "certificate expired", {{"path", file.string()}});
}

}  // namespace

tl::expected<TlsContext, Text> load_tls(TlsFiles const& files) {
  ERR_clear_error();
  auto context = make_context();
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1) {
    return refuse("serve.certificate_refused", files.certificate);
  }
  // Checks as well that it is the certificate's.
  if (SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return refuse("serve.key_refused", files.key);
  }
  warn_of_expiry(context.get(), files.certificate);
  return context;
}

std::chrono::sys_seconds expiry_of(TlsContext const& context) {
  std::tm civil{};
  ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(context.get())), &civil);
  return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&civil)));
}

}  // namespace bihuan::http
