// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "engine/service/case_service.hpp"
#include "tools/bench/sample.hpp"

namespace bihuan::bench {

// Cases to act on in turn, each at the revision it has now. Many more than there are clients, so that no two
// of them meet at one. Thread-safe.
class CaseTurns {
 public:
  CaseTurns(std::vector<std::string> ids, std::int64_t revision);

  // Each case was taken at least once.
  [[nodiscard]] bool went_round() const { return next_.load() >= ids_.size(); }
  [[nodiscard]] std::size_t take() { return next_.fetch_add(1) % ids_.size(); }
  [[nodiscard]] std::string const& id(std::size_t place) const { return ids_[place]; }
  [[nodiscard]] std::int64_t revision(std::size_t place) const { return revisions_[place].load(); }
  void advanced(std::size_t place) { revisions_[place].fetch_add(1); }

 private:
  std::vector<std::string> ids_;
  std::deque<std::atomic<std::int64_t>> revisions_;
  std::atomic<std::size_t> next_ = 0;
};

// The measured step through CaseService, without HTTP.
[[nodiscard]] Side advance_in_process(CaseService& service, CaseTurns& turns, std::size_t threads);

}  // namespace bihuan::bench
