// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace bihuan {

// What a store is opened with, and what for.
enum class KeyUse {
  needed,   // made with a new store; refused when it is gone or another one
  spared,   // for who looks at cases alone, in a backup for example: without it secrets are out of reach
  renewed,  // a new one takes its place; secrets that the old one does not open are forgotten
};

// The key of a data directory, in a file beside the database: what the database holds encrypted, who only copied the
// database cannot read; what is signed by it, who only wrote to the database cannot sign. 256 random bits, as hex. Safe
// to share between threads.
class DataKey {
 public:
  // The key in this file; nothing when it does not hold one. Throws StoreFault when the file cannot be read.
  [[nodiscard]] static std::optional<DataKey> read(std::filesystem::path const& file);
  // Makes a new one, which only the owner may read, in the place of what stands there: whole or not at all. With
  // `durable` it is on the disk before this returns. Throws StoreFault.
  [[nodiscard]] static DataKey make(std::filesystem::path const& file, bool durable);

  // Puts the key that was made in one file in the place of the one in another: after a crash either stands there.
  static void move(std::filesystem::path const& from, std::filesystem::path const& to, bool durable);

  // `bound_to` is not hidden, but only with the same is the text opened again: a secret that was moved to another
  // person's row opens for neither.
  [[nodiscard]] std::string encrypt(std::string_view secret, std::string_view bound_to) const;
  // Nothing when the text is not one that this key encrypted for this.
  [[nodiscard]] std::optional<std::string> decrypt(std::string_view text, std::string_view bound_to) const;

  // Ed25519, as lower-case hex; tree_head.hpp checks it.
  [[nodiscard]] std::string sign(std::string_view text) const;
  [[nodiscard]] std::string public_key() const;

 private:
  using Bytes = std::array<unsigned char, 32>;
  explicit DataKey(Bytes const& bytes) : bytes_(bytes) {}
  [[nodiscard]] Bytes derived(std::uint64_t number) const;

  Bytes bytes_;
};

}  // namespace bihuan
