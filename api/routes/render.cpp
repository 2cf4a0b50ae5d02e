// SPDX-License-Identifier: Apache-2.0
#include "api/routes/render.hpp"

namespace bihuan::routes {
namespace {

// An object of members that follow one by one. Without room for them, nlohmann's list of members copies all that it
// holds each time it grows.
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

}  // namespace

OrderedJson render(Text const& text) {
  return {{"zh", text.zh}, {"en", text.en}};
}

void write_text(JsonText& out, Text const& text) {
  out.begin_object();
  out.member("zh", text.zh);
  out.member("en", text.en);
  out.end_object();
}

void write_source(JsonText& out, Source const& source) {
  out.begin_object();
  out.member("id", source.id);
  out.member("source", source.source);
  out.member("article", source.article);
  out.member("verified", source.verified);
  out.end_object();
}

void write_refusal(JsonText& out, Refusal const& refusal) {
  out.begin_object();
  out.member("code", code_name(refusal.code));
  out.key("text");
  write_text(out, refusal.text);
  out.member("pointer", refusal.pointer);
  out.key("remedy");
  if (refusal.remedy == Text{}) {
    out.value(nullptr);
  } else {
    write_text(out, refusal.remedy);
  }
  out.key("sources");
  out.begin_array();
  for (auto const& source : refusal.sources) write_source(out, source);
  out.end_array();
  out.end_object();
}

OrderedJson render(Refusal const& refusal) {
  JsonText out;
  write_refusal(out, refusal);
  return OrderedJson::parse(std::move(out).take());
}

OrderedJson render(OrganisationUnit const& unit) {
  return {{"id", unit.id},
          {"title", render(unit.title)},
          {"kind", unit.kind},
          {"parent", or_null(unit.parent)},
          {"dissolved", unit.dissolved},
          {"note", or_null(unit.note)}};
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

}  // namespace bihuan::routes
