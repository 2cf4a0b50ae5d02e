// SPDX-License-Identifier: Apache-2.0
#include "engine/store/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>
#include <span>
#include <stdexcept>

namespace bihuan {
namespace {

// Fetched once: an implicit fetch costs more than hashing an event does.
EVP_MD const* method(HashAlgorithm algorithm) {
  static EVP_MD const* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  static EVP_MD const* const sm3 = EVP_MD_fetch(nullptr, "SM3", nullptr);
  EVP_MD const* const found = algorithm == HashAlgorithm::sha256 ? sha256 : sm3;
  if (found == nullptr) {
    throw std::runtime_error("this OpenSSL does not offer the hash algorithm");
  }
  return found;
}

std::string hex(std::span<unsigned char const> bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (unsigned char const byte : bytes) {
    text.push_back(digits[byte >> 4U]);
    text.push_back(digits[byte & 0xFU]);
  }
  return text;
}

}  // namespace

void Digest::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Digest::Digest(HashAlgorithm algorithm) : context_(EVP_MD_CTX_new()) {
  if (!context_) {
    throw std::bad_alloc();
  }
  if (EVP_DigestInit_ex2(context_.get(), method(algorithm), nullptr) != 1) {
    throw std::runtime_error("the hash algorithm could not be started");
  }
}

void Digest::update(std::string_view bytes) {
  if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) {
    throw std::runtime_error("the hash could not be computed");
  }
}

std::string Digest::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int length = 0;
  if (EVP_DigestFinal_ex(context_.get(), bytes.data(), &length) != 1) {
    throw std::runtime_error("the hash could not be computed");
  }
  return hex(std::span(bytes).first(length));
}

std::string hash_of(std::string_view bytes, HashAlgorithm algorithm) {
  Digest digest(algorithm);
  digest.update(bytes);
  return digest.finish();
}

}  // namespace bihuan
