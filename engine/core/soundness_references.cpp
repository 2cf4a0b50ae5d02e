// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "engine/core/guard.hpp"
#include "engine/core/guard_text.hpp"
#include "engine/core/message.hpp"
#include "engine/core/migration.hpp"
#include "engine/core/rule_data.hpp"
#include "engine/core/soundness.hpp"

namespace bihuan::soundness {
namespace {

// Walks a definition and names every reference that leads nowhere.
class References {
 public:
  References(Definition const& definition, Refusals& faults) : definition_(definition), faults_(faults) {}

  void check();

 private:
  void unknown(std::string const& pointer, std::string_view name, std::string_view kind) {
    faults_.push_back(
        refusal(Code::unknown_reference, pointer, {{"name", name}, {"kind", message("kind." + std::string(kind))}}));
  }
  template <class Find>
  void each(std::vector<std::string> const& names, std::string const& pointer, std::string_view kind, Find find) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!find(names[i])) unknown(pointer_to(pointer, i), names[i], kind);
    }
  }
  void parties(std::vector<std::string> const& names, std::string const& pointer) {
    each(names, pointer, "party", [&](auto const& n) { return definition_.find_party(n) != nullptr; });
  }
  void documents(std::vector<std::string> const& names, std::string const& pointer) {
    each(names, pointer, "document", [&](auto const& n) { return definition_.find_document(n) != nullptr; });
  }
  void basis(std::vector<std::string> const& names, std::string const& pointer) {
    each(names, pointer, "basis", [&](auto const& n) { return definition_.find_basis(n) != nullptr; });
  }
  void deadlines(std::vector<std::string> const& names, std::string const& pointer) {
    each(names, pointer, "deadline", [&](auto const& n) { return definition_.find_deadline(n) != nullptr; });
  }
  void transitions(std::vector<std::string> const& names, std::string const& pointer, bool with_open) {
    each(names, pointer, "transition",
         [&](auto const& n) { return (with_open && n == "open") || definition_.find_transition(n); });
  }
  void party(std::string const& name, std::string const& pointer) {
    if (!name.empty() && !definition_.find_party(name)) unknown(pointer, name, "party");
  }
  void inputs(std::vector<std::string> const& names, std::string const& pointer) {
    each(names, pointer, "field_or_party",
         [&](auto const& n) { return definition_.find_field(n) || definition_.find_party(n); });
  }
  void rule(Json const& rule, std::string const& pointer);
  void optional_rule(std::optional<Json> const& value, std::string const& pointer) {
    if (value) rule(*value, pointer);
  }
  void grants(std::vector<Grant> const& grants, std::string const& pointer) {
    for (std::size_t i = 0; i < grants.size(); ++i) party(grants[i].party, pointer_to(pointer_to(pointer, i), "party"));
  }
  void effects(std::vector<Effect> const& effects, std::string const& pointer);
  void action(Action const& action, std::string const& pointer);
  void date_field(std::string const& name, std::string const& pointer);
  void period(Period const& period, std::string const& pointer) {
    if (period.form == Period::Form::field) date_field(period.field, pointer_to(pointer, "field"));
  }
  void deadline(DeadlineRule const& deadline, std::string const& pointer);
  void recurrence(Recurrence const& recurrence, std::string const& pointer);
  void states();
  void publication();

  Definition const& definition_;
  Refusals& faults_;
};

void References::rule(Json const& rule, std::string const& pointer) {
  auto const reads = reads_of(rule);
  if (!reads) {
    for (auto fault : reads.error()) {
      fault.pointer = pointer + fault.pointer;
      faults_.push_back(std::move(fault));
    }
    return;
  }
  if (reads->dynamic) faults_.push_back(refusal(Code::bad_rule, pointer, {{"detail", message("detail.dynamic_path")}}));
  for (auto const& path : reads->paths) {
    if (!known_path(definition_, path))
      faults_.push_back(refusal(Code::guard_reads_unknown, pointer, {{"name", path}}));
  }
}

