// SPDX-License-Identifier: Apache-2.0
#include "engine/store/seal_verify.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "engine/core/stored_json.hpp"
#include "engine/store/digest.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan {
namespace {

constexpr std::size_t page = 1000;         // rows read at once
constexpr std::size_t named_at_once = 20;  // faults of one seal; the rest is counted

// What an event's row says now, whatever somebody wrote there.
struct Said {
  explicit Said(LoggedEvent const& event) {
    auto const body = read_stored_json(event.body);
    auto const is = [&body](char const* name, Json const& value) {
      return body->contains(name) && body->at(name) == value;
    };
    fits_columns = body && body->is_object() && is("case", event.case_id) && is("revision", event.revision) &&
                   is("index", event.index);
    hash = hash_of(body ? canonical(*body) : event.body);
  }
  std::string hash;
  bool fits_columns = false;  // histories and lists go by the columns
};

class Events {
 public:
  explicit Events(SealStore& store) : store_(store) {}

  // The next one, if there is one up to this sequence.
  LoggedEvent const* next_until(std::int64_t sequence) {
    if (at_ == events_.size()) {
      events_ = store_.events_after(last_, page, true);
      at_ = 0;
    }
    if (at_ == events_.size() || events_[at_].sequence > sequence) return nullptr;
    last_ = events_[at_].sequence;
    return &events_[at_++];
  }

 private:
  SealStore& store_;
  std::vector<LoggedEvent> events_;
  std::size_t at_ = 0;
  std::int64_t last_ = 0;
};

// The leaves that the log keeps, in order or not.
class Leaves {
 public:
  explicit Leaves(SealStore& store) : store_(store) {}

  std::optional<MerkleHash> at(std::int64_t leaf) {
    auto const place = leaf / tile_width;
    auto const offset = static_cast<std::size_t>(leaf % tile_width);
    // The last tile grows while seals are added.
    if (!known_ || tile_.place != place || offset >= tile_.hashes.size()) {
      auto found = store_.tile(0, place);
      tile_ = found ? std::move(*found) : Tile{.level = 0, .place = place, .hashes = {}};
      known_ = true;
    }
    if (offset >= tile_.hashes.size()) return std::nullopt;
    return tile_.hashes[offset];
  }
  // How many there are, by the last tile.
  std::int64_t count() {
    auto const last = store_.last_tile(0);
    return last ? last->place * tile_width + static_cast<std::int64_t>(last->hashes.size()) : 0;
  }

 private:
  SealStore& store_;
  Tile tile_;
  bool known_ = false;
};

class Walk {
 public:
  Walk(SealStore& store, std::vector<TreeHead> const& kept)
      : store_(store), kept_(kept), events_(store), leaves_(store) {}

  SealsVerified run() {
    for (auto const& head : kept_) {
      if (!is_signed(head)) name({.seal = head.number, .what = "the head kept elsewhere is not signed by its key"});
    }
    for (std::int64_t after = 0;;) {
      auto const seals = store_.seals_after(after, page);
      if (seals.empty()) break;
      for (auto const& seal : seals) check(seal);
      after = seals.back().head.number;
    }
    check_end();
    check_upper_tiles();
    check_kept();
    return std::move(verified_);
  }

 private:
  void name(SealFault fault) { verified_.faults.push_back(std::move(fault)); }

  void check(Seal const& seal) {
    ++verified_.seals;
    auto const number = seal.head.number;
    if (number != last_.number + 1)
      name({.seal = last_.number + 1,
            .what = number == last_.number + 2 ? "the seal is gone"
                                               : "the seals up to " + std::to_string(number - 1) + " are gone"});
    if (number == last_.number + 1 && seal.head.previous != (last_.number == 0 ? std::string() : head_hash(last_)))
      name({.seal = number, .what = "it does not follow the seal before it: one of the two was altered or replaced"});
    if (!is_signed(seal.head)) name({.seal = number, .what = "its signature does not fit: the seal was altered"});
    check_key(seal.head);
    if (seal.first_leaf() < leaf_ || seal.events < 0 || seal.decoys < 0) {
      name({.seal = number, .what = "it does not go on where the one before it ended"});
    } else {
      check_leaves(seal);
    }
    last_ = seal.head;
  }

