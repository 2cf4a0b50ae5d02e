// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/json.hpp"
#include "engine/core/result.hpp"
#include "engine/service/case_service.hpp"
#include "engine/store/seals.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

struct SealRules {
  std::size_t at_once = 8192;  // events under one seal at most: a longer transaction would keep other writers waiting
  std::uint32_t most_decoys = 15;  // of one seal
};

// That an event is in the log.
struct EventProof {
  std::int64_t revision = 0;
  int index = 0;
  std::string hash{};
  std::int64_t leaf = 0;
  std::vector<MerkleHash> path{};
};
struct CaseProofs {
  TreeHead head{};
  std::vector<EventProof> events{};
};
[[nodiscard]] Json proof_to_json(EventProof const& proof);

// Puts the hashes of events that are durable into the log and signs its head. It works beside those who append, on what
// they have committed, and costs them nothing but a commit now and then. Safe to call from any thread.
class Sealer {
 public:
  Sealer(Store& store, Clock clock, SealRules rules = {}) : store_(store), clock_(std::move(clock)), rules_(rules) {}

  // Everything that is durable now, under one seal or, where it is much, several; where nothing is new, a seal all the
  // same: it says that the log is still kept, and not that something happened. The newest head.
  TreeHead seal();

  [[nodiscard]] std::optional<TreeHead> newest();
  [[nodiscard]] std::optional<TreeHead> find(std::int64_t number);
  // Of every event of a case, sealing first what is not sealed yet.
  [[nodiscard]] CaseProofs prove(std::string const& case_id);
  // That the log of `older` leaves is the beginning of that of `newer` leaves. Refused with out_of_bounds by pointer
  // (/older, /newer) when they are not 1 <= older <= newer <= leaves.
  [[nodiscard]] Result<std::vector<MerkleHash>> consistency(std::int64_t older, std::int64_t newer);

  // By the key that signs the heads.
  [[nodiscard]] std::string sign(std::string_view text) const { return store_.seals().sign(text); }
  [[nodiscard]] std::string public_key() const { return store_.seals().public_key(); }

 private:
  // How many events it took; nothing when another came first.
  [[nodiscard]] std::optional<std::size_t> seal_once();

  Store& store_;
  Clock clock_;
  SealRules rules_;
  std::mutex sealing_;
};

}  // namespace bihuan
