// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/service/case_service.hpp"

namespace bihuan {

// How long cases stay somewhere, against the time that their owner's deadlines leave there.
struct Stay {
  std::string state;
  std::string unit;          // that held the state; empty: all together
  std::int64_t ended = 0;    // stays that are over
  std::int64_t waiting = 0;  // that go on
  std::int64_t limited = 0;  // of both, those under a deadline
  std::int64_t late = 0;     // of these, those that went beyond it
  // Of the ended ones; nothing when there are none.
  std::optional<std::chrono::seconds> median{};
  std::optional<std::chrono::seconds> ninetieth{};
  // The median of the time from entering to the soonest deadline, of the limited ones.
  std::optional<std::chrono::seconds> limit{};
};

// How often cases went this way.
struct Way {
  std::string from;
  std::string transition;
  std::string to;
  std::int64_t count = 0;
};

struct Insight {
  std::int64_t cases = 0;
  bool whole = true;           // false: there are more than were looked at, and the newest were
  std::vector<Stay> states{};  // in the definition's order
  std::vector<Stay> units{};   // by state, most stays first
  std::vector<Way> ways{};     // most often first
};

// What histories say of where cases wait. Not for use by two threads at once.
class InsightBuilder {
 public:
  // Every state that a case has may be one of an older version; stays are told of those that `definition` has.
  InsightBuilder(Definition const& definition, Instant now) : definition_(definition), now_(now) {}

  void add(std::vector<Event> const& history);
  [[nodiscard]] Insight finish() const;

 private:
  struct Times {
    std::vector<std::chrono::seconds> ended;
    std::vector<std::chrono::seconds> limits;
    std::int64_t waiting = 0;
    std::int64_t late = 0;
  };
  void record(Case const& subject, Instant entered, Instant left, bool over);
  [[nodiscard]] static Stay stay_of(std::string state, std::string unit, Times const& times);

  Definition const& definition_;
  Instant now_;
  std::int64_t cases_ = 0;
  std::map<std::pair<std::string, std::string>, Times> times_;  // of (state, unit); the unit empty for all
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> ways_;
};

// Of the cases of one workflow that the actor may see, as far as they may read their histories; the newest 10,000 at
// most.
[[nodiscard]] Insight look_into(CaseService& cases, Actor const& actor, CaseQuery query);

}  // namespace bihuan