  void check_key(TreeHead const& head) {
    if (last_.number == 0 || head.key == last_.key) return;
    bool const vouched_for = std::ranges::any_of(
        kept_, [&](TreeHead const& kept) { return kept.key == head.key && kept.number >= head.number; });
    if (!vouched_for)
      name({.seal = head.number,
            .what = "from here on another key signs: if you changed it, keep a head from since then elsewhere and "
                    "verify against it"});
  }

  void check_leaves(Seal const& seal) {
    suspects_.clear();
    pass_gap(seal);
    for (std::int64_t decoy = 0; decoy < seal.decoys; ++decoy) take_decoy(seal, decoy);
    for (std::int64_t at = 0; at < seal.events; ++at) take_event(seal.head.number, seal.first_sequence + at);
    judge(seal);
  }

  // Leaves of seals that are gone: their events are still held against what the log kept of them.
  void pass_gap(Seal const& seal) {
    auto const events = seal.first_sequence - sequence_ - 1;
    if (leaf_ == seal.first_leaf()) {
      if (events > 0)
        name({.seal = seal.head.number,
              .sequence = sequence_ + 1,
              .what = "the events up to " + std::to_string(sequence_ + events) + " are gone"});
      sequence_ = std::max(sequence_, seal.first_sequence - 1);
      return;
    }
    while (leaf_ < seal.first_leaf() - std::max<std::int64_t>(events, 0)) take(std::nullopt);
    while (leaf_ < seal.first_leaf()) take_event(last_.number + 1, sequence_ + 1);
  }

  void take_decoy(Seal const& seal, std::int64_t decoy) {
    auto const leaf = decoy_leaf(seal.salt, decoy);
    auto const kept = leaves_.at(leaf_);
    if (kept && leaf != *kept && suspects_.empty())
      suspects_.push_back({.seal = seal.head.number, .what = "its decoys are not those that were sealed"});
    take(leaf);
  }

  void take_event(std::int64_t number, std::int64_t sequence) {
    sequence_ = sequence;
    ++verified_.sealed;
    LoggedEvent const* event = events_.next_until(sequence);
    while (event != nullptr && event->sequence < sequence) {
      name(of(*event, number, "the event stands where none was sealed"));
      event = events_.next_until(sequence);
    }
    if (event == nullptr) {
      name({.seal = number, .sequence = sequence, .what = "the event is gone"});
      take(std::nullopt);
      return;
    }
    Said const said(*event);
    if (!said.fits_columns)
      name(of(*event, number, "the row of the event says another case or place than the event itself"));
    auto const leaf = event_leaf(said.hash);
    auto const kept = leaves_.at(leaf_);
    if (kept && leaf != *kept) suspects_.push_back(of(*event, number, "the event is not the one that was sealed"));
    take(leaf);
  }

  static SealFault of(LoggedEvent const& event, std::int64_t number, char const* what) {
    return {
        .seal = number, .sequence = event.sequence, .case_id = event.case_id, .revision = event.revision, .what = what};
  }

  // The next leaf as the data have it; without one, as the log kept it.
  void take(std::optional<MerkleHash> const& leaf) {
    auto const kept = leaves_.at(leaf_);
    if (!kept) lacking_ = true;
    auto const by_data = leaf ? *leaf : kept.value_or(MerkleHash{});
    from_data_.add(by_data);
    from_log_.add(kept.value_or(by_data));
    changed_ = changed_ || (kept && by_data != *kept);
    ++leaf_;
  }

  // Data or log: whichever gives the root that was signed is what was sealed.
  void judge(Seal const& seal) {
    bool const log_holds = hex_of(from_log_.root()) == seal.head.root;
    bool const data_hold = hex_of(from_data_.root()) == seal.head.root;
    auto const number = seal.head.number;
    if (changed_ && data_hold && !lost_)
      name({.seal = number, .what = "hashes that the log keeps were altered; the events are what was sealed"});
    if (lacking_) name({.seal = number, .what = "hashes that the log kept are gone"});
    bool const named = !suspects_.empty() && !data_hold;
    if (named) name_suspects();
    if (!log_holds && !data_hold && !lost_ && !named)
      name({.seal = number,
            .what = "it is not the seal of what is there: the seal, or events and hashes, were altered"});
    // What is right goes on; where nothing is, later roots say nothing any more.
    if (log_holds)
      from_data_ = from_log_;
    else if (data_hold)
      from_log_ = from_data_;
    lost_ = !log_holds && !data_hold;
    if (!lost_) roots_[seal.head.size] = seal.head.root;
    changed_ = false;
    lacking_ = false;
  }

