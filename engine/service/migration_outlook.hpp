// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <tuple>

#include "engine/service/migrations.hpp"

namespace bihuan {

// Counts what the decisions over many cases would do. Private to engine/service.
class OutlookCounter {
 public:
  OutlookCounter(Definition const& target, Instant now) : target_(target), now_(now) {}

  void fits(Definition const& from, Case const& before, Decision const& decision);
  void does_not_fit(Definition const& from, Case const& before, Refusals const& reasons, bool may_be_shown);
  [[nodiscard]] MigrationOutlook take();

 private:
  MovingState& state_of(Definition const& from, Case const& subject);
  void clock(Definition const& from, Case const& before, Deadline const& deadline, Decision const& decision);
  MovingDeadline& line(std::string const& version, std::string const& deadline, std::string const& clock);

  Definition const& target_;
  Instant now_;
  MigrationOutlook outlook_;
  std::map<std::pair<std::string, std::string>, MovingState> states_;
  std::map<std::tuple<std::string, std::string, std::string>, MovingDeadline> deadlines_;
  std::map<std::pair<std::string, std::string>, std::int64_t> reasons_;
};

}  // namespace bihuan
