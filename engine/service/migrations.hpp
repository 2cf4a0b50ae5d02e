// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/migration.hpp"
#include "engine/service/case_service.hpp"

namespace bihuan {

// What is asked: that the open cases of older versions move to this one.
struct MigrationRequest {
  std::string workflow;
  std::string version;
  std::optional<MigrationMap> map{};  // absent: the one that the definition itself names for each older version
  std::string reason{};               // for the histories; may be empty
  bool leave_unfit = false;           // what does not fit stays with its version; else nothing moves
};

// The cases in one state of one version.
struct MovingState {
  std::string version;
  std::string state;
  Text title;
  std::string to;  // empty where no case of it fits
  Text to_title;
  std::int64_t cases = 0;
  std::int64_t unfit = 0;
};

// What becomes of one running deadline.
struct MovingDeadline {
  std::string version;
  std::string deadline;
  Text title;
  std::string to;     // empty where it stops
  std::string clock;  // kept, recomputed, restarted, stopped, started, paused or resumed
  Text why;           // in words
  std::int64_t cases = 0;
  std::int64_t earlier = 0;  // cases in which it is due earlier than before
  std::int64_t later = 0;
  std::int64_t overdue = 0;  // cases in which it is overdue then and was not
};

// One reason why cases do not fit, told without what a case holds.
struct UnfitReason {
  std::string code;
  std::string pointer;
  std::int64_t cases = 0;
};

struct UnfitCase {
  std::string id;
  std::string number;
  std::string version;
  std::string state;
  Refusals reasons;
};

struct MigrationOutlook {
  std::string stamp;  // of exactly this definition and mapping: what is moved is what was looked at
  std::int64_t cases = 0;
  std::int64_t unfit = 0;
  std::int64_t lapsing = 0;  // requests for a second person that lapse
  std::vector<MovingState> states;
  std::vector<MovingDeadline> deadlines;
  std::vector<UnfitReason> reasons;
  // At most most_unfit_shown, and only of cases that may be seen: who keeps definitions does not read cases by that.
  std::vector<UnfitCase> unfit_cases;
};
inline constexpr std::size_t most_unfit_shown = 200;

// What one batch did.
struct MigrationBatch {
  std::int64_t moved = 0;
  std::int64_t unfit = 0;
  std::int64_t remaining = 0;  // open cases of older versions, unfit ones included
  std::string next_cursor;     // empty when all have been looked at
};

// Moves open cases between versions of their workflow. Each case moves by its own event and revision; the moves are
// bounded batches that may be cut off anywhere and repeated: a case that has moved is not looked at again, and one that
// somebody changed meanwhile is decided anew. Closed cases stay with their version, and so do cases of newer ones. Who
// may call this is not decided here. Safe to call from any thread.
class Migrations {
 public:
  Migrations(Store& store, Library const& library, Clock clock, IdMaker make_id = bihuan::make_id)
      : store_(store), library_(library), clock_(std::move(clock)), make_id_(std::move(make_id)) {}

  // Refused with unknown_workflow, not_found (of the version) or the mapping's faults below /map.
  [[nodiscard]] Result<MigrationOutlook> outlook(MigrationRequest const& request, Visibility const& shown);
  // At most `limit` cases from `cursor` on (empty: from the first). Refused as outlook is, with plan_changed when the
  // stamp is another, and at the start with cases_do_not_fit unless they may be left.
  [[nodiscard]] Result<MigrationBatch> move(MigrationRequest const& request, std::string const& stamp,
                                            Actor const& actor, std::size_t limit, std::string const& cursor);

 private:
  struct Plan;
  [[nodiscard]] Result<Plan> plan(MigrationRequest const& request);
  [[nodiscard]] Result<Decision> decide(Plan const& plan, Case const& subject, Actor const& actor, Instant now);
  [[nodiscard]] Result<Page<Case>> page(Plan const& plan, std::size_t limit, std::string const& cursor, Instant now);
  [[nodiscard]] Result<void> keep_versions(Plan const& plan);
  enum class Done { moved, unfit, gone };
  [[nodiscard]] Result<Done> move_one(Plan const& plan, std::string const& id, Actor const& actor);

  Store& store_;
  Library const& library_;
  Clock clock_;
  IdMaker make_id_;
};

}  // namespace bihuan
