// SPDX-License-Identifier: Apache-2.0
#include "engine/core/migration.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/core/contains.hpp"
#include "engine/core/decision_builder.hpp"
#include "engine/core/fields.hpp"
#include "engine/core/message.hpp"

namespace bihuan {
namespace {

using Names = std::map<std::string, std::string>;

std::string mapped(Names const& names, std::string const& name) {
  auto const found = names.find(name);
  return found == names.end() ? name : found->second;
}

bool is_live(Deadline const& deadline) {
  return deadline.state != Deadline::State::stopped;
}

class Mover {
 public:
  Mover(Circumstances const& circumstances, Definition const& from, MigrationMap const& map, Case const& subject,
        Actor const& actor)
      : target_(circumstances.definition),
        from_(from),
        map_(map),
        subject_(subject),
        builder_(circumstances, subject, actor, right_) {}

  Result<Decision> move(std::string const& reason) {
    auto const to = mapped(map_.states, subject_.state);
    auto const* const state = target_.find_state(to);
    if (!state) return refused(not_mapped("state", "states", subject_.state));
    if (state->final)
      return refused(refusal(Code::migration_closes, pointer_to("/states", subject_.state),
                             {{"from", subject_.state}, {"to", to}}));
    Json body{{"from_version", subject_.version},
              {"version", target_.version},
              {"from_state", subject_.state},
              {"state", to},
              {"states", moved(map_.states)},
              {"transitions", moved(map_.transitions)},
              {"parties", parties()},
              {"documents", documents()},
              {"deadlines", deadlines()},
              {"lapsed", subject_.pending.size()},
              {"reason", reason}};
    fields(body);
    if (failed_) return builder_.take();
    builder_.emit(EventType::migrated, std::move(body));
    look_at_values();
    look_at_parties();
    require_owner(builder_);
    clocks(*state);
    return builder_.take();
  }

 private:
  Refusal not_mapped(char const* kind, char const* part, std::string const& name) {
    return refusal(Code::not_mapped, pointer_to("/" + std::string(part), name),
                   {{"kind", message("kind." + std::string(kind))}, {"name", name}, {"part", part}});
  }

  void fail(Refusal refusal) {
    failed_ = true;
    builder_.fail(std::move(refusal));
  }

  void meets(char const* kind, char const* part, std::string const& from, std::string const& to) {
    fail(refusal(Code::name_clash, pointer_to("/" + std::string(part), from),
                 {{"name", to}, {"kind", message("kind." + std::string(kind))}}));
  }

  // Only what is called otherwise: the event says what changed.
  static Json moved(Names const& names) {
    Json all = Json::object();
    for (auto const& [from, to] : names) {
      if (from != to) all[from] = to;
    }
    return all;
  }

  Json parties() {
    Json all = Json::object();
    std::set<std::string> taken;
    for (auto const& [party, holders] : subject_.parties) {
      auto const to = mapped(map_.parties, party);
      bool const held = !holders.empty();
      if (to.empty() || (!held && !target_.find_party(to))) {
        all[party] = nullptr;
        continue;
      }
      if (!target_.find_party(to)) {
        fail(not_mapped("party", "parties", party));
        continue;
      }
      if (!taken.insert(to).second) meets("party", "parties", party, to);
      if (to != party) all[party] = to;
    }
    return all;
  }

  Json documents() {
    Json all = Json::object();
    for (auto const& [kind, list] : subject_.documents) {
      auto const to = mapped(map_.documents, kind);
      if (!list.empty() && !target_.find_document(to))
        fail(not_mapped("document", "documents", kind));
      else if (to != kind)
        all[kind] = to;
    }
    return all;
  }

  void fields(Json& body) {
    Json changed = Json::object();
    std::set<std::string> taken;
    for (auto const& [field, value] : subject_.fields.items()) {
      auto const to = mapped(map_.fields, field);
      if (to.empty()) {
        if (!changed.contains(field)) changed[field] = nullptr;
        continue;
      }
      if (!target_.find_field(to)) {
        fail(not_mapped("field", "fields", field));
        continue;
      }
      if (!taken.insert(to).second) meets("field", "fields", field, to);
      if (to == field) continue;
      changed[to] = value;
      // Unless another value comes to stand under this name.
      if (!changed.contains(field)) changed[field] = nullptr;
    }
    for (auto const& [field, value] : map_.set.items()) {
      if (!taken.contains(field)) changed[field] = value;
    }
    auto const now = [&](std::string const& field) {
      return changed.contains(field) ? changed[field] : subject_.fields.value(field, Json());
    };
    auto const title = now(target_.title_field);
    body["fields"] = std::move(changed);
    body["title"] = title.is_string() ? title : Json(subject_.title);
  }

  // Where a clock of the older version goes on; empty where it stops, or has stopped and is known here no more.
  std::string deadline_of(std::string const& name) const {
    auto const found = map_.deadlines.find(name);
    if (found != map_.deadlines.end())
      return target_.find_deadline(found->second.to) ? found->second.to : std::string();
    return target_.find_deadline(name) ? name : std::string();
  }

  ClockMove move_of(std::string const& name) const {
    auto const found = map_.deadlines.find(name);
    return found == map_.deadlines.end() ? map_.clock : found->second.clock;
  }

