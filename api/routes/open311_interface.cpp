// SPDX-License-Identifier: Apache-2.0
#include "api/routes/open311_interface.hpp"

#include <algorithm>

#include "api/http/problem.hpp"
#include "engine/core/message.hpp"
#include "engine/core/sight.hpp"

namespace bihuan::routes {
namespace {

char const* datatype_of(FieldType type) {
  switch (type) {
    case FieldType::number:
    case FieldType::money: return "number";
    case FieldType::date:
    case FieldType::instant: return "datetime";
    case FieldType::choice:
    case FieldType::yes_no: return "singlevaluelist";
    default: return "string";
  }
}

OrderedJson values_of(Field const& field, Language language) {
  auto values = OrderedJson::array();
  if (field.type == FieldType::yes_no) {
    values.push_back({{"key", "true"}, {"name", in(language, message("ledger.yes"))}});
    values.push_back({{"key", "false"}, {"name", in(language, message("ledger.no"))}});
  }
  for (auto const& choice : field.choices) values.push_back({{"key", choice.id}, {"name", in(language, choice.title)}});
  return values;
}

}  // namespace

Open311Interface open311_interface_of(http::Request const& request, Context const& context) {
  auto const& requests = *context.library().service_requests();
  return {requests, *context.library().current(requests.workflow), http::language_of(request)};
}

OrderedJson open311_service(Open311Interface const& interface, Choice const& choice) {
  return {{"service_code", choice.id},
          {"service_name", in(interface.language, choice.title)},
          {"description",
           in(interface.language, interface.definition.title) + " · " + in(interface.language, choice.title)},
          {"metadata", !interface.requests.attributes.empty()},
          {"type", "realtime"},
          {"keywords", ""},
          {"group", in(interface.language, interface.definition.title)}};
}

Choice const* find_open311_service(Open311Interface const& interface, std::string_view code) {
  auto const& choices = interface.service().choices;
  auto const found = std::ranges::find(choices, code, &Choice::id);
  return found == choices.end() ? nullptr : &*found;
}

OrderedJson open311_attributes(Open311Interface const& interface) {
  auto attributes = OrderedJson::array();
  int order = 0;
  for (auto const& name : interface.requests.attributes) {
    auto const& field = *interface.definition.find_field(name);
    OrderedJson attribute{{"variable", true},
                          {"code", name},
                          {"datatype", datatype_of(field.type)},
                          {"required", false},
                          {"datatype_description", in(interface.language, field.help)},
                          {"order", ++order},
                          {"description", in(interface.language, field.title)}};
    if (auto values = values_of(field, interface.language); !values.empty()) attribute["values"] = std::move(values);
    attributes.push_back(std::move(attribute));
  }
  return attributes;
}

std::string open311_text(Case const& subject, std::string const& name) {
  auto const found = name.empty() ? subject.fields.end() : subject.fields.find(name);
  return found != subject.fields.end() && found->is_string() && *found != mask ? found->get<std::string>()
                                                                               : std::string();
}

OrderedJson open311_request_line(Case const& subject, Open311Interface const& interface, Context const& context) {
  auto const& requests = interface.requests;
  auto const& zone = context.library().calendar_of(interface.definition).zone();
  auto const* const service = find_open311_service(interface, open311_text(subject, requests.service));
  auto const withheld =
      !requests.withheld_where.empty() && subject.fields.value(requests.withheld_where, Json()) == true;
  auto const due = soonest_due(subject);
  auto const optional = [](std::string text) {
    return text.empty() ? OrderedJson(nullptr) : OrderedJson(std::move(text));
  };
  Json const place = withheld || requests.place.empty() ? Json() : subject.fields.value(requests.place, Json());
  auto const coordinate = [&](char const* name) {
    return place.is_object() && place.contains(name) ? OrderedJson(place.at(name)) : OrderedJson(nullptr);
  };
  std::string agency;
  if (auto const holders = subject.parties.find(requests.agency); holders != subject.parties.end()) {
    for (auto const& holder : holders->second) {
      agency.append(agency.empty() ? "" : ", ")
          .append(in(interface.language, context.library().organisation().title_of(holder.unit)));
    }
  }
  return {
      {"service_request_id", subject.number},
      {"status", subject.final ? "closed" : "open"},
      {"status_notes", optional(withheld ? std::string() : open311_text(subject, requests.notes))},
      {"service_name", optional(service == nullptr ? std::string() : in(interface.language, service->title))},
      {"service_code", optional(service == nullptr ? std::string() : service->id)},
      {"description", optional(withheld ? std::string() : open311_text(subject, requests.description))},
      {"agency_responsible", optional(agency)},
      {"service_notice", nullptr},
      {"requested_datetime", zone.format(subject.opened)},
      {"updated_datetime", zone.format(subject.changed)},
      {"expected_datetime", due ? OrderedJson(zone.format(*due)) : OrderedJson(nullptr)},
      {"address", place.is_object() && place.contains("name") ? OrderedJson(place.at("name")) : OrderedJson(nullptr)},
      {"address_id", nullptr},
      {"zipcode", nullptr},
      {"lat", coordinate("latitude")},
      {"long", coordinate("longitude")},
      {"media_url", nullptr}};
}

}  // namespace bihuan::routes
