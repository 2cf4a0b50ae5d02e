// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

#include "engine/store/postgres/replica.hpp"
#include "engine/store/shared_store.hpp"
#include "engine/store/sql/cases.hpp"

namespace bihuan::postgres {

// Cases whose lists, counts and reports are read from a replica when it has enough, and else from the primary. What one
// look at an index answers stays with the primary: to ask it how far it is costs as much. So do what is asked right
// after an append, which the replica does not have yet, and what decides what is done.
class ReplicatedCases final : public sql::Cases {
  template <class Reading>
  auto read(Reading const& reading) {
    if (replica_.of_use()) {
      try {
        auto result = reading(there_);
        ++there_count_;
        return result;
      } catch (StoreFault const&) {
        replica_.leave_alone();
      }
    }
    ++here_count_;
    return reading(here_);
  }

 public:
  ReplicatedCases(sql::Writer& writer, sql::Readers& primary, Replica& replica)
      : sql::Cases(writer, primary), replica_(replica), here_(writer, primary), there_(writer, replica.readers()) {}

  Result<Page<Case>> list(CaseQuery const& query, Visibility const& visibility, Instant now) override {
    return read([&](sql::Cases& cases) { return cases.list(query, visibility, now); });
  }
  Result<Page<Case>> worklist(std::string const& unit, std::string const& person, std::size_t limit,
                              std::string const& cursor) override {
    return read([&](sql::Cases& cases) { return cases.worklist(unit, person, limit, cursor); });
  }
  std::int64_t count_worklist(std::string const& unit, std::string const& person) override {
    return read([&](sql::Cases& cases) { return cases.count_worklist(unit, person); });
  }
  std::vector<Flow> flow(std::vector<Instant> const& bounds, std::optional<std::string> const& workflow,
                         Visibility const& visibility) override {
    return read([&](sql::Cases& cases) { return cases.flow(bounds, workflow, visibility); });
  }
  std::vector<SummaryRow> summary(SummaryBy by, std::optional<std::string> const& workflow,
                                  Visibility const& visibility, Instant now) override {
    return read([&](sql::Cases& cases) { return cases.summary(by, workflow, visibility, now); });
  }
  std::vector<Reached> reached(std::string const& workflow, std::vector<std::string> const& states,
                               Visibility const& visibility) override {
    return read([&](sql::Cases& cases) { return cases.reached(workflow, states, visibility); });
  }
  std::vector<OpenInState> open_in_states(std::optional<std::string> const& workflow) override {
    return read([&](sql::Cases& cases) { return cases.open_in_states(workflow); });
  }

  [[nodiscard]] ReplicaReadings readings() const { return {.there = there_count_, .here = here_count_}; }

 private:
  Replica& replica_;
  sql::Cases here_;
  sql::Cases there_;
  std::atomic<std::int64_t> there_count_ = 0;
  std::atomic<std::int64_t> here_count_ = 0;
};

}  // namespace bihuan::postgres
