// SPDX-License-Identifier: Apache-2.0
#include "engine/store/seals.hpp"

#include <map>
#include <memory>
#include <utility>

#include "engine/store/store_fault.hpp"

namespace bihuan {
namespace {

// Over hashes [first, first + 2^level) of a tile.
MerkleHash root_within(Tile const& tile, std::size_t first, int level) {
  if (level == 0) return tile.hashes[first];
  auto const half = std::size_t{1} << (level - 1);
  return node_hash(root_within(tile, first, level - 1), root_within(tile, first + half, level - 1));
}

}  // namespace

MerkleNodes nodes_of_tiles(std::function<std::optional<Tile>(int level, std::int64_t place)> const& read) {
  // A path asks for several nodes of the same tiles.
  auto const known = std::make_shared<std::map<std::pair<int, std::int64_t>, Tile>>();
  return [read, known](int level, std::int64_t place) {
    auto const tile_level = level / tile_levels;
    auto const within = level % tile_levels;
    auto const first = place << within;
    auto const at = std::pair(tile_level, first / tile_width);
    auto found = known->find(at);
    if (found == known->end()) {
      auto tile = read(at.first, at.second);
      found = known->emplace(at, tile ? std::move(*tile) : Tile{}).first;
    }
    auto const offset = static_cast<std::size_t>(first % tile_width);
    auto const needed = offset + (std::size_t{1} << within);
    if (found->second.hashes.size() < needed) throw StoreFault("the log of events lacks hashes that it should have");
    return root_within(found->second, offset, within);
  };
}

MerkleHash root_of_tile(Tile const& tile) {
  return root_within(tile, 0, tile_levels);
}

}  // namespace bihuan
