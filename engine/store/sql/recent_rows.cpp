// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/recent_rows.hpp"

#include <utility>

namespace bihuan::sql {
namespace {

constexpr std::size_t most_rows = 1024;

}  // namespace

void RecentRows::keep(std::string const& id, RowHead row) {
  std::scoped_lock const lock(mutex_);
  if (!rows_.insert_or_assign(id, std::move(row)).second) return;
  order_.push_back(id);
  if (order_.size() <= most_rows) return;
  rows_.erase(order_.front());
  order_.pop_front();
}

std::optional<RowHead> RecentRows::find(std::string const& id, std::int64_t revision) const {
  std::scoped_lock const lock(mutex_);
  auto const found = rows_.find(id);
  if (found == rows_.end() || found->second.revision != revision) return std::nullopt;
  return found->second;
}

}  // namespace bihuan::sql
