// SPDX-License-Identifier: Apache-2.0
#include "engine/store/merkle.hpp"

#include <doctest/doctest.h>

#include "engine/store/digest.hpp"

namespace bihuan::test {
namespace {

std::string leaf_text(std::int64_t number) {
  return "leaf " + std::to_string(number);
}

// The definition, word by word: what everything else is held against.
MerkleHash defined_root(std::int64_t first, std::int64_t size) {
  if (size == 0) return *merkle_hash_of(hash_of(""));
  if (size == 1) return leaf_hash(leaf_text(first));
  std::int64_t left = 1;
  while (2 * left < size) left *= 2;
  return node_hash(defined_root(first, left), defined_root(first + left, size - left));
}

MerkleHash node(int level, std::int64_t place) {
  auto const size = std::int64_t{1} << level;
  return defined_root(place * size, size);
}

std::vector<MerkleHash> without_last(std::vector<MerkleHash> path) {
  path.pop_back();
  return path;
}
std::vector<MerkleHash> with_one_more(std::vector<MerkleHash> path) {
  path.push_back(leaf_hash("one more"));
  return path;
}
std::vector<MerkleHash> with_one_changed(std::vector<MerkleHash> path, std::size_t place) {
  path[place][7] ^= 1U;
  return path;
}

constexpr std::int64_t largest = 40;

}  // namespace

TEST_CASE("Leaves and nodes are hashed as RFC 6962 has it") {
  CHECK(hex_of(leaf_hash("")) == hash_of(std::string_view("\0", 1)));
  CHECK(hex_of(leaf_hash("abc")) == hash_of(std::string_view("\0abc", 4)));
  auto const left = leaf_hash("l");
  auto const right = leaf_hash("r");
  std::string joined("\1");
  joined.append(left.begin(), left.end());
  joined.append(right.begin(), right.end());
  CHECK(hex_of(node_hash(left, right)) == hash_of(joined));
  // Of no leaves: the hash of nothing, as everybody knows it.
  CHECK(hex_of(merkle_root(node, 0)) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("A hash is read back from its own form only") {
  auto const hash = leaf_hash("x");
  CHECK(merkle_hash_of(hex_of(hash)) == hash);
  auto upper = hex_of(hash);
  for (auto& character : upper) character = static_cast<char>(std::toupper(character));
  for (auto const& wrong : {std::string(), hex_of(hash).substr(1), hex_of(hash) + "0", upper, std::string(64, 'g')})
    CHECK_FALSE(merkle_hash_of(wrong));
}

TEST_CASE("The root is that of the definition, however it is come by") {
  MerkleRange range;
  for (std::int64_t size = 0; size <= largest; ++size) {
    CAPTURE(size);
    CHECK(range.size() == size);
    CHECK(range.root() == defined_root(0, size));
    CHECK(merkle_root(node, size) == defined_root(0, size));
    range.add(leaf_hash(leaf_text(size)));
  }
}

TEST_CASE("A leaf is shown to be in the tree, and nothing else is") {
  for (std::int64_t size = 1; size <= largest; ++size) {
    auto const root = defined_root(0, size);
    for (std::int64_t leaf = 0; leaf < size; ++leaf) {
      CAPTURE(size);
      CAPTURE(leaf);
      auto const hash = leaf_hash(leaf_text(leaf));
      auto const path = inclusion_path(node, leaf, size);
      CHECK(shows_inclusion(hash, leaf, size, path, root));
      CHECK_FALSE(shows_inclusion(leaf_hash("another"), leaf, size, path, root));
      CHECK_FALSE(shows_inclusion(hash, leaf, size, with_one_more(path), root));
      CHECK_FALSE(shows_inclusion(hash, leaf, size, path, defined_root(0, size + 1)));
      for (std::int64_t other = -1; other <= size; ++other) {
        if (other != leaf) CHECK_FALSE(shows_inclusion(hash, other, size, path, root));
      }
      if (!path.empty()) CHECK_FALSE(shows_inclusion(hash, leaf, size, without_last(path), root));
      for (std::size_t place = 0; place < path.size(); ++place)
        CHECK_FALSE(shows_inclusion(hash, leaf, size, with_one_changed(path, place), root));
    }
  }
}

TEST_CASE("A tree is shown to begin with an older one, and with no other") {
  for (std::int64_t size = 0; size <= largest; ++size) {
    auto const root = defined_root(0, size);
    for (std::int64_t older = 0; older <= size; ++older) {
      CAPTURE(size);
      CAPTURE(older);
      auto const older_root = defined_root(0, older);
      auto const path = consistency_path(node, older, size);
      CHECK(shows_consistency(older, older_root, size, root, path));
      CHECK_FALSE(shows_consistency(older, leaf_hash("another"), size, root, path));
      CHECK_FALSE(shows_consistency(older, older_root, size, root, with_one_more(path)));
      CHECK_FALSE(shows_consistency(size + 1, defined_root(0, size + 1), size, root, path));
      if (older > 0) CHECK_FALSE(shows_consistency(older, older_root, size, leaf_hash("another"), path));
      if (!path.empty()) CHECK_FALSE(shows_consistency(older, older_root, size, root, without_last(path)));
      for (std::size_t place = 0; place < path.size(); ++place)
        CHECK_FALSE(shows_consistency(older, older_root, size, root, with_one_changed(path, place)));
    }
  }
}

}  // namespace bihuan::test
