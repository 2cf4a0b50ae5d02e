// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/core/access.hpp"
#include "engine/core/checks.hpp"
#include "engine/core/fields.hpp"
#include "engine/core/message.hpp"

namespace bihuan {
namespace {

// A text member of the input, or a fault; the empty text when it may be absent and is.
std::string text_of(Json const& input, std::string const& name, bool required, Refusals& faults) {
  auto const found = input.find(name);
  if (found != input.end() && found->is_string()) return found->get<std::string>();
  auto const pointer = pointer_to("/input", name);
  if (found != input.end())
    faults.push_back(
        refusal(Code::wrong_type, pointer, {{"expected", message("type.text")}, {"found", message("type.object")}}));
  else if (required)
    faults.push_back(refusal(Code::missing, pointer, {{"name", message("field." + name)}}));
  return {};
}

void only_members(Json const& input, std::initializer_list<std::string_view> names, Refusals& faults) {
  if (!input.is_object()) {
    faults.push_back(
        refusal(Code::wrong_type, "/input", {{"expected", message("type.object")}, {"found", message("type.array")}}));
    return;
  }
  for (auto const& [name, value] : input.items()) {
    if (std::find(names.begin(), names.end(), name) == names.end())
      faults.push_back(refusal(Code::unknown_field, pointer_to("/input", name), {{"name", name}}));
  }
}

Action naming_for(std::string const& party) {
  Action action;
  action.id = "assign";
  action.title = message("rights.own_part");
  action.by = {{party, "", {}}};
  return action;
}

class GeneralAction {
 public:
  GeneralAction(Circumstances const& circumstances, Case const& subject, Command const& command, Actor const& actor,
                Confirmation const* confirmation)
      : circumstances_(circumstances),
        definition_(circumstances.definition),
        subject_(subject),
        command_(command),
        actor_(actor),
        confirmation_(confirmation) {}

  Result<Decision> decide() {
    if (!command_.input.is_object()) only_members(command_.input, {}, faults_);
    if (!faults_.empty()) return refused(std::move(faults_));
    if (command_.action == "comment") return comment();
    if (command_.action == "attach") return attach();
    if (command_.action == "assign") return assign();
    if (command_.action == "correct") return correct();
    if (command_.action == "link") return link();
    if (command_.action == "extend") return extend();
    return pause_or_resume();
  }

 private:
  // The general action by its own grant, or refused.
  std::optional<Action> granted(std::optional<Action> action) {
    if (!action) {
      faults_.push_back(refusal(Code::unknown_action, "", {{"name", command_.action}}));
      return std::nullopt;
    }
    append(faults_, check_right(circumstances_, subject_, *action, actor_, right_));
    if (!faults_.empty()) return std::nullopt;
    append(faults_, check_documents(definition_, *action, subject_, command_.documents));
    append(faults_, check_reason(*action, command_.comment));
    append(faults_, check_guards(circumstances_, subject_, *action, actor_, &command_, false));
    return action;
  }

  DecisionBuilder begin() const {
    DecisionBuilder builder(circumstances_, subject_, actor_, right_);
    if (confirmation_) builder.confirm(*confirmation_);
    return builder;
  }

  Result<Decision> comment() {
    auto action = general_action(definition_, "comment");
    action->reason_required = true;
    action = granted(std::move(action));
    only_members(command_.input, {}, faults_);
    if (!faults_.empty()) return refused(std::move(faults_));
    auto builder = begin();
    builder.emit(EventType::commented, {{"comment", command_.comment}});
    record_given(builder, {}, new_documents(command_, confirmation_));
    return builder.take();
  }

  Result<Decision> attach() {
    granted(general_action(definition_, "attach"));
    only_members(command_.input, {}, faults_);
    bool const none = std::all_of(command_.documents.begin(), command_.documents.end(),
                                  [](auto const& kind) { return kind.second.empty(); });
    if (faults_.empty() && none)
      faults_.push_back(refusal(Code::missing, "/documents", {{"name", message("kind.document")}}));
    if (!faults_.empty()) return refused(std::move(faults_));
    auto builder = begin();
    record_given(builder, {}, new_documents(command_, confirmation_));
    if (!command_.comment.empty()) builder.emit(EventType::commented, {{"comment", command_.comment}});
    return builder.take();
  }

