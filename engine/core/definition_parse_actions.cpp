// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/core/definition_parse.hpp"
#include "engine/core/message.hpp"

namespace bihuan::parsing {
namespace {

// {"a": "b"} or ["a"], which stands for {"a": "a"}.
std::map<std::string, std::string> parse_mapping(Reader& reader, std::string_view name) {
  std::map<std::string, std::string> result;
  auto const* const value = reader.find(name);
  if (!value) return result;
  if (value->is_array()) {
    for (auto const& item : reader.texts(name)) result[item] = item;
    return result;
  }
  reader.members(name, [&](std::string const& key, Reader& member) {
    if (member.value().is_string())
      result[key] = member.value().get<std::string>();
    else
      member.fault(Code::wrong_type, "", {{"expected", message("type.text")}, {"found", message("type.object")}});
  });
  return result;
}

OpenEffect parse_open(Reader& reader) {
  OpenEffect effect;
  effect.workflow = reader.text("workflow");
  effect.link = reader.text("link");
  effect.copy = parse_mapping(reader, "copy");
  effect.parties = parse_mapping(reader, "parties");
  effect.once = reader.boolean_or("once", false);
  effect.tells = reader.text_or("tells", "");
  if (auto const* const each = reader.find("for_each"); each && !each->is_null()) {
    Reader member(*each, pointer_to(reader.pointer(), "for_each"), reader.faults());
    effect.each_party = member.text("party");
    effect.each_unit = member.texts("units");
    if (effect.each_unit.empty()) member.fault(Code::missing, "units", {{"name", "units"}});
    member.finish();
  }
  reader.finish();
  return effect;
}

AssignEffect parse_assign(Reader& reader) {
  AssignEffect effect;
  effect.party = reader.text("party");
  auto const* const to = reader.find("to");
  if (!to) {
    reader.fault(Code::missing, "to", {{"name", "to"}});
  } else if (*to == "actor") {
    effect.actor = true;
  } else {
    Reader target(*to, pointer_to(reader.pointer(), "to"), reader.faults());
    effect.from_party = target.text_or("party", "");
    effect.unit = target.text_or("unit", "");
    target.finish();
    if (to->is_object() && effect.from_party.empty() == effect.unit.empty())
      target.fault(Code::bad_format, "", {{"value", "to"}, {"expected", "\"actor\" | {\"party\": …} | {\"unit\": …}"}});
  }
  reader.finish();
  return effect;
}

std::optional<Effect> parse_effect(Reader& reader) {
  static std::map<std::string, DeadlineEffect::Kind, std::less<>> const clocks{
      {"start", DeadlineEffect::Kind::start},
      {"stop", DeadlineEffect::Kind::stop},
      {"pause", DeadlineEffect::Kind::pause},
      {"resume", DeadlineEffect::Kind::resume},
      {"restart", DeadlineEffect::Kind::restart}};
  if (!reader.is_object() || reader.value().size() != 1) {
    reader.fault(Code::bad_format, "",
                 {{"value", "effect"},
                  {"expected",
                   "{\"open\" | \"notify\" | \"start\" | \"stop\" | \"pause\" | \"resume\" | \"restart\" | "
                   "\"assign\" | \"set\": …}"}});
    return std::nullopt;
  }
  auto const kind = reader.value().begin().key();
  auto const& value = reader.value().begin().value();
  auto const inner_pointer = pointer_to(reader.pointer(), kind);
  if (auto const clock = clocks.find(kind); clock != clocks.end())
    return DeadlineEffect{clock->second, reader.text(kind)};
  if (kind == "notify") return NotifyEffect{reader.texts("notify")};
  Reader inner(value, inner_pointer, reader.faults());
  if (kind == "open") return parse_open(inner);
  if (kind == "assign") return parse_assign(inner);
  if (kind == "set" && value.is_object() && value.size() == 1)
    return SetEffect{value.begin().key(), rule_from(value.begin().value())};
  reader.fault(Code::unknown_field, kind, {{"name", kind}});
  return std::nullopt;
}

// true, for another person who meets the same grants, or {"by": grants}.
std::optional<std::vector<Grant>> parse_four_eyes(Reader& reader, Action const& action) {
  auto const* const value = reader.find("four_eyes");
  if (!value || value->is_null() || *value == false) return std::nullopt;
  if (*value == true) return action.by;
  Reader member(*value, pointer_to(reader.pointer(), "four_eyes"), reader.faults());
  auto grants = parse_grants(member, "by");
  member.finish();
  if (member.is_object() && grants.empty()) member.fault(Code::missing, "by", {{"name", "by"}});
  return grants;
}

}  // namespace

std::vector<Grant> parse_grants(Reader& reader, std::string_view name) {
  std::vector<Grant> grants;
  reader.elements(name, [&](std::size_t, Reader& member) {
    Grant grant{member.text_or("party", ""), member.text_or("role", ""), member.texts("unit_kinds")};
    member.finish();
    if (member.is_object() && grant.party.empty() && grant.role.empty() && grant.unit_kinds.empty())
      member.fault(Code::missing, "", {{"name", "party, role"}});
    grants.push_back(std::move(grant));
  });
  return grants;
}

std::vector<Effect> parse_effects(Reader& reader, std::string_view name) {
  std::vector<Effect> effects;
  reader.elements(name, [&](std::size_t, Reader& member) {
    if (auto effect = parse_effect(member)) effects.push_back(std::move(*effect));
  });
  return effects;
}

void parse_action(Reader& reader, Action& action, bool title_required) {
  action.title = title_required ? reader.bilingual("title") : reader.bilingual_or("title", {});
  action.help = reader.bilingual_or("help", {});
  action.by = parse_grants(reader, "by");
  action.when = optional_rule(reader, "when");
  if (auto const* const value = reader.find("input"); value && !value->is_null()) {
    Reader input(*value, pointer_to(reader.pointer(), "input"), reader.faults());
    action.input = {input.texts("required"), input.texts("optional")};
    input.finish();
  }
  action.requires_documents = reader.texts("requires_documents");
  action.optional_documents = reader.texts("optional_documents");
  action.guards = reader.texts("guards");
  action.reason_required = reader.boolean_or("reason_required", false);
  action.four_eyes = parse_four_eyes(reader, action);
  action.shown_to = parse_grants(reader, "shown_to");
  action.effects = parse_effects(reader, "effects");
  action.basis = reader.texts("basis");
}

Transition parse_transition(std::string const& id, Reader& reader) {
  Transition transition;
  transition.id = id;
  auto const trigger = reader.choice("trigger", {"link", "deadline"}, "");
  transition.trigger = trigger == "link" ? Trigger::link : trigger == "deadline" ? Trigger::deadline : Trigger::none;
  transition.deadline = reader.text_or("deadline", "");
  if (transition.trigger == Trigger::deadline && transition.deadline.empty())
    reader.fault(Code::missing, "deadline", {{"name", "deadline"}});
  parse_action(reader, transition, transition.trigger == Trigger::none);
  if (transition.title == Text{}) transition.title = {id, id};
  transition.from = reader.texts("from");
  if (reader.is_object() && transition.from.empty()) reader.fault(Code::missing, "from", {{"name", "from"}});
  transition.to = reader.text_or("to", "");
  if (transition.trigger != Trigger::none && !transition.by.empty())
    reader.fault(Code::unknown_field, "by", {{"name", "by"}});
  reader.finish();
  return transition;
}

}  // namespace bihuan::parsing
