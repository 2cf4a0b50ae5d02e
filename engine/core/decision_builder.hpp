// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/access.hpp"
#include "engine/core/decide.hpp"

namespace bihuan {

// Who confirmed what another asked for: the events are theirs.
struct Confirmation {
  Actor const& actor;
  Right right;
  Pending const& request;
};

// Gathers the events of one command and shows the case as each of them leaves it, so that a later step of the
// same decision sees what an earlier one did. Private to engine/core.
class DecisionBuilder {
 public:
  DecisionBuilder(Circumstances const& circumstances, Case subject, Actor const& actor, Right const& right);

  // Begins with the confirmation; what follows stands under the name of who confirmed.
  void confirm(Confirmation const& confirmation);
  void emit(EventType type, Json body);
  void fail(Refusal refusal) { refusals_.push_back(std::move(refusal)); }
  void fail(Refusals refusals);

  [[nodiscard]] Circumstances const& circumstances() const { return circumstances_; }
  [[nodiscard]] Definition const& definition() const { return circumstances_.definition; }
  [[nodiscard]] Instant now() const { return circumstances_.now; }
  [[nodiscard]] Case const& subject() const { return decision_.after; }
  [[nodiscard]] Actor const& actor() const { return actor_; }
  [[nodiscard]] Decision& decision() { return decision_; }

  [[nodiscard]] Result<Decision> take();

 private:
  void veil();

  Circumstances const& circumstances_;
  Actor const& actor_;
  Json actor_json_;
  std::int64_t revision_;
  Instant changed_before_;
  Decision decision_;
  Refusals refusals_;
};

// Clocks. Each does nothing when the deadline is not in the state that it ends.
void start_deadline(DecisionBuilder& builder, DeadlineRule const& rule);
void stop_deadline(DecisionBuilder& builder, std::string const& name);
void pause_deadline(DecisionBuilder& builder, std::string const& name);
void resume_deadline(DecisionBuilder& builder, std::string const& name);
void restart_deadline(DecisionBuilder& builder, DeadlineRule const& rule);
// The going cycle is counted anew from where it began, by the period that this rule gives the case now.
void recompute_deadline(DecisionBuilder& builder, DeadlineRule const& rule);
void extend_deadline(DecisionBuilder& builder, DeadlineRule const& rule, Date until);

// Begins to run from `started` to a last day that was set elsewhere.
void take_over_deadline(DecisionBuilder& builder, DeadlineRule const& rule, Instant started, Date last_day);

// What the clocks do after `action` ("open" or a transition) has led from one state to another.
void run_clocks(DecisionBuilder& builder, std::string const& action, std::string const& from, std::string const& to);
// A date that a running deadline counts to may have been changed.
void reproject_dates(DecisionBuilder& builder);

// Effects that are no clocks are carried out before the clocks run, so that parties and fields are settled.
void carry_out_assignments(DecisionBuilder& builder, std::vector<Effect> const& effects, Command const* command,
                           Link const* changed);
void carry_out_clocks(DecisionBuilder& builder, std::vector<Effect> const& effects);
// Returns what the event should say of it; opens and notices go into the decision.
Json carry_out_messages(DecisionBuilder& builder, std::vector<Effect> const& effects, std::string const& kind,
                        std::string const& about);

// The owners of the state that the case is now in must be there.
void require_owner(DecisionBuilder& builder);

// One transition, with its effects and clocks, whoever or whatever fires it.
void carry_out(DecisionBuilder& builder, Transition const& transition, Command const* command, Link const* changed);

// The body of the event that records it.
[[nodiscard]] Json link_to_json(Link const& link);
[[nodiscard]] Json holders_to_json(std::vector<Holder> const& holders);

}  // namespace bihuan
