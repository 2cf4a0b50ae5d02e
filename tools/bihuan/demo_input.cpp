// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/demo_input.hpp"

#include <algorithm>

namespace bihuan {
namespace {

bool has(std::vector<std::string> const& list, std::string const& name) {
  return list.empty() || std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

Json DemoInput::fill(Input const& input, DemoMatter const& matter, Instant now, int attempt,
                     std::string const& other_case) const {
  Json values = Json::object();
  auto const take = [&](std::string const& name, bool required) {
    if (auto const* const known = definition_.find_field(name)) {
      bool const wanted = required || random_.chance(std::min(100, 70 + 5 * attempt));
      if (!wanted || (!required && known->type == FieldType::case_ref)) return;
      auto value = field(*known, matter, now, attempt, other_case);
      if (!value.is_null()) values[name] = std::move(value);
    } else if (auto const* const part = definition_.find_party(name)) {
      // One unit more is usual; another one in a part that has its own is what is left to try.
      bool const wanted = required || (part->many ? random_.chance(40) : attempt >= 2 && random_.chance(50));
      if (!wanted) return;
      auto value = party(*part, matter);
      if (!value.is_null()) values[name] = std::move(value);
    }
  };
  for (auto const& name : input.required) take(name, true);
  for (auto const& name : input.optional) take(name, false);
  return values;
}

Json DemoInput::field(Field const& field, DemoMatter const& matter, Instant now, int attempt,
                      std::string const& other_case) const {
  if (!field.list) return one(field, matter, now, attempt, other_case);
  auto list = Json::array();
  for (std::int64_t i = random_.between(2, 3); i > 0; --i) {
    auto value = one(field, matter, now, attempt, other_case);
    if (!value.is_null() && std::find(list.begin(), list.end(), value) == list.end()) list.push_back(std::move(value));
  }
  return list.empty() ? Json() : list;
}

Json DemoInput::one(Field const& field, DemoMatter const& matter, Instant now, int attempt,
                    std::string const& other_case) const {
  switch (field.type) {
    case FieldType::text: {
      auto text = words_.field_text(definition_.id, field.id, matter, random_);
      return text.empty() ? field.title.zh + "：已核实" : text;
    }
    case FieldType::number:
    case FieldType::money: return number(field, now);
    case FieldType::date: return date(field, now, attempt);
    case FieldType::instant: return zone_.format(now);
    case FieldType::choice: return choice(field, matter);
    case FieldType::yes_no: return random_.chance(words_.all().at("yes").value(field.id, 92));
    case FieldType::place: return matter.place;
    case FieldType::unit: return matter.township;
    case FieldType::person: return Json();
    case FieldType::case_ref: return other_case.empty() ? Json() : Json(other_case);
  }
  return Json();
}

Json DemoInput::choice(Field const& field, DemoMatter const& matter) const {
  auto const known = [&](std::string const& id) {
    return std::any_of(field.choices.begin(), field.choices.end(), [&](Choice const& c) { return c.id == id; });
  };
  if (known(matter.offence_kind)) return matter.offence_kind;
  if (known(matter.category)) return matter.category;
  std::vector<std::string> likely;
  auto const& choices = words_.all().at("choices");
  if (auto const listed = choices.find(field.id); listed != choices.end()) {
    for (auto const& id : *listed) {
      if (known(id)) likely.push_back(id);
    }
  }
  return likely.empty() ? random_.pick(field.choices).id : random_.pick(likely);
}

Json DemoInput::number(Field const& field, Instant now) const {
  auto const& years = words_.all().at("years");
  if (auto const offset = years.find(field.id); offset != years.end())
    return static_cast<int>(zone_.date_of(now).year()) + offset->get<int>();
  auto const low = static_cast<std::int64_t>(field.minimum.value_or(0));
  auto const high = static_cast<std::int64_t>(field.maximum.value_or(field.type == FieldType::money ? 200'000 : 100));
  auto const step = high - low >= 50 ? 5 : 1;
  return low + step * random_.between(0, (high - low) / step);
}

Json DemoInput::date(Field const& field, Instant now, int attempt) const {
  auto const& ranges = words_.all().at("dates");
  std::int64_t low = 0;
  std::int64_t high = 0;
  if (auto const known = ranges.find(field.id); known != ranges.end()) {
    low = known->at(0).get<std::int64_t>();
    high = known->at(1).get<std::int64_t>();
  }
  // A limit that the case carries may lie nearer than the usual.
  if (attempt >= 2 && low > 0) low = 0;
  if (attempt >= 2 && high > 0) high /= attempt * attempt;
  return format_date(std::chrono::sys_days(zone_.date_of(now)) + std::chrono::days(random_.between(low, high)));
}

Json DemoInput::party(PartyKind const& party, DemoMatter const& matter) const {
  std::vector<std::string> fitting;
  for (auto const& unit : organisation_.units()) {
    if (has(party.unit_kinds, unit.kind) && has(party.units, unit.id) && staffed_units_.count(unit.id))
      fitting.push_back(unit.id);
  }
  if (fitting.empty()) return Json();
  std::vector<std::string> likely;
  for (auto const& unit : matter.leads) {
    if (std::find(fitting.begin(), fitting.end(), unit) != fitting.end()) likely.push_back(unit);
  }
  auto const& unit = likely.empty() ? random_.pick(fitting) : random_.pick(likely);
  return party.many ? Json::array({unit}) : Json(unit);
}

}  // namespace bihuan
