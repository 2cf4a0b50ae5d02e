// SPDX-License-Identifier: Apache-2.0
#include "engine/format/event_log.hpp"

#include <algorithm>
#include <cstring>

#include "engine/core/sight.hpp"

namespace bihuan {

std::size_t EventLog::read(std::span<char> out) {
  if (taken_ == piece_.size()) {
    piece_ = next();
    taken_ = 0;
  }
  auto const size = std::min(out.size(), piece_.size() - taken_);
  std::memcpy(out.data(), piece_.data() + taken_, size);
  taken_ += size;
  return size;
}

std::string activity_of(Event const& event, Definition const& definition, Language language) {
  if (event.type == EventType::opened) return in(language, definition.opening.title);
  if (event.type == EventType::transitioned) {
    auto const& id = event.body.at("transition").get_ref<std::string const&>();
    auto const* const transition = definition.find_transition(id);
    return transition == nullptr ? id : in(language, transition->title);
  }
  return in(language, message("event." + std::string(event_name(event.type))));
}

std::string state_after(Event const& event) {
  bool const moves = event.type == EventType::opened || event.type == EventType::transitioned;
  return moves ? event.body.at("state").get<std::string>() : std::string();
}

bool is_told(Field const& field) {
  if (field.personal || field.list) return false;
  switch (field.type) {
    case FieldType::number:
    case FieldType::money:
    case FieldType::date:
    case FieldType::instant:
    case FieldType::choice:
    case FieldType::yes_no: return true;
    default: return false;
  }
}

std::vector<std::pair<Field const*, std::string>> told_fields(Case const& subject, Definition const& definition,
                                                              Language language) {
  std::vector<std::pair<Field const*, std::string>> told;
  for (auto const& field : definition.fields) {
    auto const value = subject.fields.find(field.id);
    if (!is_told(field) || value == subject.fields.end() || value->is_null() || *value == mask) continue;
    if (!value->is_string()) {
      told.emplace_back(&field, value->dump());
      continue;
    }
    auto text = value->get<std::string>();
    auto const choice = std::ranges::find(field.choices, text, &Choice::id);
    told.emplace_back(&field, choice == field.choices.end() ? std::move(text) : in(language, choice->title));
  }
  return told;
}

}  // namespace bihuan
