// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/case.hpp"

namespace bihuan {

// The revisions of a case as a reader counts them who may not know of all: those that they may know of, one after the
// other without a gap. Safe to share between threads.
class KnownRevisions {
 public:
  // Of a reader who may know of every one.
  KnownRevisions() = default;
  // `unknown`: those that the reader may not know of, in order.
  explicit KnownRevisions(std::vector<Veiled> unknown) : unknown_(std::move(unknown)) {}

  [[nodiscard]] bool knows(std::int64_t real) const;
  // What the reader calls a revision; of one that they may not know of, what they call the last one before it.
  [[nodiscard]] std::int64_t shown(std::int64_t real) const;
  // The revision that the reader calls so.
  [[nodiscard]] std::int64_t real(std::int64_t shown) const;
  // When the case last changed as far as they know.
  [[nodiscard]] Instant changed(Case const& subject) const;

 private:
  std::vector<Veiled> unknown_;
};

// When it last changed as far as everybody knows who sees it.
[[nodiscard]] Instant changed_for_all(Case const& subject);

}  // namespace bihuan