void References::effects(std::vector<Effect> const& effects, std::string const& pointer) {
  for (std::size_t i = 0; i < effects.size(); ++i) {
    auto const here = pointer_to(pointer, i);
    if (auto const* const open = std::get_if<OpenEffect>(&effects[i])) {
      for (auto const& [there, field] : open->copy) {
        if (!definition_.find_field(field)) unknown(pointer_to(here, "open") + "/copy", field, "field");
      }
      for (auto const& [there, name] : open->parties) party(name, pointer_to(here, "open") + "/parties");
    } else if (auto const* const notify = std::get_if<NotifyEffect>(&effects[i])) {
      parties(notify->parties, pointer_to(here, "notify"));
    } else if (auto const* const clock = std::get_if<DeadlineEffect>(&effects[i])) {
      if (!definition_.find_deadline(clock->deadline)) unknown(here, clock->deadline, "deadline");
    } else if (auto const* const assign = std::get_if<AssignEffect>(&effects[i])) {
      if (!definition_.find_party(assign->party)) unknown(here + "/assign/party", assign->party, "party");
      party(assign->from_party, here + "/assign/to/party");
    } else if (auto const* const set = std::get_if<SetEffect>(&effects[i])) {
      if (!definition_.find_field(set->field)) unknown(here + "/set", set->field, "field");
      rule(set->rule, here + "/set/" + set->field);
    }
  }
}

void References::action(Action const& action, std::string const& pointer) {
  grants(action.by, pointer_to(pointer, "by"));
  grants(action.shown_to, pointer_to(pointer, "shown_to"));
  if (action.four_eyes) grants(*action.four_eyes, pointer + "/four_eyes/by");
  optional_rule(action.when, pointer_to(pointer, "when"));
  inputs(action.input.required, pointer + "/input/required");
  inputs(action.input.optional, pointer + "/input/optional");
  documents(action.requires_documents, pointer_to(pointer, "requires_documents"));
  documents(action.optional_documents, pointer_to(pointer, "optional_documents"));
  each(action.guards, pointer_to(pointer, "guards"), "guard",
       [&](auto const& n) { return definition_.find_guard(n) != nullptr; });
  effects(action.effects, pointer_to(pointer, "effects"));
  basis(action.basis, pointer_to(pointer, "basis"));
}

void References::date_field(std::string const& name, std::string const& pointer) {
  auto const* const field = definition_.find_field(name);
  if (!field || field->list || (field->type != FieldType::date && field->type != FieldType::instant))
    unknown(pointer, name, "date_field");
}

void References::deadline(DeadlineRule const& deadline, std::string const& pointer) {
  party(deadline.owner, pointer_to(pointer, "owner"));
  transitions(deadline.start_on, pointer + "/start/on", true);
  transitions(deadline.stop_on, pointer + "/stop/on", false);
  transitions(deadline.pause_on, pointer + "/pause/on", false);
  transitions(deadline.resume_on, pointer + "/resume/on", false);
  optional_rule(deadline.start_when, pointer + "/start/when");
  if (!deadline.start_from.empty()) date_field(deadline.start_from, pointer + "/start/from");
  for (std::size_t i = 0; i < deadline.within.size(); ++i) {
    auto const here = pointer_to(pointer_to(pointer, "within"), i);
    optional_rule(deadline.within[i].when, pointer_to(here, "when"));
    period(deadline.within[i].period, pointer_to(here, "period"));
  }
  if (deadline.hard_limit) {
    period(deadline.hard_limit->period, pointer + "/hard_limit/period");
    basis(deadline.hard_limit->basis, pointer + "/hard_limit/basis");
  }
  if (deadline.extension) action(deadline.extension->action, pointer_to(pointer, "extension"));
  if (deadline.by_hand) action(*deadline.by_hand, pointer_to(pointer, "by_hand"));
  std::set<std::string> rungs;
  for (std::size_t i = 0; i < deadline.escalations.size(); ++i) {
    auto const here = pointer_to(pointer_to(pointer, "escalations"), i);
    effects(deadline.escalations[i].effects, pointer_to(here, "effects"));
    if (!rungs.insert(deadline.escalations[i].id).second)
      faults_.push_back(refusal(Code::name_clash, pointer_to(here, "id"),
                                {{"name", deadline.escalations[i].id}, {"kind", message("kind.escalation")}}));
  }
  basis(deadline.basis, pointer_to(pointer, "basis"));
}

void References::recurrence(Recurrence const& recurrence, std::string const& pointer) {
  party(recurrence.party, pointer + "/for/party");
  basis(recurrence.basis, pointer_to(pointer, "basis"));
  for (auto const& [field, value] : recurrence.fields) {
    auto const here = pointer_to(pointer_to(pointer, "fields"), field);
    if (!definition_.find_field(field)) unknown(here, field, "field");
    auto const reads = reads_of(value);
    if (!reads) {
      faults_.insert(faults_.end(), reads.error().begin(), reads.error().end());
      continue;
    }
    static std::set<std::string> const known{"occurrence.date", "occurrence.year", "occurrence.month", "unit"};
    for (auto const& path : reads->paths) {
      if (!known.count(path)) faults_.push_back(refusal(Code::guard_reads_unknown, here, {{"name", path}}));
    }
  }
  // Nobody opens it, so no part can follow from who does.
  for (auto const& kind : definition_.parties) {
    if (kind.required && kind.id != recurrence.party && (!kind.by_default || kind.by_default->opener))
      faults_.push_back(refusal(Code::party_missing, pointer, {{"party", kind.title}}));
  }
}

