// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "engine/core/json.hpp"
#include "engine/core/result.hpp"
#include "engine/core/time.hpp"
#include "engine/store/merkle.hpp"

namespace bihuan {

// What the log of all events was at a moment, signed: whoever keeps one elsewhere can tell later whether what came
// before it is still there and unchanged. Hashes, keys and signatures are lower-case hex.
struct TreeHead {
  std::int64_t number = 0;  // of the seal, from 1 without a gap
  Instant at{};
  std::int64_t size = 0;  // leaves
  std::string root{};
  std::string previous{};   // the hash of the head before it, signature and all; empty for the first
  std::string key{};        // Ed25519: whose signature it is
  std::string signature{};  // over signed_text

  bool operator==(TreeHead const&) const = default;
};

[[nodiscard]] Json head_to_json(TreeHead const& head);
// Refused with faults by pointer.
[[nodiscard]] Result<TreeHead> head_from_json(OrderedJson const& json, std::string const& pointer = {});

// What is signed: "bihuan tree head", a line end, and the canonical JSON of everything but the signature.
[[nodiscard]] std::string signed_text(TreeHead const& head);
[[nodiscard]] bool is_signed(TreeHead const& head);
[[nodiscard]] std::string head_hash(TreeHead const& head);

// Is this the signature of the text by the key?
[[nodiscard]] bool is_signature(std::string const& signature, std::string_view text, std::string const& key);

// The leaf of an event: "event ", a space and the hash that ends its place in its case's chain.
[[nodiscard]] MerkleHash event_leaf(std::string_view event_hash);
// The leaf that stands for nothing: decoys are mixed in so that the size of the log does not say how much happened in
// cases that the reader may not know of. `salt` is random and never leaves the store.
[[nodiscard]] MerkleHash decoy_leaf(std::string_view salt, std::int64_t number);

}  // namespace bihuan
