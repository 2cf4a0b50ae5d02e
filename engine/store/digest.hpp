// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

extern "C" {
struct evp_md_ctx_st;
}

namespace bihuan {

enum class HashAlgorithm { sha256, sm3 };

// A hash over bytes that come in pieces. Not for use by two threads at once.
class Digest {
 public:
  explicit Digest(HashAlgorithm algorithm = HashAlgorithm::sha256);
  void update(std::string_view bytes);
  // Lower-case hex. Afterwards the digest is spent.
  [[nodiscard]] std::string finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

// Lower-case hex.
[[nodiscard]] std::string hash_of(std::string_view bytes, HashAlgorithm algorithm = HashAlgorithm::sha256);

}  // namespace bihuan
