// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bihuan {

// The tree of hashes of RFC 6962, section 2.1: leaves and nodes hashed apart, so that neither can pass for the other.
// All of it is pure.

using MerkleHash = std::array<unsigned char, 32>;  // SHA-256

[[nodiscard]] MerkleHash leaf_hash(std::string_view leaf);
[[nodiscard]] MerkleHash node_hash(MerkleHash const& left, MerkleHash const& right);

// Lower-case hex, and back; nothing when it is not that of 32 bytes.
[[nodiscard]] std::string hex_of(MerkleHash const& hash);
[[nodiscard]] std::optional<MerkleHash> merkle_hash_of(std::string_view hex);

// The hash over the 2^level leaves from place * 2^level on; level 0 is a leaf's own. Asked only for leaves that are in
// the tree.
using MerkleNodes = std::function<MerkleHash(int level, std::int64_t place)>;

// Over the first `size` leaves.
[[nodiscard]] MerkleHash merkle_root(MerkleNodes const& nodes, std::int64_t size);
// The hashes beside the way from this leaf up to the root over `size` leaves.
[[nodiscard]] std::vector<MerkleHash> inclusion_path(MerkleNodes const& nodes, std::int64_t leaf, std::int64_t size);
// The hashes that show that the tree of `older` leaves is the beginning of that of `size` leaves.
[[nodiscard]] std::vector<MerkleHash> consistency_path(MerkleNodes const& nodes, std::int64_t older, std::int64_t size);

// What such a path shows. False as well for paths that are too long or too short.
[[nodiscard]] bool shows_inclusion(MerkleHash const& hash, std::int64_t leaf, std::int64_t size,
                                   std::vector<MerkleHash> const& path, MerkleHash const& root);
[[nodiscard]] bool shows_consistency(std::int64_t older, MerkleHash const& older_root, std::int64_t size,
                                     MerkleHash const& root, std::vector<MerkleHash> const& path);

// A tree that only grows at its end and whose root is wanted now and then: it keeps one hash for each level.
class MerkleRange {
 public:
  void add(MerkleHash const& leaf);
  [[nodiscard]] MerkleHash root() const;
  [[nodiscard]] std::int64_t size() const { return size_; }

 private:
  std::vector<MerkleHash> complete_;  // of the complete trees in it, the largest first
  std::int64_t size_ = 0;
};

}  // namespace bihuan
