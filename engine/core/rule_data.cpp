// SPDX-License-Identifier: Apache-2.0
#include "engine/core/rule_data.hpp"

#include <algorithm>
#include <array>

namespace bihuan {
namespace {

Json case_data(Circumstances const& circumstances, Case const& subject) {
  Json parties = Json::object();
  for (auto const& party : circumstances.definition.parties) parties[party.id] = subject.units_holding(party.id);
  Json visits = Json::object();
  for (auto const& state : circumstances.definition.states) {
    auto const found = subject.visits.find(state.id);
    visits[state.id] = found == subject.visits.end() ? 0 : found->second;
  }
  Json last = Json::object();
  for (auto const& [transition, act] : subject.last)
    last[transition] = {{"person", act.person},
                        {"actor", act.person},
                        {"unit", act.unit},
                        {"at", format_utc(act.at)},
                        {"on", format_date(circumstances.calendar.zone().date_of(act.at))}};
  return {{"id", subject.id},
          {"number", subject.number},
          {"workflow", subject.workflow},
          {"state", subject.state},
          {"final", subject.final},
          {"outcome", subject.outcome},
          {"title", subject.title},
          {"revision", subject.revision},
          {"opened", format_utc(subject.opened)},
          {"opener", subject.opener},
          {"opener_unit", subject.opener_unit},
          {"fields", subject.fields},
          {"parties", parties},
          {"visits", visits},
          {"last", last}};
}

Json links_data(Circumstances const& circumstances, Case const& subject) {
  Json links = Json::object();
  auto names = link_names(circumstances.definition);
  for (auto const& link : subject.links) names.push_back(link.name);
  for (auto const& name : names) {
    Json states = Json::array();
    Json outcomes = Json::array();
    Json cases = Json::array();
    int open = 0;
    for (auto const& link : subject.links) {
      if (link.name != name || !link.outward) continue;
      states.push_back(link.state);
      outcomes.push_back(link.outcome);
      cases.push_back({{"state", link.state}, {"outcome", link.outcome}, {"final", link.final}, {"units", link.units}});
      open += link.final ? 0 : 1;
    }
    links[name] = {
        {"count", states.size()}, {"open", open}, {"states", states}, {"outcomes", outcomes}, {"cases", cases}};
  }
  return links;
}

Json deadlines_data(Circumstances const& circumstances, Case const& subject) {
  Json deadlines = Json::object();
  for (auto const& rule : circumstances.definition.deadlines) {
    auto const* const deadline = subject.deadline(rule.id);
    if (!deadline) {
      deadlines[rule.id] = {{"running", false}, {"paused", false}, {"overdue", false},
                            {"cycle", 0},       {"extensions", 0}, {"rungs", Json::array()}};
      continue;
    }
    deadlines[rule.id] = {{"running", deadline->state == Deadline::State::running},
                          {"paused", deadline->state == Deadline::State::paused},
                          {"overdue", light_of(*deadline, circumstances.now) == Light::red},
                          {"due", format_utc(deadline->due)},
                          {"over", format_utc(deadline->due + std::chrono::seconds(1))},
                          {"cycle", deadline->cycle},
                          {"extensions", deadline->extensions.size()},
                          {"rungs", deadline->rungs}};
  }
  return deadlines;
}

void lay_over(Json& data, Definition const& definition, Command const& command) {
  data["input"] = command.input;
  if (!command.input.is_object()) return;
  for (auto const& [name, value] : command.input.items()) {
    if (definition.find_field(name) && !value.is_null()) data["case"]["fields"][name] = value;
    if (definition.find_party(name)) {
      Json units = Json::array();
      for (auto const& holder : value.is_array() ? value : Json::array({value}))
        units.push_back(holder.is_object() && holder.contains("unit") ? holder["unit"] : holder);
      data["case"]["parties"][name] = units;
    }
  }
  for (auto const& [kind, documents] : command.documents) {
    if (!data["documents"].contains(kind)) continue;
    auto& count = data["documents"][kind]["count"];
    count = count.get<std::size_t>() + documents.size();
  }
}

}  // namespace

Json rule_data(Circumstances const& circumstances, Case const& subject, Actor const& actor, Command const* command,
               Link const* changed) {
  Json documents = Json::object();
  for (auto const& kind : circumstances.definition.documents) {
    auto const found = subject.documents.find(kind.id);
    documents[kind.id] = {{"count", found == subject.documents.end() ? 0 : found->second.size()}};
  }
  Json data{{"case", case_data(circumstances, subject)},
            {"actor", {{"person", actor.person}, {"unit", actor.unit}, {"roles", actor.roles}}},
            {"input", Json::object()},
            {"documents", documents},
            {"links", links_data(circumstances, subject)},
            {"deadlines", deadlines_data(circumstances, subject)},
            {"now", format_utc(circumstances.now)},
            {"today", format_date(circumstances.calendar.zone().date_of(circumstances.now))}};
  if (changed)
    data["link"] = {{"name", changed->name},
                    {"workflow", changed->workflow},
                    {"state", changed->state},
                    {"outcome", changed->outcome},
                    {"final", changed->final}};
  if (command) lay_over(data, circumstances.definition, *command);
  return data;
}

namespace {

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> parts;
  while (true) {
    auto const dot = path.find('.');
    parts.push_back(path.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    path.remove_prefix(dot + 1);
  }
}

template <std::size_t N>
bool among(std::array<std::string_view, N> const& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool known_case_path(Definition const& definition, std::vector<std::string_view> const& parts) {
  static constexpr std::array<std::string_view, 11> plain{
      "id", "number", "workflow", "state", "final", "outcome", "title", "revision", "opened", "opener", "opener_unit"};
  if (parts.size() == 2)
    return among(plain, parts[1]) ||
           among(std::array<std::string_view, 4>{"fields", "parties", "visits", "last"}, parts[1]);
  if (parts[1] == "fields") {
    auto const* const field = definition.find_field(parts[2]);
    return field && (parts.size() == 3 || field->list || field->type == FieldType::place);
  }
  if (parts[1] == "parties") return definition.find_party(parts[2]) != nullptr;
  if (parts[1] == "visits") return parts.size() == 3 && definition.find_state(parts[2]);
  if (parts[1] != "last" || !definition.find_transition(parts[2])) return false;
  return parts.size() == 3 ||
         (parts.size() == 4 && among(std::array<std::string_view, 5>{"person", "actor", "unit", "at", "on"}, parts[3]));
}

bool known_link_name(Definition const& definition, std::string_view name) {
  auto const names = link_names(definition);
  return name == "related" || std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool known_path(Definition const& definition, std::string_view path) {
  if (path.empty() || path == "now" || path == "today") return true;
  auto const parts = split(path);
  auto const root = parts[0];
  if (parts.size() == 1)
    return among(std::array<std::string_view, 7>{"case", "actor", "input", "documents", "links", "deadlines", "link"},
                 root);
  auto const name = parts[1];
  if (root == "case") return known_case_path(definition, parts);
  if (root == "actor") return among(std::array<std::string_view, 3>{"person", "unit", "roles"}, name);
  if (root == "input")
    return definition.find_field(name) || definition.find_party(name) ||
           among(std::array<std::string_view, 3>{"deadline", "until", "days"}, name);
  if (root == "documents")
    return definition.find_document(name) && (parts.size() == 2 || (parts.size() == 3 && parts[2] == "count"));
  if (root == "links")
    return known_link_name(definition, name) &&
           (parts.size() == 2 ||
            among(std::array<std::string_view, 5>{"count", "open", "states", "outcomes", "cases"}, parts[2]));
  if (root == "deadlines")
    return definition.find_deadline(name) &&
           (parts.size() == 2 ||
            (parts.size() == 3 && among(std::array<std::string_view, 8>{"running", "paused", "overdue", "due", "over",
                                                                        "cycle", "extensions", "rungs"},
                                        parts[2])));
  return root == "link" && parts.size() == 2 &&
         among(std::array<std::string_view, 5>{"name", "workflow", "state", "outcome", "final"}, name);
}

std::vector<std::string> link_names(Definition const& definition) {
  std::vector<std::string> names;
  auto const take = [&](std::vector<Effect> const& effects) {
    for (auto const& effect : effects) {
      if (auto const* const open = std::get_if<OpenEffect>(&effect)) names.push_back(open->link);
    }
  };
  take(definition.opening.effects);
  for (auto const& transition : definition.transitions) take(transition.effects);
  for (auto const& deadline : definition.deadlines) {
    for (auto const& rung : deadline.escalations) take(rung.effects);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace bihuan
