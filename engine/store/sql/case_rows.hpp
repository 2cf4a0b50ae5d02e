// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/case.hpp"

namespace bihuan::sql {

// What lists are walked by, derived from a case: one place, so that a row can never say something else than
// its body.

// The due instant of a case without a running deadline: after every real one.
inline constexpr std::int64_t never = INT64_MAX;

// In SQLite the cases that were opened in second s have the rows from s times this.
inline constexpr std::int64_t rows_of_a_second = 16'777'216;

[[nodiscard]] inline std::int64_t seconds(Instant instant) {
  return instant.time_since_epoch().count();
}
[[nodiscard]] inline Instant instant(std::int64_t seconds) {
  return Instant{std::chrono::seconds{seconds}};
}
[[nodiscard]] inline std::optional<std::int64_t> seconds(std::optional<Instant> instant) {
  return instant ? std::optional(seconds(*instant)) : std::nullopt;
}

struct Clock {
  std::int64_t due = never;  // the earliest of its running deadlines
  std::int64_t warn = never;

  bool operator==(Clock const&) const = default;
};

struct PartyRow {
  std::string party;
  std::string unit;
  std::string person;
  bool first_of_unit = false;

  bool operator==(PartyRow const&) const = default;
};

struct DeadlineRow {
  std::string name;
  std::int64_t cycle = 1;
  std::string owner;
  std::string state;
  std::int64_t started = 0;
  std::int64_t due = 0;
  std::int64_t warn = 0;
  std::optional<std::int64_t> hard_due;
  std::optional<std::int64_t> stopped;
  bool first_of_owner = false;
  std::int64_t owner_warn = never;

  bool operator==(DeadlineRow const&) const = default;
};

struct DocumentRow {
  std::string sha256;
  std::string kind;
  std::string name;
  std::string type;
  std::int64_t size = 0;

  bool operator==(DocumentRow const&) const = default;
};

// In millionths of a degree.
struct PlaceRow {
  std::int64_t latitude = 0;
  std::int64_t longitude = 0;

  bool operator==(PlaceRow const&) const = default;
};

struct CaseRows {
  Clock clock;
  std::string category;
  std::optional<PlaceRow> place;
  std::vector<PartyRow> parties;
  std::vector<DeadlineRow> deadlines;
  std::vector<DocumentRow> documents;
};

[[nodiscard]] CaseRows rows_of(Case const& subject);

}  // namespace bihuan::sql
