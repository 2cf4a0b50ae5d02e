// SPDX-License-Identifier: Apache-2.0
#include "engine/core/checks.hpp"

#include <algorithm>

#include "engine/core/access.hpp"
#include "engine/core/contains.hpp"
#include "engine/core/fields.hpp"
#include "engine/core/guard.hpp"
#include "engine/core/guard_text.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"
#include "engine/core/rule_data.hpp"

namespace bihuan {
namespace {

constexpr std::size_t longest_comment = 20'000;

Text title_of(Definition const& definition, std::string const& name) {
  if (auto const* const field = definition.find_field(name)) return field->title;
  if (auto const* const party = definition.find_party(name)) return party->title;
  return {name, name};
}

bool accepts(DocumentKind const& kind, std::string const& type) {
  return kind.accept.empty() || std::any_of(kind.accept.begin(), kind.accept.end(), [&](std::string const& accepted) {
           if (accepted == "*/*" || accepted == type) return true;
           auto const star = accepted.find("/*");
           return star != std::string::npos && star + 2 == accepted.size() &&
                  type.compare(0, star + 1, accepted, 0, star + 1) == 0;
         });
}

std::string joined(std::vector<std::string> const& words) {
  std::string all;
  for (auto const& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

// Could this action's own input or documents change what the guard reads?
bool open_to_input(Action const& action, Guard const& guard) {
  auto const reads = reads_of(guard.rule);
  if (!reads) return false;
  auto const takes = [&](std::string const& name) {
    return contains(action.input.required, name) || contains(action.input.optional, name);
  };
  return std::any_of(reads->paths.begin(), reads->paths.end(), [&](std::string const& path) {
    auto const after = [&](std::string_view root) {
      return path.substr(root.size(), path.find('.', root.size()) - root.size());
    };
    if (path.rfind("input", 0) == 0) return true;
    if (path.rfind("case.fields.", 0) == 0) return takes(after("case.fields."));
    if (path.rfind("case.parties.", 0) == 0) return takes(after("case.parties."));
    if (path.rfind("documents.", 0) != 0) return false;
    auto const kind = after("documents.");
    return contains(action.requires_documents, kind) || contains(action.optional_documents, kind);
  });
}

// A guard that keeps two steps in two hands must hold for an absent person and for who stands in for them
// alike: it is asked of each pair of the persons that the actor and the earlier acts may be taken for.
std::vector<Json> views_of(Json data, Case const& subject, Actor const& actor) {
  std::vector<Json> views{std::move(data)};
  for (auto const& [transition, act] : subject.last) {
    if (act.acting_for.empty()) continue;
    auto other = views.front();
    for (auto const& [name, earlier] : subject.last) {
      if (earlier.acting_for.empty()) continue;
      for (auto const* const key : {"person", "actor"}) other["case"]["last"][name][key] = earlier.acting_for;
    }
    views.push_back(std::move(other));
    break;
  }
  auto const own = views.size();
  for (auto const& absent : actor.standing_in_for) {
    for (std::size_t i = 0; i < own; ++i) {
      views.push_back(views[i]);
      views.back()["actor"]["person"] = absent.person;
    }
  }
  return views;
}

}  // namespace

Refusals check_input(Circumstances const& circumstances, Case const& subject, Input const& allowed, Json const& input,
                     std::string const& base, GivenInput& given) {
  auto const& definition = circumstances.definition;
  Refusals faults;
  if (!input.is_object()) {
    faults.push_back(
        refusal(Code::wrong_type, base, {{"expected", message("type.object")}, {"found", message("type.array")}}));
    return faults;
  }
  auto after = subject;
  for (auto const& [name, value] : input.items()) {
    auto const pointer = pointer_to(base, name);
    bool const required = contains(allowed.required, name);
    if (!required && !contains(allowed.optional, name)) {
      faults.push_back(refusal(Code::unknown_field, pointer, {{"name", name}}));
    } else if (value.is_null()) {
      if (!required && definition.find_field(name)) given.fields[name] = nullptr;
    } else if (auto const* const field = definition.find_field(name)) {
      append(faults, check_value(*field, value, circumstances.organisation, pointer));
      given.fields[name] = value;
    } else if (auto const* const party = definition.find_party(name)) {
      auto holders = parse_holders(*party, value, pointer);
      if (!holders) {
        append(faults, holders.error());
        continue;
      }
      after.parties[name] = *holders;
      given.parties[name] = std::move(*holders);
    }
  }
  for (auto const& [name, holders] : given.parties) {
    for (auto const& holder : holders) {
      if (auto fault = may_hold(definition, *definition.find_party(name), holder.unit, after,
                                circumstances.organisation, pointer_to(base, name)))
        faults.push_back(std::move(*fault));
    }
  }
  for (auto const& name : allowed.required) {
    auto const found = input.find(name);
    bool const empty_party = given.parties.count(name) && given.parties.at(name).empty();
    if (found == input.end() || found->is_null() || empty_party)
      faults.push_back(refusal(Code::missing, pointer_to(base, name), {{"name", title_of(definition, name)}}));
  }
  return faults;
}

Refusals check_documents(Definition const& definition, Action const& action, Case const& subject,
                         std::map<std::string, std::vector<Document>> const& documents) {
  Refusals faults;
  for (auto const& [name, list] : documents) {
    auto const pointer = pointer_to("/documents", name);
    auto const* const kind = definition.find_document(name);
    if (!kind) {
      faults.push_back(refusal(Code::unknown_field, pointer, {{"name", name}}));
      continue;
    }
    // The documents of a case are open to whoever sees it, and would tell of the step.
    if (!action.shown_to.empty()) {
      faults.push_back(refusal(Code::hidden_takes_documents, pointer, {{"action", action.title}}));
      continue;
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (!accepts(*kind, list[i].type))
        faults.push_back(
            refusal(Code::document_type_refused, pointer_to(pointer, i),
                    {{"document", kind->title}, {"accept", joined(kind->accept)}, {"found", list[i].type}}));
    }
  }
  for (auto const& name : action.requires_documents) {
    auto const given = documents.find(name);
    auto const kept = subject.documents.find(name);
    bool const with_it = given != documents.end() && !given->second.empty();
    // What was attached since the last transition waits for this one; older papers served an earlier step.
    bool const before_it = kept != subject.documents.end() &&
                           std::any_of(kept->second.begin(), kept->second.end(), [&](Document const& document) {
                             return document.revision > subject.last_transition;
                           });
    if (with_it || before_it) continue;
    auto const* const kind = definition.find_document(name);
    auto refusal_ = refusal(Code::document_missing, pointer_to("/documents", name),
                            {{"document", kind ? kind->title : Text{name, name}}});
    refusal_.sources = definition.sources(action.basis);
    faults.push_back(std::move(refusal_));
  }
  return faults;
}

Refusals check_reason(Action const& action, std::string const& comment) {
  if (action.reason_required && comment.find_first_not_of(" \t\n") == std::string::npos)
    return {refusal(Code::reason_missing, "/comment", {{"action", action.title}})};
  if (auto fault = check_text(comment, longest_comment, "/comment")) return {std::move(*fault)};
  return {};
}

Refusals check_guards(Circumstances const& circumstances, Case const& subject, Action const& action, Actor const& actor,
                      Command const* command, bool only_what_stands) {
  Refusals faults;
  if (action.guards.empty()) return faults;
  auto const views = views_of(rule_data(circumstances, subject, actor, command), subject, actor);
  for (auto const& name : action.guards) {
    auto const* const guard = circumstances.definition.find_guard(name);
    if (!guard || (only_what_stands && open_to_input(action, *guard))) continue;
    auto verdict = check_guard(guard->rule, views.front());
    for (std::size_t i = 1; i < views.size() && verdict && verdict->holds; ++i)
      verdict = check_guard(guard->rule, views[i]);
    if (verdict && verdict->holds) continue;
    auto const missing = verdict ? joined(verdict->missing) : std::string();
    auto const text = with_times(guard->otherwise, views.front(), circumstances.calendar.zone());
    auto failed = refusal(Code::guard_failed, "", {{"text", text}, {"missing", missing}});
    if (missing.empty()) failed.remedy = {};
    failed.pointer = pointer_to("/guards", name);
    failed.sources = circumstances.definition.sources(guard->basis.empty() ? action.basis : guard->basis);
    faults.push_back(std::move(failed));
  }
  return faults;
}

Refusals check_right(Circumstances const& circumstances, Case const& subject, Action const& action, Actor const& actor,
                     Right& right) {
  auto const granted = find_right(action.by, subject, actor, circumstances.organisation);
  if (!granted) {
    auto refusal_ = refusal(Code::not_your_part, "",
                            {{"action", action.title}, {"who", describe(action.by, circumstances.definition)}});
    refusal_.sources = circumstances.definition.sources(action.basis);
    return {std::move(refusal_)};
  }
  right = *granted;
  if (auto conflict =
          duties_conflict(circumstances.definition, action.by, subject, actor, circumstances.organisation)) {
    conflict->sources = circumstances.definition.sources(action.basis);
    return {std::move(*conflict)};
  }
  return {};
}

void record_given(DecisionBuilder& builder, GivenInput const& given,
                  std::map<std::string, std::vector<Document>> const& documents) {
  Json changed = Json::object();
  Json before = Json::object();
  for (auto const& [name, value] : given.fields.items()) {
    auto const now = builder.subject().fields.value(name, Json());
    if (now == value) continue;
    changed[name] = value;
    before[name] = now;
  }
  if (!changed.empty()) {
    auto const& title_field = builder.definition().title_field;
    auto const title = changed.find(title_field);
    Json const titled = title != changed.end() && title->is_string() ? *title : Json(builder.subject().title);
    builder.emit(EventType::fields_changed, {{"fields", changed}, {"before", before}, {"title", titled}});
  }
  for (auto const& [party, holders] : given.parties) {
    auto const now = builder.subject().parties.find(party);
    if (now != builder.subject().parties.end() && now->second == holders) continue;
    builder.emit(EventType::party_changed, {{"party", party}, {"holders", holders_to_json(holders)}});
  }
  for (auto const& [kind, list] : documents) {
    for (auto const& document : list)
      builder.emit(EventType::document_added, {{"kind", kind},
                                               {"sha256", document.sha256},
                                               {"name", document.name},
                                               {"type", document.type},
                                               {"size", document.size}});
  }
}

}  // namespace bihuan