  void name_suspects() {
    for (std::size_t at = 0; at < suspects_.size() && at < named_at_once; ++at) name(suspects_[at]);
    if (suspects_.size() > named_at_once)
      name({.seal = suspects_.back().seal,
            .what = "and " + std::to_string(suspects_.size() - named_at_once) + " more events under this seal"});
  }

  void check_end() {
    for (LoggedEvent const* event = nullptr;
         (event = events_.next_until(std::numeric_limits<std::int64_t>::max())) != nullptr;) {
      if (event->sequence != sequence_ + 1)
        name(
            {.sequence = sequence_ + 1, .what = "an event after the last seal is gone, or was moved to another place"});
      sequence_ = event->sequence;
      ++verified_.unsealed;
    }
    if (auto const count = leaves_.count(); count > leaf_ && !has_grown())
      name({.seal = last_.number + 1,
            .what = "the log goes on for " + std::to_string(count - leaf_) +
                    " leaves after the last seal: a seal is gone"});
  }

  // Seals may be added meanwhile: what is beyond the last one looked at is theirs.
  bool has_grown() { return !store_.seals_after(last_.number, 1).empty(); }

  // What proofs are made from.
  void check_upper_tiles() {
    auto below = leaf_;
    for (int level = 1; level * tile_levels < 63; ++level) {
      auto const count = below / tile_width;
      auto const last = store_.last_tile(level);
      if (last && last->place * tile_width + static_cast<std::int64_t>(last->hashes.size()) > count && !has_grown())
        name({.what = "level " + std::to_string(level) + " of the log has more hashes than were put"});
      for (std::int64_t place = 0; place * tile_width < count; ++place) check_upper_tile(level, place, count);
      below = count;
    }
  }

  void check_upper_tile(int level, std::int64_t place, std::int64_t count) {
    auto const expected = std::min(tile_width, count - place * tile_width);
    auto const tile = store_.tile(level, place);
    if (!tile || static_cast<std::int64_t>(tile->hashes.size()) < expected) {
      name({.what = "hashes of level " + std::to_string(level) + " of the log are gone"});
      return;
    }
    for (std::int64_t at = 0; at < expected; ++at) {
      auto const child = store_.tile(level - 1, place * tile_width + at);
      bool const whole = child && static_cast<std::int64_t>(child->hashes.size()) == tile_width;
      if (whole && root_of_tile(*child) == tile->hashes[static_cast<std::size_t>(at)]) continue;
      name({.what = "hash " + std::to_string(place * tile_width + at) + " of level " + std::to_string(level) +
                    " of the log is not that of what is below it"});
      return;
    }
  }

  void check_kept() {
    for (auto const& head : kept_) {
      if (head.size > leaf_) {
        name({.seal = head.number,
              .what = "the head kept elsewhere is of " + std::to_string(head.size) + " leaves, and the log has " +
                      std::to_string(leaf_) + ": its end is gone"});
        continue;
      }
      auto const seal = store_.find(head.number);
      if (!seal || !(seal->head == head))
        name({.seal = head.number,
              .what = root_at(head.size) == head.root
                          ? "the seal was replaced; what it covers is what the head kept elsewhere was signed over"
                          : "the log up to here is not the one that the head kept elsewhere was signed over"});
    }
  }

  std::string root_at(std::int64_t size) {
    if (auto const known = roots_.find(size); known != roots_.end()) return known->second;
    try {
      return hex_of(merkle_root(
          nodes_of_tiles([this](int level, std::int64_t place) { return store_.tile(level, place); }), size));
    } catch (StoreFault const&) {
      return {};
    }
  }

  SealStore& store_;
  std::vector<TreeHead> const& kept_;
  Events events_;
  Leaves leaves_;
  SealsVerified verified_;
  TreeHead last_;
  std::int64_t leaf_ = 0;      // the next one
  std::int64_t sequence_ = 0;  // the last one
  MerkleRange from_data_;
  MerkleRange from_log_;
  std::vector<SealFault> suspects_;
  bool changed_ = false;  // some leaf of the data is not the log's
  bool lacking_ = false;
  bool lost_ = false;  // an earlier root fits neither
  std::map<std::int64_t, std::string> roots_;
};

}  // namespace

SealsVerified verify(SealStore& store, std::vector<TreeHead> const& kept) {
  return Walk(store, kept).run();
}

}  // namespace bihuan