  Json deadlines() {
    Json all = Json::array();
    std::map<std::string, std::string> taken;  // there -> here
    for (auto const& deadline : subject_.deadlines) {
      auto const to = deadline_of(deadline.name);
      if (to.empty()) {
        if (is_live(deadline) && !map_.deadlines.contains(deadline.name))
          fail(not_mapped("deadline", "deadlines", deadline.name));
        continue;
      }
      auto const [known, first] = taken.emplace(to, deadline.name);
      if (known->second != deadline.name) meets("deadline", "deadlines", deadline.name, to);
      if (first) all.push_back(place_of(deadline.name, *target_.find_deadline(to)));
    }
    return all;
  }

  // Who owns the clock is what the new version says.
  Json place_of(std::string const& name, DeadlineRule const& rule) const {
    std::string owner;
    for (auto const& [party, holders] : subject_.parties) {
      if (mapped(map_.parties, party) == rule.owner && !holders.empty()) owner = holders.front().unit;
    }
    return {{"deadline", name}, {"to", rule.id}, {"owner_party", rule.owner}, {"owner", owner}};
  }

  void look_at_values() {
    auto const& organisation = builder_.circumstances().organisation;
    auto const& now = builder_.subject();
    for (auto const& [name, value] : now.fields.items())
      builder_.fail(check_value(*target_.find_field(name), value, organisation, pointer_to("/fields", name)));
    // What a case opened by another or by itself has done without so far, it goes on without.
    auto const was_required = [&](std::string const& name) {
      return std::ranges::any_of(from_.opening.input.required,
                                 [&](std::string const& before) { return mapped(map_.fields, before) == name; });
    };
    for (auto const& name : target_.opening.input.required) {
      auto const* const field = target_.find_field(name);
      if (field && !now.fields.contains(name) && !was_required(name))
        builder_.fail(refusal(Code::missing, pointer_to("/set", name), {{"name", field->title}}));
    }
  }

  void look_at_parties() {
    auto const& now = builder_.subject();
    for (auto const& party : target_.parties) {
      auto const held = now.parties.find(party.id);
      bool const nobody = held == now.parties.end() || held->second.empty();
      auto const pointer = pointer_to("/parties", party.id);
      if (nobody && party.required) builder_.fail(refusal(Code::party_missing, pointer, {{"party", party.title}}));
      if (nobody) continue;
      if (held->second.size() > 1 && !party.many)
        builder_.fail(refusal(Code::out_of_bounds, pointer, {{"expected", message("expected.one_holder")}}));
      for (auto const& holder : held->second) {
        if (auto fault = may_hold(target_, party, holder.unit, now, builder_.circumstances().organisation, pointer))
          builder_.fail(std::move(*fault));
      }
    }
  }

  void clocks(State const& state) {
    for (auto const& name : live()) {
      auto const to = deadline_of(name);
      auto const* const rule = target_.find_deadline(to);
      if (!rule) {
        stop_deadline(builder_, name);
        continue;
      }
      auto const owner = builder_.subject().parties.find(rule->owner);
      if (owner == builder_.subject().parties.end() || owner->second.empty()) {
        auto const* const party = target_.find_party(rule->owner);
        builder_.fail(refusal(Code::party_missing, pointer_to("/parties", rule->owner),
                              {{"party", party ? party->title : Text{rule->owner, rule->owner}}}));
        continue;
      }
      if (move_of(name) == ClockMove::recompute) recompute_deadline(builder_, *rule);
      if (move_of(name) == ClockMove::restart) restart_deadline(builder_, *rule);
      stand_still_or_go_on(name, *rule, state);
    }
    for (auto const& name : map_.start) {
      auto const* const now = builder_.subject().deadline(name);
      auto const* const rule = target_.find_deadline(name);
      if (rule && (!now || !is_live(*now))) start_deadline(builder_, *rule);
    }
  }

  [[nodiscard]] std::vector<std::string> live() const {
    std::vector<std::string> names;
    for (auto const& deadline : subject_.deadlines) {
      if (is_live(deadline) && !contains(names, deadline.name)) names.push_back(deadline.name);
    }
    return names;
  }

  // Nothing but leaving a state that pauses ends a pause that entering it began.
  void stand_still_or_go_on(std::string const& name, DeadlineRule const& rule, State const& state) {
    auto const* const before = from_.find_state(subject_.state);
    bool const paused_before = before && contains(before->pauses, name);
    bool const paused_here = contains(state.pauses, rule.id);
    if (paused_before && !paused_here) resume_deadline(builder_, rule.id);
    if (paused_here && !paused_before) pause_deadline(builder_, rule.id);
  }

  Definition const& target_;
  Definition const& from_;
  MigrationMap const& map_;
  Case const& subject_;
  Right const right_{.role = "admin", .acting_for = ""};
  DecisionBuilder builder_;
  bool failed_ = false;
};

}  // namespace

Result<Decision> decide_migration(Circumstances const& circumstances, Definition const& from, MigrationMap const& map,
                                  Case const& subject, Actor const& actor, std::string const& reason) {
  if (subject.final) return refused(refusal(Code::case_is_final, ""));
  return Mover(circumstances, from, map, subject, actor).move(reason);
}

}  // namespace bihuan
