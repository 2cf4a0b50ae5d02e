// SPDX-License-Identifier: Apache-2.0
#include "api/routes/render.hpp"

#include <cstdlib>

#include "engine/core/remaining.hpp"

namespace bihuan::routes {
namespace {

// An object of members that follow one by one. Without room for them, nlohmann's list of members copies all that
// it holds, whole deadlines and schemas, each time it grows.
OrderedJson object_of(std::size_t members) {
  auto object = OrderedJson::object();
  object.get_ref<OrderedJson::object_t&>().reserve(members);
  return object;
}

OrderedJson or_null(std::string const& text) {
  return text.empty() ? OrderedJson(nullptr) : OrderedJson(text);
}

OrderedJson or_null(Text const& text) {
  return text == Text{} ? OrderedJson(nullptr) : render(text);
}

OrderedJson or_null(std::optional<Instant> const& instant, Zone const& zone) {
  return instant ? OrderedJson(zone.format(*instant)) : OrderedJson(nullptr);
}

std::string_view state_name(Deadline::State state) {
  switch (state) {
    case Deadline::State::running: return "running";
    case Deadline::State::paused: return "paused";
    case Deadline::State::stopped: return "stopped";
  }
  std::abort();
}

OrderedJson render_sources(std::vector<Source> const& sources) {
  auto list = OrderedJson::array();
  for (auto const& source : sources) list.push_back(render(source));
  return list;
}

OrderedJson render_refusals(Refusals const& refusals) {
  auto list = OrderedJson::array();
  for (auto const& refusal : refusals) list.push_back(render(refusal));
  return list;
}

// Cut after a number of characters, never within one.
std::string shortened(std::string const& text) {
  std::size_t characters = 0;
  for (std::size_t index = 0; index < text.size(); ++index) {
    bool const starts_character = (static_cast<unsigned char>(text[index]) & 0xC0U) != 0x80U;
    if (starts_character && characters++ == list_text_limit) return text.substr(0, index) + "…";
  }
  return text;
}

OrderedJson render_field(Json const& value, Detail detail) {
  if (detail == Detail::list && value.is_string()) return shortened(value.get_ref<std::string const&>());
  return OrderedJson(value);
}

OrderedJson render_fields(Case const& subject, Definition const& definition, Detail detail) {
  auto fields = object_of(subject.fields.size());
  for (auto const& field : definition.fields) {
    auto const value = subject.fields.find(field.id);
    if (value != subject.fields.end()) fields[field.id] = render_field(*value, detail);
  }
  return fields;
}

std::string render_title(Case const& subject, Detail detail) {
  return detail == Detail::whole ? subject.title : shortened(subject.title);
}

OrderedJson render_holders(Case const& subject, std::string const& party) {
  auto holders = OrderedJson::array();
  auto const found = subject.parties.find(party);
  if (found == subject.parties.end()) return holders;
  for (auto const& holder : found->second) {
    holders.push_back({{"unit", holder.unit}, {"person", or_null(holder.person)}});
  }
  return holders;
}

OrderedJson render_parties(Case const& subject, Definition const& definition) {
  auto parties = object_of(definition.parties.size());
  for (auto const& kind : definition.parties) parties[kind.id] = render_holders(subject, kind.id);
  return parties;
}

// Whose step it is now; nobody's in a final state.
OrderedJson render_owner(Case const& subject, State const* state) {
  if (subject.final || state == nullptr || state->owner.empty()) return nullptr;
  return {{"party", state->owner}, {"holders", render_holders(subject, state->owner)}};
}

OrderedJson render_deadline(Deadline const& deadline, DeadlineRule const& rule, Definition const& definition,
                            Calendar const& calendar, Instant now) {
  auto const& zone = calendar.zone();
  bool const runs = deadline.state == Deadline::State::running;
  auto shown = object_of(15);
  shown["name"] = deadline.name;
  shown["title"] = render(rule.title);
  shown["cycle"] = deadline.cycle;
  shown["owner"] = or_null(deadline.owner);
  shown["state"] = state_name(deadline.state);
  shown["light"] = light_name(light_of(deadline, now));
  shown["started"] = zone.format(deadline.started);
  shown["due"] = zone.format(deadline.due);
  shown["remaining"] = runs ? OrderedJson(working_days_left(calendar, now, deadline.due)) : OrderedJson(nullptr);
  shown["hard_due"] = or_null(deadline.hard_due, zone);
  shown["stopped"] = or_null(deadline.stopped, zone);
  shown["provisional"] = deadline.provisional;
  shown["extensions"] = OrderedJson::array();
  for (auto const& extension : deadline.extensions) {
    shown["extensions"].push_back({{"at", zone.format(extension.at)}, {"until", format_date(extension.until)}});
  }
  shown["rungs"] = OrderedJson::array();
  for (auto const& rung : deadline.rungs) shown["rungs"].push_back(rung);
  shown["basis"] = render_sources(definition.sources(rule.basis));
  return shown;
}

// The present cycle of each deadline, in the definition's order; the cycles before it stand in the history.
OrderedJson render_deadlines(Case const& subject, Definition const& definition, Calendar const& calendar, Instant now) {
  auto list = OrderedJson::array();
  for (auto const& rule : definition.deadlines) {
    if (auto const* const deadline = subject.deadline(rule.id); deadline != nullptr) {
      list.push_back(render_deadline(*deadline, rule, definition, calendar, now));
    }
  }
  return list;
}

OrderedJson render_documents(std::map<std::string, std::vector<Document>> const& by_kind) {
  auto documents = object_of(by_kind.size());
  for (auto const& [kind, attached] : by_kind) {
    auto list = OrderedJson::array();
    for (auto const& document : attached) {
      list.push_back(
          {{"sha256", document.sha256}, {"name", document.name}, {"type", document.type}, {"size", document.size}});
    }
    documents[kind] = std::move(list);
  }
  return documents;
}

// What one person asked for and another has to confirm.
OrderedJson render_pending(Case const& subject, Zone const& zone) {
  auto list = OrderedJson::array();
  for (auto const& pending : subject.pending) {
    auto shown = object_of(7);
    shown["id"] = pending.id;
    shown["action"] = pending.action;
    shown["input"] = OrderedJson(pending.input);
    shown["documents"] = render_documents(pending.documents);
    shown["comment"] = pending.comment;
    shown["asked_by"] = {{"person", pending.person}, {"unit", pending.unit}, {"for", or_null(pending.acting_for)}};
    shown["at"] = zone.format(pending.at);
    list.push_back(std::move(shown));
  }
  return list;
}

OrderedJson render_links(Case const& subject) {
  auto list = OrderedJson::array();
  for (auto const& link : subject.links) {
    list.push_back({{"link", link.name},
                    {"direction", link.outward ? "out" : "in"},
                    {"case", link.other},
                    {"number", link.number},
                    {"title", shortened(link.title)},
                    {"workflow", link.workflow},
                    {"state", or_null(link.state)},
                    {"outcome", or_null(link.outcome)},
                    {"final", link.final}});
  }
  return list;
}

}  // namespace

OrderedJson render(Text const& text) {
  return {{"zh", text.zh}, {"en", text.en}};
}

OrderedJson render(Source const& source) {
  return {{"id", source.id}, {"source", source.source}, {"article", source.article}, {"verified", source.verified}};
}

OrderedJson render(Refusal const& refusal) {
  return {{"code", code_name(refusal.code)},
          {"text", render(refusal.text)},
          {"pointer", refusal.pointer},
          {"remedy", or_null(refusal.remedy)},
          {"sources", render_sources(refusal.sources)}};
}

OrderedJson render(OfferedAction const& offered) {
  auto shown = object_of(9);
  shown["name"] = offered.name;
  shown["title"] = render(offered.title);
  shown["kind"] = offered.transition ? "transition" : "general";
  shown["to"] = or_null(offered.to);
  shown["input_schema"] = OrderedJson(offered.input_schema);
  shown["requires_documents"] = offered.requires_documents;
  shown["four_eyes"] = offered.four_eyes;
  shown["possible"] = offered.possible;
  shown["refusals"] = render_refusals(offered.refusals);
  return shown;
}

OrderedJson render(OrganisationUnit const& unit) {
  return {{"id", unit.id},
          {"title", render(unit.title)},
          {"kind", unit.kind},
          {"parent", or_null(unit.parent)},
          {"dissolved", unit.dissolved},
          {"note", unit.note == Text{} ? OrderedJson() : render(unit.note)}};
}

OrderedJson render(Event const& event, Zone const& zone) {
  auto shown = object_of(9);
  shown["case"] = event.case_id;
  shown["revision"] = event.revision;
  shown["index"] = event.index;
  shown["type"] = event_name(event.type);
  shown["at"] = zone.format(event.at);
  shown["actor"] = OrderedJson(event.actor);
  shown["body"] = OrderedJson(event.body);
  shown["previous"] = or_null(event.previous);
  shown["hash"] = or_null(event.hash);
  return shown;
}

OrderedJson render(Person const& person, Organisation const& organisation) {
  auto shown = object_of(6);
  shown["person"] = person.id;
  shown["name"] = person.name;
  shown["full_name"] = person.full_name;
  shown["unit"] = person.unit;
  shown["unit_title"] = render(organisation.title_of(person.unit));
  shown["roles"] = person.roles;
  return shown;
}

Zone const& zone_of(Case const& subject, Library const& library) {
  return library.calendar_of(library.definition_of(subject)).zone();
}

OrderedJson render(Case const& subject, Library const& library, Instant now, Detail detail) {
  auto const& definition = library.definition_of(subject);
  auto const& calendar = library.calendar_of(definition);
  auto const& zone = calendar.zone();
  auto const* const state = definition.find_state(subject.state);
  auto shown = object_of(21 + 1);  // a whole case is shown with its allowed actions
  shown["id"] = subject.id;
  shown["number"] = subject.number;
  shown["workflow"] = subject.workflow;
  shown["version"] = subject.version;
  shown["revision"] = subject.revision;
  shown["state"] = subject.state;
  shown["state_title"] = state == nullptr ? OrderedJson(nullptr) : render(state->title);
  shown["final"] = subject.final;
  shown["outcome"] = or_null(subject.outcome);
  shown["light"] = light_name(light_of(subject, now));
  shown["title"] = render_title(subject, detail);
  shown["fields"] = render_fields(subject, definition, detail);
  shown["parties"] = render_parties(subject, definition);
  shown["owner"] = render_owner(subject, state);
  shown["deadlines"] = render_deadlines(subject, definition, calendar, now);
  shown["documents"] = render_documents(subject.documents);
  shown["links"] = render_links(subject);
  shown["pending"] = render_pending(subject, zone);
  shown["opened"] = zone.format(subject.opened);
  shown["changed"] = zone.format(subject.changed);
  shown["closed"] = or_null(subject.closed, zone);
  return shown;
}

}  // namespace bihuan::routes