  // A unit names its own person for its own part; who is granted it may also name another unit.
  Result<Decision> assign() {
    only_members(command_.input, {"party", "unit", "person"}, faults_);
    auto const party_id = text_of(command_.input, "party", true, faults_);
    auto const person = text_of(command_.input, "person", false, faults_);
    auto unit = text_of(command_.input, "unit", false, faults_);
    if (!faults_.empty()) return refused(std::move(faults_));
    auto const* const party = definition_.find_party(party_id);
    if (!party)
      return refused(
          refusal(Code::unknown_reference, "/input/party", {{"name", party_id}, {"kind", message("kind.party")}}));
    bool const own_part = subject_.holds_part(party_id, actor_.unit);
    if (unit.empty() && own_part) unit = actor_.unit;
    if (unit.empty()) return refused(refusal(Code::missing, "/input/unit", {{"name", message("field.unit")}}));
    if (!(own_part && unit == actor_.unit)) {
      auto action = general_action(definition_, "assign");
      // Granted to nobody in general: only whoever holds the part names a person for it.
      if (!action && !own_part) action = naming_for(party_id);
      if (!granted(std::move(action))) return refused(std::move(faults_));
    }
    append(faults_, check_reason({}, command_.comment));
    auto holders = subject_.parties.count(party_id) ? subject_.parties.at(party_id) : std::vector<Holder>{};
    auto const same = std::find_if(holders.begin(), holders.end(), [&](Holder const& h) { return h.unit == unit; });
    if (same != holders.end())
      same->person = person;
    else if (party->many)
      holders.push_back({unit, person});
    else
      holders = {{unit, person}};
    auto probe = subject_;
    probe.parties[party_id] = holders;
    if (auto fault = may_hold(definition_, *party, unit, probe, circumstances_.organisation, "/input/unit"))
      faults_.push_back(std::move(*fault));
    if (!faults_.empty()) return refused(std::move(faults_));
    auto builder = begin();
    builder.emit(EventType::party_changed,
                 {{"party", party_id}, {"holders", holders_to_json(holders)}, {"comment", command_.comment}});
    return builder.take();
  }

  Result<Decision> correct() {
    auto action = general_action(definition_, "correct");
    if (action) action->reason_required = true;
    if (!granted(action)) return refused(std::move(faults_));
    only_members(command_.input, {"fields"}, faults_);
    GivenInput given;
    append(faults_, check_input(circumstances_, subject_, correctable(definition_, *action),
                                command_.input.value("fields", Json::object()), "/input/fields", given));
    if (faults_.empty() && given.fields.empty())
      faults_.push_back(refusal(Code::missing, "/input/fields", {{"name", message("field.fields")}}));
    if (!faults_.empty()) return refused(std::move(faults_));
    auto builder = begin();
    Json before = Json::object();
    for (auto const& [name, value] : given.fields.items()) before[name] = subject_.fields.value(name, Json());
    auto const title = given.fields.find(definition_.title_field);
    builder.emit(EventType::corrected,
                 {{"fields", given.fields},
                  {"before", before},
                  {"title", title != given.fields.end() && title->is_string() ? *title : Json(subject_.title)},
                  {"comment", command_.comment}});
    record_given(builder, {}, new_documents(command_, confirmation_));
    reproject_dates(builder);
    return builder.take();
  }

  Result<Decision> link() {
    if (!granted(general_action(definition_, "link"))) return refused(std::move(faults_));
    only_members(command_.input, {"case"}, faults_);
    auto const other = text_of(command_.input, "case", true, faults_);
    if (faults_.empty() && other == subject_.id)
      faults_.push_back(refusal(Code::out_of_bounds, "/input/case", {{"expected", message("expected.case_id")}}));
    if (!faults_.empty()) return refused(std::move(faults_));
    auto builder = begin();
    if (!command_.comment.empty()) builder.emit(EventType::commented, {{"comment", command_.comment}});
    builder.decision().links.push_back({"related", true, other, "", "", "", false});
    return builder.take();
  }

  DeadlineRule const* named_deadline() {
    auto const name = text_of(command_.input, "deadline", true, faults_);
    if (!faults_.empty()) return nullptr;
    auto const* const rule = definition_.find_deadline(name);
    if (!rule)
      faults_.push_back(
          refusal(Code::unknown_reference, "/input/deadline", {{"name", name}, {"kind", message("kind.deadline")}}));
    return rule;
  }

  Result<Decision> extend() {
    only_members(command_.input, {"deadline", "until"}, faults_);
    auto const* const rule = named_deadline();
    auto const text = text_of(command_.input, "until", true, faults_);
    auto const until = parse_date(text, "/input/until");
    if (faults_.empty() && !until) append(faults_, until.error());
    if (!faults_.empty()) return refused(std::move(faults_));
    auto const* const deadline = subject_.deadline(rule->id);
    if (!rule->extension) return refused(refusal(Code::unknown_action, "/input/deadline", {{"name", command_.action}}));
    append(faults_, check_right(circumstances_, subject_, rule->extension->action, actor_, right_));
    if (!faults_.empty()) return refused(std::move(faults_));
    if (!deadline || deadline->state != Deadline::State::running)
      return refused(refusal(Code::deadline_not_running, "/input/deadline", {{"deadline", rule->title}}));
    check_extension(*rule, *deadline, *until);
    auto command = command_;
    auto const& zone = circumstances_.calendar.zone();
    command.input["days"] =
        (std::chrono::sys_days{*until} - std::chrono::sys_days{zone.date_of(deadline->due)}).count();
    append(faults_, check_documents(definition_, rule->extension->action, subject_, command.documents));
    append(faults_, check_reason(rule->extension->action, command.comment));
    append(faults_, check_guards(circumstances_, subject_, rule->extension->action, actor_, &command, false));
    if (!faults_.empty()) return refused(std::move(faults_));
    auto builder = begin();
    record_given(builder, {}, new_documents(command_, confirmation_));
    if (!command_.comment.empty()) builder.emit(EventType::commented, {{"comment", command_.comment}});
    extend_deadline(builder, *rule, *until);
    return builder.take();
  }

