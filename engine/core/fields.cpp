// SPDX-License-Identifier: Apache-2.0
#include "engine/core/fields.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/contains.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"
#include "engine/core/utf8.hpp"

namespace bihuan {
namespace {

constexpr std::size_t most_entries = 200;

Text found_type(Json const& value) {
  switch (value.type()) {
    case Json::value_t::object: return message("type.object");
    case Json::value_t::array: return message("type.array");
    case Json::value_t::string: return message("type.text");
    case Json::value_t::boolean: return message("type.boolean");
    case Json::value_t::null: return message("type.null");
    default: return message("type.number");
  }
}

Refusals wrong_type(Json const& value, std::string_view expected, std::string const& pointer) {
  return {refusal(Code::wrong_type, pointer, {{"expected", message(expected)}, {"found", found_type(value)}})};
}

Refusals check_words(std::string const& text, std::size_t limit, std::string const& pointer) {
  if (auto fault = check_text(text, limit * 4, pointer)) return {std::move(*fault)};
  auto const characters = static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  if (characters < 1 || characters > limit)
    return {refusal(Code::out_of_bounds, pointer,
                    {{"expected", message("expected.characters", {{"limit", std::to_string(limit)}})}})};
  return {};
}

Refusals check_number(Field const& field, Json const& value, std::string const& pointer) {
  if (!value.is_number()) return wrong_type(value, "expected.number", pointer);
  double const number = value.get<double>();
  double const least = field.minimum.value_or(field.type == FieldType::money ? 0.0 : -1e15);
  double const most = field.maximum.value_or(1e15);
  if (number < least)
    return {refusal(Code::out_of_bounds, pointer,
                    {{"expected", message("expected.at_least", {{"limit", Json(least).dump()}})}})};
  if (number > most)
    return {refusal(Code::out_of_bounds, pointer,
                    {{"expected", message("expected.at_most", {{"limit", Json(most).dump()}})}})};
  if (field.type == FieldType::money && std::abs(std::round(number * 100) / 100 - number) > 1e-9)
    return {refusal(Code::out_of_bounds, pointer, {{"expected", message("expected.cents")}})};
  return {};
}

Refusals check_place(Json const& value, std::string const& pointer) {
  if (!value.is_object()) return wrong_type(value, "expected.place", pointer);
  Refusals faults;
  OrderedJson const place(value);
  Reader reader(place, pointer, faults);
  auto const name = reader.text_or("name", "");
  auto const longitude = reader.number("longitude");
  auto const latitude = reader.number("latitude");
  auto const accuracy = reader.number("accuracy");
  (void)reader.choice("source", {"gps", "photo", "map", "none"}, "none");
  reader.finish();
  if (!faults.empty()) return faults;
  if (name.empty() && !(longitude && latitude))
    return {refusal(Code::bad_format, pointer, {{"value", value.dump()}, {"expected", message("expected.place")}})};
  if (!name.empty()) faults = check_words(name, 200, pointer_to(pointer, "name"));
  if (longitude && std::abs(*longitude) > 180)
    reader.fault(Code::out_of_bounds, "longitude", {{"expected", message("expected.longitude")}});
  if (latitude && std::abs(*latitude) > 90)
    reader.fault(Code::out_of_bounds, "latitude", {{"expected", message("expected.latitude")}});
  if (accuracy && *accuracy < 0)
    reader.fault(Code::out_of_bounds, "accuracy", {{"expected", message("expected.at_least", {{"limit", "0"}})}});
  return faults;
}

Refusals check_choice(Field const& field, std::string const& value, std::string const& pointer) {
  std::string known;
  for (auto const& choice : field.choices) {
    if (choice.id == value) return {};
    known += (known.empty() ? "" : ", ") + choice.id;
  }
  return {refusal(Code::not_a_choice, pointer, {{"value", value}, {"choices", known}})};
}

Refusals check_one(Field const& field, Json const& value, Organisation const& organisation,
                   std::string const& pointer) {
  switch (field.type) {
    case FieldType::number:
    case FieldType::money: return check_number(field, value, pointer);
    case FieldType::yes_no: return value.is_boolean() ? Refusals{} : wrong_type(value, "expected.yes_no", pointer);
    case FieldType::place: return check_place(value, pointer);
    default: break;
  }
  if (!value.is_string()) return wrong_type(value, "expected.text", pointer);
  auto const& text = value.get_ref<std::string const&>();
  switch (field.type) {
    case FieldType::date: {
      auto const date = parse_date(text, pointer);
      return date ? Refusals{} : date.error();
    }
    case FieldType::instant: {
      auto const instant = parse_instant(text, pointer);
      return instant ? Refusals{} : instant.error();
    }
    case FieldType::choice: return check_choice(field, text, pointer);
    case FieldType::unit:
      if (organisation.find_standing(text)) return {};
      return {refusal(Code::unknown_unit, pointer, {{"name", text}})};
    case FieldType::person:
    case FieldType::case_ref: return check_words(text, 64, pointer);
    default: return check_words(text, field.max_length, pointer);
  }
}

}  // namespace

Refusals check_value(Field const& field, Json const& value, Organisation const& organisation,
                     std::string const& pointer) {
  if (!field.list) return check_one(field, value, organisation, pointer);
  if (!value.is_array()) return wrong_type(value, "type.array", pointer);
  if (value.empty() || value.size() > most_entries)
    return {refusal(Code::out_of_bounds, pointer,
                    {{"expected", message("expected.entries", {{"limit", std::to_string(most_entries)}})}})};
  Refusals faults;
  for (std::size_t i = 0; i < value.size(); ++i) {
    append(faults, check_one(field, value[i], organisation, pointer_to(pointer, i)));
  }
  return faults;
}

Result<std::vector<Holder>> parse_holders(PartyKind const& party, Json const& value, std::string const& pointer) {
  std::vector<Holder> holders;
  Refusals faults;
  auto const take = [&](Json const& one, std::string const& at) {
    if (one.is_string()) return holders.push_back({one.get<std::string>(), ""});
    if (!one.is_object()) {
      auto fault = wrong_type(one, "expected.holder", at);
      return faults.push_back(std::move(fault.front()));
    }
    OrderedJson const object(one);
    Reader reader(object, at, faults);
    holders.push_back({reader.text("unit"), reader.text_or("person", "")});
    reader.finish();
  };
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size() && i <= most_entries; ++i) take(value[i], pointer_to(pointer, i));
  } else {
    take(value, pointer);
  }
  if (holders.size() > 1 && !party.many)
    faults.push_back(refusal(Code::out_of_bounds, pointer, {{"expected", message("expected.one_holder")}}));
  if (holders.size() > most_entries)
    faults.push_back(refusal(Code::out_of_bounds, pointer,
                             {{"expected", message("expected.entries", {{"limit", std::to_string(most_entries)}})}}));
  if (!faults.empty()) return refused(std::move(faults));
  return holders;
}

