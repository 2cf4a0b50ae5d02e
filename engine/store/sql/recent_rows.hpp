// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace bihuan::sql {

// What stands in a case's row beside its body and what lists are walked by.
struct RowHead {
  std::int64_t revision = 0;
  std::string head;  // the hash of its last event
  std::int64_t search_hash = 0;
  std::string owner_party;
  std::optional<std::int64_t> wakeup;
  std::string number;
};

// The heads of rows that were read lately: whoever decides on a case has just read it, and need not look at its row a
// second time. Of one revision a head never changes, on whichever node it was written. Safe to use from any thread.
class RecentRows {
 public:
  void keep(std::string const& id, RowHead row);
  [[nodiscard]] std::optional<RowHead> find(std::string const& id, std::int64_t revision) const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, RowHead> rows_;
  std::deque<std::string> order_;  // of their coming
};

}  // namespace bihuan::sql
