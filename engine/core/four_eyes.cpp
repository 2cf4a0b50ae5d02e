// SPDX-License-Identifier: Apache-2.0
#include "engine/core/four_eyes.hpp"

#include <algorithm>

#include "engine/core/checks.hpp"
#include "engine/core/contains.hpp"
#include "engine/core/message.hpp"

namespace bihuan {
namespace {

Json to_json(std::map<std::string, std::vector<Document>> const& documents) {
  Json all = Json::object();
  for (auto const& [kind, list] : documents) {
    for (auto const& d : list)
      all[kind].push_back({{"sha256", d.sha256}, {"name", d.name}, {"type", d.type}, {"size", d.size}});
  }
  return all;
}

Command command_of(Pending const& pending) {
  return {pending.action, pending.input, pending.documents, pending.comment, std::nullopt};
}

// The one who asked, with the right they asked by: whether they have it still is asked of the people's store, see
// asker_lost_right.
Actor asker_of(Pending const& pending) {
  Actor asker{.person = pending.person, .unit = pending.unit, .roles = {}, .system = false};
  if (pending.acting_for.empty())
    asker.roles = {pending.role};
  else
    asker.standing_in_for = {{pending.acting_for, {pending.role}}};
  return asker;
}

// An absent person and who stands in for them count as one.
bool same_person(Actor const& actor, Pending const& pending) {
  auto const persons = persons_of(actor);
  return std::any_of(persons.begin(), persons.end(), [&](std::string const& person) {
    return person == pending.person || (!pending.acting_for.empty() && person == pending.acting_for);
  });
}

}  // namespace

std::map<std::string, std::vector<Document>> new_documents(Command const& command, Confirmation const* confirmation) {
  if (confirmation) return {};
  return command.documents;
}

Action const* action_of(Definition const& definition, Command const& command) {
  if (auto const* const transition = definition.find_transition(command.action)) return transition;
  if (auto const general = definition.general.find(command.action); general != definition.general.end())
    return &general->second;
  auto const name = command.input.find("deadline");
  auto const* const rule =
      name != command.input.end() && name->is_string() ? definition.find_deadline(name->get<std::string>()) : nullptr;
  if (!rule) return nullptr;
  if (command.action == "extend") return rule->extension ? &rule->extension->action : nullptr;
  return rule->by_hand ? &*rule->by_hand : nullptr;
}

Pending const* pending_of(Case const& subject, std::string const& action) {
  auto const found = std::find_if(subject.pending.begin(), subject.pending.end(),
                                  [&](Pending const& pending) { return pending.action == action; });
  return found == subject.pending.end() ? nullptr : &*found;
}

Result<Decision> ask_for_second(Circumstances const& circumstances, Case const& subject, Action const& action,
                                Command const& command, Actor const& actor) {
  if (pending_of(subject, command.action))
    return refused(refusal(Code::already_asked, "",
                           {{"action", action.title}, {"who", describe(*action.four_eyes, circumstances.definition)}}));
  Right right;
  if (auto denied = check_right(circumstances, subject, action, actor, right); !denied.empty())
    return refused(std::move(denied));
  DecisionBuilder builder(circumstances, subject, actor, right);
  builder.emit(EventType::asked, {{"request", std::to_string(subject.revision + 1)},
                                  {"action", command.action},
                                  {"input", command.input},
                                  {"comment", command.comment},
                                  {"documents", to_json(command.documents)}});
  // With the case at once, so that the second person can read what they are to confirm.
  record_given(builder, {}, command.documents);
  return builder.take();
}

Refusals check_second(Circumstances const& circumstances, Case const& subject, Pending const& pending,
                      Actor const& actor, Right& right) {
  auto const& definition = circumstances.definition;
  auto const* const action = action_of(definition, command_of(pending));
  if (!action || !action->four_eyes)
    return {refusal(Code::request_lapsed, "/input/request", {{"request", pending.id}})};
  Action second;
  second.id = action->id;
  second.title = action->title;
  second.by = *action->four_eyes;
  second.basis = action->basis;
  if (auto denied = check_right(circumstances, subject, second, actor, right); !denied.empty()) return denied;
  if (!same_person(actor, pending)) return {};
  auto same = refusal(Code::same_person_may_not_confirm, "",
                      {{"action", action->title}, {"who", describe(second.by, definition)}});
  same.sources = definition.sources(action->basis);
  return {std::move(same)};
}

Pending const* pending_named(Case const& subject, Json const& input) {
  auto const name = input.is_object() ? input.find("request") : input.end();
  if (name == input.end() || !name->is_string()) return nullptr;
  auto const found = std::ranges::find(subject.pending, name->get_ref<std::string const&>(), &Pending::id);
  return found == subject.pending.end() ? nullptr : &*found;
}

std::optional<Refusal> asker_lost_right(Definition const& definition, Pending const& pending, Actor const& asker) {
  auto const lends = [&](Absent const& absent) {
    return absent.person == pending.acting_for && contains(absent.roles, pending.role);
  };
  // A grant may ask for no role but for a unit alone.
  bool const holds = pending.acting_for.empty() ? pending.role.empty() || asker.has_role(pending.role)
                                                : std::ranges::any_of(asker.standing_in_for, lends);
  if (holds && asker.unit == pending.unit) return std::nullopt;
  auto const* const action = action_of(definition, command_of(pending));
  auto lost = refusal(Code::asker_not_entitled, "/input/request",
                      {{"action", action ? action->title : Text{pending.action, pending.action}}});
  if (action) lost.sources = definition.sources(action->basis);
  return lost;
}

Result<Decision> decide_request(Circumstances const& circumstances, Case const& subject, Command const& command,
                                Actor const& actor) {
  Refusals faults;
  auto const name = command.input.is_object() ? command.input.find("request") : command.input.end();
  if (!command.input.is_object() || command.input.size() > 1 ||
      (command.input.size() == 1 && name == command.input.end()))
    return refused(refusal(Code::unknown_field, "/input", {{"name", message("field.request")}}));
  if (name == command.input.end() || !name->is_string())
    return refused(refusal(Code::missing, "/input/request", {{"name", message("field.request")}}));
  auto const* const pending = pending_named(subject, command.input);
  // Nor is there, for whoever may not read of it, a request that they could be told is not theirs to answer.
  auto const* const asked = pending == nullptr ? nullptr : action_of(circumstances.definition, command_of(*pending));
  bool const unknown = asked && !may_read_of(*asked, subject, actor, circumstances.organisation);
  if (pending == nullptr || unknown)
    return refused(refusal(Code::request_lapsed, "/input/request", {{"request", name->get<std::string>()}}));
  Right right;
  if (auto denied = check_second(circumstances, subject, *pending, actor, right); !denied.empty())
    return refused(std::move(denied));
  Action answer;
  answer.title = message("action." + command.action);
  answer.reason_required = command.action == "decline";
  append(faults, check_reason(answer, command.comment));
  append(faults, check_documents(circumstances.definition, answer, subject, command.documents));
  if (!faults.empty()) return refused(std::move(faults));
  if (command.action == "confirm") {
    Confirmation const confirmation{actor, right, *pending};
    return decide_at_once(circumstances, subject, command_of(*pending), asker_of(*pending), &confirmation);
  }
  DecisionBuilder builder(circumstances, subject, actor, right);
  builder.emit(EventType::declined, {{"request", pending->id},
                                     {"action", pending->action},
                                     {"asked_by", pending->person},
                                     {"comment", command.comment}});
  return builder.take();
}

}  // namespace bihuan