  void check_extension(DeadlineRule const& rule, Deadline const& deadline, Date until) {
    auto const& extension = *rule.extension;
    auto const& zone = circumstances_.calendar.zone();
    auto const due = zone.format(deadline.due);
    auto const fail = [&](Code code, std::string const& pointer, std::initializer_list<Argument> arguments) {
      auto refusal_ = refusal(code, pointer, arguments);
      refusal_.sources = definition_.sources(extension.action.basis.empty() ? rule.basis : extension.action.basis);
      faults_.push_back(std::move(refusal_));
    };
    if (static_cast<int>(deadline.extensions.size()) >= extension.times)
      fail(Code::extension_exhausted, "/input/deadline",
           {{"deadline", rule.title}, {"times", std::to_string(extension.times)}});
    if (extension.before_due && deadline.due < circumstances_.now)
      fail(Code::extension_too_late, "/input/deadline", {{"deadline", rule.title}, {"due", due}});
    if (zone.end_of(until) <= deadline.due) fail(Code::extension_not_later, "/input/until", {{"due", due}});
    if (!extension.most) return;
    Counting const plain{FirstDay::next, LastRestDay::next_working_day};
    auto const latest = due_after(circumstances_.calendar, deadline.due, *extension.most, plain);
    if (latest && zone.end_of(until) > latest->due)
      fail(Code::extension_too_long, "/input/until", {{"deadline", rule.title}, {"max", describe(*extension.most)}});
  }

  Result<Decision> pause_or_resume() {
    only_members(command_.input, {"deadline"}, faults_);
    auto const* const rule = named_deadline();
    if (!faults_.empty()) return refused(std::move(faults_));
    bool const pausing = command_.action == "pause";
    if (!granted(rule->by_hand)) return refused(std::move(faults_));
    auto const* const deadline = subject_.deadline(rule->id);
    auto const wanted = pausing ? Deadline::State::running : Deadline::State::paused;
    if (!deadline || deadline->state != wanted)
      faults_.push_back(refusal(pausing ? Code::deadline_not_running : Code::deadline_not_paused, "/input/deadline",
                                {{"deadline", rule->title}}));
    if (!faults_.empty()) return refused(std::move(faults_));
    auto builder = begin();
    record_given(builder, {}, new_documents(command_, confirmation_));
    if (!command_.comment.empty()) builder.emit(EventType::commented, {{"comment", command_.comment}});
    if (pausing)
      pause_deadline(builder, rule->id);
    else
      resume_deadline(builder, rule->id);
    return builder.take();
  }

  Circumstances const& circumstances_;
  Definition const& definition_;
  Case const& subject_;
  Command const& command_;
  Actor const& actor_;
  Confirmation const* confirmation_;
  Refusals faults_;
  Right right_;
};

}  // namespace

Input correctable(Definition const& definition, Action const& action) {
  Input fields;
  auto const listed = [&](std::string const& id) {
    return std::find(action.input.optional.begin(), action.input.optional.end(), id) != action.input.optional.end() ||
           std::find(action.input.required.begin(), action.input.required.end(), id) != action.input.required.end();
  };
  bool const all = action.input.optional.empty() && action.input.required.empty();
  for (auto const& field : definition.fields) {
    if (all || listed(field.id)) fields.optional.push_back(field.id);
  }
  return fields;
}

std::optional<Action> general_action(Definition const& definition, std::string_view name) {
  if (auto const found = definition.general.find(std::string(name)); found != definition.general.end())
    return found->second;
  if (name != "comment" && name != "attach") return std::nullopt;
  Action action;
  action.id = std::string(name);
  action.title = message("action." + action.id);
  for (auto const& party : definition.parties) action.by.push_back({party.id, "", {}});
  return action;
}

Result<Decision> decide_general(Circumstances const& circumstances, Case const& subject, Command const& command,
                                Actor const& actor, Confirmation const* confirmation) {
  return GeneralAction(circumstances, subject, command, actor, confirmation).decide();
}

}  // namespace bihuan