void References::states() {
  auto const links = link_names(definition_);
  for (auto const& state : definition_.states) {
    auto const pointer = pointer_to("/states", state.id);
    party(state.owner, pointer_to(pointer, "owner"));
    deadlines(state.pauses, pointer_to(pointer, "pauses"));
    if (!state.awaits) continue;
    if (state.awaits->link != "related" && std::find(links.begin(), links.end(), state.awaits->link) == links.end())
      unknown(pointer + "/awaits/link", state.awaits->link, "link");
    rule(state.awaits->until, pointer + "/awaits/until");
  }
}

// What somebody may not read when signed in must not be published by naming it here.
void References::publication() {
  auto const& d = definition_;
  if (!d.publication) return;
  each(d.publication->states, "/public/states", "state", [&](auto const& n) { return d.find_state(n) != nullptr; });
  each(d.publication->fields, "/public/fields", "public_field", [&](auto const& n) {
    auto const* const field = d.find_field(n);
    return field && !field->personal && field->shown_to.empty() && field->type != FieldType::person &&
           field->type != FieldType::case_ref;
  });
  parties(d.publication->parties, "/public/parties");
}

void References::check() {
  auto const& d = definition_;
  if (!d.initial.empty() && !d.find_state(d.initial)) unknown("/initial", d.initial, "state");
  auto const* const title = d.find_field(d.title_field);
  if (!d.title_field.empty() && (!title || title->type != FieldType::text || title->list))
    unknown("/case_title", d.title_field, "text_field");
  for (auto const& kind : d.parties) {
    auto const pointer = pointer_to("/parties", kind.id);
    parties(kind.distinct_from, pointer_to(pointer, "distinct_from"));
    if (d.find_field(kind.id))
      faults_.push_back(refusal(Code::name_clash, pointer, {{"name", kind.id}, {"kind", message("kind.field")}}));
  }
  grants(d.readers, "/readers");
  publication();
  for (auto const& field : d.fields) {
    grants(field.shown_to, pointer_to("/fields", field.id) + "/shown_to");
    grants(field.listed_to, pointer_to("/fields", field.id) + "/listed_to");
  }
  for (auto const& kind : d.documents) {
    if (kind.report) date_field(kind.report->month, pointer_to("/documents", kind.id) + "/report/month");
  }
  for (auto const& guard : d.guards) {
    rule(guard.rule, pointer_to("/guards", guard.id) + "/rule");
    for (auto const& path : placeholders_of(guard.otherwise)) {
      if (!is_time_path(d, path))
        faults_.push_back(
            refusal(Code::guard_reads_unknown, pointer_to("/guards", guard.id) + "/else", {{"name", path}}));
    }
    basis(guard.basis, pointer_to("/guards", guard.id) + "/basis");
  }
  action(d.opening, "/opening");
  states();
  for (auto const& transition : d.transitions) {
    auto const pointer = pointer_to("/transitions", transition.id);
    each(transition.from, pointer_to(pointer, "from"), "state",
         [&](auto const& n) { return d.find_state(n) != nullptr; });
    if (!transition.to.empty() && !d.find_state(transition.to))
      unknown(pointer_to(pointer, "to"), transition.to, "state");
    if (!transition.deadline.empty() && !d.find_deadline(transition.deadline))
      unknown(pointer_to(pointer, "deadline"), transition.deadline, "deadline");
    if (std::find(std::begin(general_actions), std::end(general_actions), transition.id) != std::end(general_actions))
      faults_.push_back(
          refusal(Code::name_clash, pointer, {{"name", transition.id}, {"kind", message("kind.general_action")}}));
    action(transition, pointer);
  }
  for (auto const& rule : d.deadlines) deadline(rule, pointer_to("/deadlines", rule.id));
  for (auto const& rule : d.recurring) recurrence(rule, pointer_to("/recurring", rule.id));
  for (auto const& [id, general] : d.general) action(general, pointer_to("/actions", id));
  for (std::size_t i = 0; i < d.migrations.size(); ++i)
    append(faults_, check_migration_map(d.migrations[i].map, d, pointer_to("/migrations", i)));
}

}  // namespace

void check_references(Definition const& definition, Refusals& faults) {
  References(definition, faults).check();
}

}  // namespace bihuan::soundness
