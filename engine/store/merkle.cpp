// SPDX-License-Identifier: Apache-2.0
#include "engine/store/merkle.hpp"

#include <sodium.h>

#include <algorithm>
#include <bit>

namespace bihuan {
namespace {

unsigned char const* bytes_of(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

template <class... Parts>
MerkleHash hash(unsigned char prefix, Parts const&... parts) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, &prefix, 1);
  (crypto_hash_sha256_update(&state, parts.data(), parts.size()), ...);
  MerkleHash result{};
  crypto_hash_sha256_final(&state, result.data());
  return result;
}

MerkleHash root_of_nothing() {
  MerkleHash result{};
  crypto_hash_sha256(result.data(), nullptr, 0);
  return result;
}

// The largest power of two that is smaller; of a size of two at least.
std::int64_t split(std::int64_t size) {
  return static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(size - 1)));
}

int level_of(std::int64_t power) {
  return std::countr_zero(static_cast<std::uint64_t>(power));
}

// Over the leaves [first, first + size). `first` is a multiple of the smallest power of two that is not below `size`.
MerkleHash root_between(MerkleNodes const& nodes, std::int64_t first, std::int64_t size) {
  if (std::has_single_bit(static_cast<std::uint64_t>(size))) return nodes(level_of(size), first / size);
  auto const left = split(size);
  return node_hash(nodes(level_of(left), first / left), root_between(nodes, first + left, size - left));
}

// SUBPROOF of RFC 6962, 2.1.2, over the leaves [first, first + size). `known` when the older tree's root over this part
// is one that the reader has.
void add_consistency(MerkleNodes const& nodes, std::int64_t older, std::int64_t first, std::int64_t size, bool known,
                     std::vector<MerkleHash>& path) {
  if (older == size) {
    if (!known) path.push_back(root_between(nodes, first, size));
    return;
  }
  auto const left = split(size);
  if (older <= left) {
    add_consistency(nodes, older, first, left, known, path);
    path.push_back(root_between(nodes, first + left, size - left));
  } else {
    add_consistency(nodes, older - left, first + left, size - left, false, path);
    path.push_back(root_between(nodes, first, left));
  }
}

}  // namespace

MerkleHash leaf_hash(std::string_view leaf) {
  struct Bytes {
    std::string_view text;
    [[nodiscard]] unsigned char const* data() const { return bytes_of(text); }
    [[nodiscard]] std::size_t size() const { return text.size(); }
  };
  return hash(0, Bytes{leaf});
}

MerkleHash node_hash(MerkleHash const& left, MerkleHash const& right) {
  return hash(1, left, right);
}

std::string hex_of(MerkleHash const& hash) {
  std::string text(2 * hash.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
  text.pop_back();
  return text;
}

std::optional<MerkleHash> merkle_hash_of(std::string_view hex) {
  MerkleHash result{};
  std::size_t size = 0;
  char const* end = nullptr;
  bool const lower = std::ranges::none_of(hex, [](char character) { return character >= 'A' && character <= 'F'; });
  if (!lower || hex.size() != 2 * result.size() ||
      sodium_hex2bin(result.data(), result.size(), hex.data(), hex.size(), nullptr, &size, &end) != 0 ||
      size != result.size() || end != hex.data() + hex.size()) {
    return std::nullopt;
  }
  return result;
}

MerkleHash merkle_root(MerkleNodes const& nodes, std::int64_t size) {
  return size == 0 ? root_of_nothing() : root_between(nodes, 0, size);
}

std::vector<MerkleHash> inclusion_path(MerkleNodes const& nodes, std::int64_t leaf, std::int64_t size) {
  std::vector<MerkleHash> path;
  for (std::int64_t first = 0; size > 1;) {
    auto const left = split(size);
    if (leaf < first + left) {
      path.push_back(root_between(nodes, first + left, size - left));
      size = left;
    } else {
      path.push_back(root_between(nodes, first, left));
      first += left;
      size -= left;
    }
  }
  std::ranges::reverse(path);
  return path;
}

std::vector<MerkleHash> consistency_path(MerkleNodes const& nodes, std::int64_t older, std::int64_t size) {
  std::vector<MerkleHash> path;
  if (older > 0 && older < size) add_consistency(nodes, older, 0, size, true, path);
  return path;
}

bool shows_inclusion(MerkleHash const& hash, std::int64_t leaf, std::int64_t size, std::vector<MerkleHash> const& path,
                     MerkleHash const& root) {
  if (leaf < 0 || leaf >= size) return false;
  auto node = leaf;
  auto last = size - 1;
  auto found = hash;
  for (auto const& beside : path) {
    if (last == 0) return false;
    if (node % 2 == 1 || node == last) {
      found = node_hash(beside, found);
      // A node without a neighbour is its parent as well.
      while (node % 2 == 0 && node != 0) {
        node /= 2;
        last /= 2;
      }
    } else {
      found = node_hash(found, beside);
    }
    node /= 2;
    last /= 2;
  }
  return last == 0 && found == root;
}

bool shows_consistency(std::int64_t older, MerkleHash const& older_root, std::int64_t size, MerkleHash const& root,
                       std::vector<MerkleHash> const& path) {
  if (older < 0 || older > size) return false;
  if (older == size) return path.empty() && older_root == root;
  if (older == 0) return path.empty() && older_root == root_of_nothing();
  auto node = older - 1;
  auto last = size - 1;
  while (node % 2 == 1) {
    node /= 2;
    last /= 2;
  }
  auto next = path.begin();
  // The root of an older tree that is complete is not in the path: it is known.
  auto found_older = older_root;
  if (node > 0) {
    if (next == path.end()) return false;
    found_older = *next++;
  }
  auto found = found_older;
  for (; next != path.end(); ++next) {
    if (last == 0) return false;
    if (node % 2 == 1 || node == last) {
      found_older = node_hash(*next, found_older);
      found = node_hash(*next, found);
      while (node % 2 == 0 && node != 0) {
        node /= 2;
        last /= 2;
      }
    } else {
      found = node_hash(found, *next);
    }
    node /= 2;
    last /= 2;
  }
  return last == 0 && found_older == older_root && found == root;
}

void MerkleRange::add(MerkleHash const& leaf) {
  auto complete = leaf;
  for (auto joins = std::countr_one(static_cast<std::uint64_t>(size_)); joins > 0; --joins) {
    complete = node_hash(complete_.back(), complete);
    complete_.pop_back();
  }
  complete_.push_back(complete);
  ++size_;
}

MerkleHash MerkleRange::root() const {
  if (complete_.empty()) return root_of_nothing();
  auto found = complete_.back();
  for (auto larger = std::next(complete_.rbegin()); larger != complete_.rend(); ++larger)
    found = node_hash(*larger, found);
  return found;
}

}  // namespace bihuan
