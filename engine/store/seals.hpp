// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/merkle.hpp"
#include "engine/store/tree_head.hpp"

namespace bihuan {

// An event as the log knows it. Sequences count from 1 in the order in which events became durable, without a gap.
struct LoggedEvent {
  std::int64_t sequence = 0;
  std::string case_id{};
  std::int64_t revision = 0;
  int index = 0;
  std::string hash{};  // as the store keeps it
  std::string body{};  // canonical JSON that the hash covers; only where it is asked for
};

// What one seal added to the log: decoys first, then these events, and the head that was signed over all of it.
struct Seal {
  TreeHead head{};
  std::int64_t decoys = 0;
  std::string salt{};  // of the decoys, 64 hex digits; never shown
  std::int64_t first_sequence = 1;
  std::int64_t events = 0;

  [[nodiscard]] std::int64_t first_leaf() const { return head.size - events - decoys; }
  [[nodiscard]] std::int64_t first_event_leaf() const { return head.size - events; }

  bool operator==(Seal const&) const = default;
};

// 256 hashes of one level of the tree side by side, the last tile of a level fewer: level 0 has the leaves, and each
// hash of level n + 1 is the root over one whole tile of level n.
inline constexpr std::int64_t tile_width = 256;
inline constexpr int tile_levels = 8;  // of the tree, that one tile spans
struct Tile {
  int level = 0;
  std::int64_t place = 0;
  std::vector<MerkleHash> hashes{};
};

// The log of all events as the sealing job keeps it. Every method may be called from any thread; StoreFault as in
// store.hpp.
class SealStore {
 public:
  virtual ~SealStore() = default;

  // Up to `limit` events after this sequence, in order.
  [[nodiscard]] virtual std::vector<LoggedEvent> events_after(std::int64_t sequence, std::size_t limit,
                                                              bool with_bodies) = 0;
  // Those of one case, in order.
  [[nodiscard]] virtual std::vector<LoggedEvent> events_of(std::string const& case_id) = 0;

  [[nodiscard]] virtual std::optional<Seal> last() = 0;
  [[nodiscard]] virtual std::optional<Seal> find(std::int64_t number) = 0;
  // The seal that this event came under.
  [[nodiscard]] virtual std::optional<Seal> find_of_event(std::int64_t sequence) = 0;
  // Up to `limit` seals after this number, in order.
  [[nodiscard]] virtual std::vector<Seal> seals_after(std::int64_t number, std::size_t limit) = 0;
  // Nothing when there is none.
  [[nodiscard]] virtual std::optional<Tile> tile(int level, std::int64_t place) = 0;
  // The last tile of a level; nothing when the level has none.
  [[nodiscard]] virtual std::optional<Tile> last_tile(int level) = 0;

  // Adds a seal with the tiles that it fills, replacing the last ones; all or nothing, durable when it returns. False
  // when another seal came first.
  [[nodiscard]] virtual bool append(Seal const& seal, std::vector<Tile> const& tiles) = 0;

  // By the key of the data directory.
  [[nodiscard]] virtual std::string sign(std::string_view text) const = 0;
  [[nodiscard]] virtual std::string public_key() const = 0;
};

// The nodes of the tree, read from tiles as they are asked for.
[[nodiscard]] MerkleNodes nodes_of_tiles(std::function<std::optional<Tile>(int level, std::int64_t place)> const& read);
// Over a whole tile.
[[nodiscard]] MerkleHash root_of_tile(Tile const& tile);

}  // namespace bihuan
