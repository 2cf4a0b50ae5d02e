// SPDX-License-Identifier: Apache-2.0
#include "engine/service/sealer.hpp"

#include <sodium.h>

#include <array>
#include <map>

#include "engine/core/message.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan {
namespace {

// The tiles of a log while leaves are added at its end.
class GrowingTiles {
 public:
  GrowingTiles(SealStore& store, std::int64_t size) : store_(store), size_(size) {}

  void add(MerkleHash const& leaf) {
    add(0, leaf);
    ++size_;
  }
  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] MerkleHash root() const {
    return merkle_root(nodes_of_tiles([this](int level, std::int64_t place) -> std::optional<Tile> {
                         auto const changed = changed_.find({level, place});
                         return changed == changed_.end() ? store_.tile(level, place) : changed->second;
                       }),
                       size_);
  }
  [[nodiscard]] std::vector<Tile> changed() const {
    std::vector<Tile> tiles;
    for (auto const& [at, tile] : changed_) tiles.push_back(tile);
    return tiles;
  }

 private:
  void add(int level, MerkleHash const& hash) {
    auto const place = size_ >> (tile_levels * level);
    auto const at = std::pair(level, place / tile_width);
    auto found = changed_.find(at);
    if (found == changed_.end()) found = changed_.emplace(at, begun(at, place % tile_width)).first;
    auto& tile = found->second;
    tile.hashes.push_back(hash);
    if (static_cast<std::int64_t>(tile.hashes.size()) == tile_width) add(level + 1, root_of_tile(tile));
  }

  // What the store has of a tile that goes on.
  [[nodiscard]] Tile begun(std::pair<int, std::int64_t> const& at, std::int64_t has) const {
    if (has == 0) return {.level = at.first, .place = at.second, .hashes = {}};
    auto tile = store_.tile(at.first, at.second);
    if (!tile || static_cast<std::int64_t>(tile->hashes.size()) < has)
      throw StoreFault("the log of events lacks hashes that it should have");
    tile->hashes.resize(static_cast<std::size_t>(has));
    return std::move(*tile);
  }

  SealStore& store_;
  std::int64_t size_;
  std::map<std::pair<int, std::int64_t>, Tile> changed_;
};

std::string random_salt() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start: the system gives no random bytes");
  MerkleHash bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return hex_of(bytes);
}

// Up to the first gap: a seal covers events that follow one another. What is missing there, verify names.
void cut_at_gap(std::vector<LoggedEvent>& events) {
  for (std::size_t at = 1; at < events.size(); ++at) {
    if (events[at].sequence == events[at - 1].sequence + 1) continue;
    events.resize(at);
    return;
  }
}

}  // namespace

Json proof_to_json(EventProof const& proof) {
  auto path = Json::array();
  for (auto const& hash : proof.path) path.push_back(hex_of(hash));
  return {{"revision", proof.revision},
          {"index", proof.index},
          {"hash", proof.hash},
          {"leaf", proof.leaf},
          {"path", std::move(path)}};
}

TreeHead Sealer::seal() {
  std::scoped_lock const lock(sealing_);
  std::optional<std::size_t> taken;
  do taken = seal_once();
  while (!taken || *taken == rules_.at_once);
  return store_.seals().last().value().head;
}

std::optional<std::size_t> Sealer::seal_once() {
  auto& store = store_.seals();
  auto const before = store.last().value_or(Seal{});
  auto const sealed = before.first_sequence + before.events - 1;
  auto events = store.events_after(sealed, rules_.at_once, false);
  auto const taken = events.size();
  cut_at_gap(events);
  Seal seal;
  seal.salt = random_salt();
  seal.decoys = randombytes_uniform(rules_.most_decoys + 1);
  seal.first_sequence = events.empty() ? sealed + 1 : events.front().sequence;
  seal.events = static_cast<std::int64_t>(events.size());
  GrowingTiles tiles(store, before.head.size);
  for (std::int64_t decoy = 0; decoy < seal.decoys; ++decoy) tiles.add(decoy_leaf(seal.salt, decoy));
  for (auto const& event : events) tiles.add(event_leaf(event.hash));
  seal.head = {.number = before.head.number + 1,
               .at = clock_(),
               .size = tiles.size(),
               .root = hex_of(tiles.root()),
               .previous = before.head.number == 0 ? std::string() : head_hash(before.head),
               .key = store.public_key(),
               .signature = {}};
  seal.head.signature = store.sign(signed_text(seal.head));
  if (!store.append(seal, tiles.changed())) return std::nullopt;
  return events.size() == taken ? taken : rules_.at_once;
}

std::optional<TreeHead> Sealer::newest() {
  auto const seal = store_.seals().last();
  return seal ? std::optional(seal->head) : std::nullopt;
}

std::optional<TreeHead> Sealer::find(std::int64_t number) {
  auto const seal = store_.seals().find(number);
  return seal ? std::optional(seal->head) : std::nullopt;
}

CaseProofs Sealer::prove(std::string const& case_id) {
  auto& store = store_.seals();
  auto const events = store.events_of(case_id);
  auto last = store.last();
  bool const all_sealed = last && !events.empty() && events.back().sequence < last->first_sequence + last->events;
  CaseProofs proofs;
  proofs.head = all_sealed ? last->head : seal();
  auto const nodes = nodes_of_tiles([&](int level, std::int64_t place) { return store.tile(level, place); });
  std::optional<Seal> seal;
  for (auto const& event : events) {
    bool const same =
        seal && seal->first_sequence <= event.sequence && event.sequence < seal->first_sequence + seal->events;
    if (!same) seal = store.find_of_event(event.sequence);
    if (!seal) throw StoreFault("the log of events lacks the seal of an event");
    auto const leaf = seal->first_event_leaf() + event.sequence - seal->first_sequence;
    proofs.events.push_back({.revision = event.revision,
                             .index = event.index,
                             .hash = event.hash,
                             .leaf = leaf,
                             .path = inclusion_path(nodes, leaf, proofs.head.size)});
  }
  return proofs;
}

Result<std::vector<MerkleHash>> Sealer::consistency(std::int64_t older, std::int64_t newer) {
  auto const last = newest();
  auto const size = last ? last->size : 0;
  auto const expect = [](char const* name, std::int64_t least, std::int64_t most) {
    return refused(refusal(Code::out_of_bounds, name,
                           {{"expected", message("expected.between", {{"least", std::to_string(least)},
                                                                      {"most", std::to_string(most)}})}}));
  };
  if (newer < 1 || newer > size) return expect("/newer", 1, size);
  if (older < 1 || older > newer) return expect("/older", 1, newer);
  auto& store = store_.seals();
  return consistency_path(nodes_of_tiles([&](int level, std::int64_t place) { return store.tile(level, place); }),
                          older, newer);
}

}  // namespace bihuan
