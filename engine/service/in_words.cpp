// SPDX-License-Identifier: Apache-2.0
#include "engine/service/in_words.hpp"

#include "engine/core/message.hpp"
#include "engine/core/sight.hpp"

namespace bihuan {
namespace {

std::string number_in_words(Json const& value) {
  auto text = value.dump();
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::string place_in_words(Json const& value) {
  if (value.contains("name")) return value.at("name").get<std::string>();
  return value.at("longitude").dump() + ", " + value.at("latitude").dump();
}

}  // namespace

std::string in_chinese(Date date) {
  return std::to_string(static_cast<int>(date.year())) + "年" + std::to_string(static_cast<unsigned>(date.month())) +
         "月" + std::to_string(static_cast<unsigned>(date.day())) + "日";
}

std::string in_words(Field const& field, Json const& value, Library const& library, Zone const& zone) {
  if (value.is_array()) {
    std::string all;
    for (auto const& one : value) all += (all.empty() ? "" : "、") + in_words(field, one, library, zone);
    return all;
  }
  if (value == mask) return std::string(mask);
  switch (field.type) {
    case FieldType::choice:
      for (auto const& choice : field.choices) {
        if (choice.id == value) return choice.title.zh;
      }
      break;
    case FieldType::yes_no: return message(value.get<bool>() ? "rule.yes" : "rule.no").zh;
    case FieldType::number:
    case FieldType::money: return number_in_words(value);
    case FieldType::place: return place_in_words(value);
    case FieldType::unit: return library.organisation().title_of(value.get<std::string>()).zh;
    case FieldType::date:
      if (auto const date = parse_date(value.get<std::string>())) return in_chinese(*date);
      break;
    case FieldType::instant:
      if (auto const at = parse_instant(value.get<std::string>())) return in_chinese(zone.date_of(*at));
      break;
    case FieldType::text:
    case FieldType::person:
    case FieldType::case_ref: break;
  }
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string in_words(std::vector<Holder> const& holders, Organisation const& organisation) {
  std::string all;
  for (auto const& holder : holders) all += (all.empty() ? "" : "、") + organisation.title_of(holder.unit).zh;
  return all;
}

}  // namespace bihuan