namespace {

Json one_schema(Field const& field, Organisation const& organisation) {
  switch (field.type) {
    case FieldType::number: return {{"type", "number"}};
    case FieldType::money: return {{"type", "number"}, {"minimum", 0}};
    case FieldType::yes_no: return {{"type", "boolean"}};
    case FieldType::date: return {{"type", "string"}, {"format", "date"}};
    case FieldType::instant: return {{"type", "string"}, {"format", "date-time"}};
    case FieldType::person: return {{"type", "string"}, {"minLength", 1}, {"maxLength", 64}};
    case FieldType::case_ref: return {{"type", "string"}, {"format", "uuid"}};
    case FieldType::choice: {
      Json values = Json::array();
      for (auto const& choice : field.choices) values.push_back(choice.id);
      return {{"type", "string"}, {"enum", values}};
    }
    case FieldType::unit: {
      Json values = Json::array();
      for (auto const& unit : organisation.units()) {
        if (!unit.dissolved) values.push_back(unit.id);
      }
      return {{"type", "string"}, {"enum", values}};
    }
    case FieldType::place:
      return {{"type", "object"},
              {"additionalProperties", false},
              {"anyOf", {{{"required", {"name"}}}, {{"required", {"longitude", "latitude"}}}}},
              {"properties",
               {{"name", {{"type", "string"}, {"minLength", 1}, {"maxLength", 200}}},
                {"longitude", {{"type", "number"}, {"minimum", -180}, {"maximum", 180}}},
                {"latitude", {{"type", "number"}, {"minimum", -90}, {"maximum", 90}}},
                {"accuracy", {{"type", "number"}, {"minimum", 0}}},
                {"source", {{"type", "string"}, {"enum", {"gps", "photo", "map", "none"}}}}}}};
    case FieldType::text: break;
  }
  return {{"type", "string"}, {"minLength", 1}, {"maxLength", field.max_length}};
}

Json titled(Json schema, Text const& title) {
  schema["title"] = title.zh;
  schema["x-title"] = {{"zh", title.zh}, {"en", title.en}};
  return schema;
}

}  // namespace

Json schema_of(Field const& field, Organisation const& organisation) {
  auto schema = one_schema(field, organisation);
  if (field.minimum) schema["minimum"] = *field.minimum;
  if (field.maximum) schema["maximum"] = *field.maximum;
  if (!field.choices.empty()) {
    for (auto const& choice : field.choices)
      schema["x-choices"][choice.id] = {{"zh", choice.title.zh}, {"en", choice.title.en}};
  }
  if (field.list) schema = {{"type", "array"}, {"items", schema}, {"minItems", 1}, {"maxItems", most_entries}};
  return titled(std::move(schema), field.title);
}

Json schema_of(PartyKind const& party, Organisation const& organisation) {
  Json units = Json::array();
  for (auto const& unit : organisation.units()) {
    auto const listed = [](std::vector<std::string> const& names, std::string const& name) {
      return names.empty() || contains(names, name);
    };
    if (!unit.dissolved && listed(party.unit_kinds, unit.kind) && listed(party.units, unit.id))
      units.push_back(unit.id);
  }
  Json const unit{{"type", "string"}, {"enum", units}};
  Json const holder{{"type", "object"},
                    {"required", {"unit"}},
                    {"additionalProperties", false},
                    {"properties", {{"unit", unit}, {"person", {{"type", "string"}}}}}};
  Json const one{{"anyOf", {unit, holder}}};
  return titled(party.many ? Json{{"type", "array"}, {"items", one}, {"maxItems", most_entries}} : one, party.title);
}

Json input_schema(Definition const& definition, Input const& input, Organisation const& organisation) {
  Json properties = Json::object();
  for (auto const* const names : {&input.required, &input.optional}) {
    for (auto const& name : *names) {
      if (auto const* const field = definition.find_field(name))
        properties[name] = schema_of(*field, organisation);
      else if (auto const* const party = definition.find_party(name))
        properties[name] = schema_of(*party, organisation);
    }
  }
  return {
      {"type", "object"}, {"properties", properties}, {"required", input.required}, {"additionalProperties", false}};
}

}  // namespace bihuan
