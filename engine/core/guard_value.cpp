// SPDX-License-Identifier: Apache-2.0
#include "engine/core/guard_value.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/message.hpp"
#include "engine/core/utf8.hpp"

namespace bihuan::logic {

namespace {

// JavaScript takes a name for an index only as it would itself write the number.
std::optional<std::size_t> index_in(std::string const& name) {
  constexpr std::size_t longest = 9;
  bool const digits = !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || name.size() > longest || (name[0] == '0' && name.size() > 1)) {
    return std::nullopt;
  }
  return std::stoul(name);
}

}  // namespace

struct Value::Made {
  List elements;
  std::size_t depth = 1;
};

struct Value::Accumulated : Accumulation {
  std::size_t depth = 1;
};

bool Effort::work(std::size_t bytes) {
  done_ += bytes;
  if (!stopped() && done_ / bytes_in_a_step > limits_.steps) {
    stop(message("detail.rule_steps", {{"limit", std::to_string(limits_.steps)}}));
  }
  return !stopped();
}

bool Effort::make(std::size_t bytes) {
  if (!stopped() && bytes > limits_.bytes) {
    stop(message("detail.rule_bytes", {{"limit", std::to_string(limits_.bytes)}}));
  }
  return work(bytes);
}

bool Effort::nest(std::size_t depth) {
  if (!stopped() && depth > limits_.depth) {
    stop(message("detail.rule_depth", {{"limit", std::to_string(limits_.depth)}}));
  }
  return !stopped();
}

void Effort::stop(Text detail) {
  if (!refusal_) {
    refusal_ = bihuan::refusal(Code::bad_rule, {}, {{"detail", std::move(detail)}});
  }
}

Value::Value(Json const& borrowed) {
  switch (borrowed.type()) {
    case Json::value_t::null: held_ = nullptr; break;
    case Json::value_t::boolean: held_ = borrowed.get<bool>(); break;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float: held_ = borrowed.get<double>(); break;
    case Json::value_t::string:
    case Json::value_t::array:
    case Json::value_t::object: held_ = &borrowed; break;
    case Json::value_t::binary:
    case Json::value_t::discarded: break;
  }
}

Value Value::of(List elements, Effort& effort) {
  std::size_t depth = 1;
  for (Value const& element : elements) {
    depth = std::max(depth, 1 + element.depth());
  }
  Value made;
  if (effort.make(elements.size() * sizeof(Value)) && effort.nest(depth)) {
    made.held_ = std::make_shared<Made const>(Made{.elements = std::move(elements), .depth = depth});
  }
  return made;
}

Value Value::of(Accumulation accumulation, Effort& effort) {
  auto const depth = 1 + std::max(accumulation.current.depth(), accumulation.accumulator.depth());
  Value made;
  if (effort.nest(depth)) {
    made.held_ = std::make_shared<Accumulated const>(Accumulated{std::move(accumulation), depth});
  }
  return made;
}

Kind Value::kind() const {
  if (auto const* const json = borrowed()) {
    return json->is_string() ? Kind::string : json->is_array() ? Kind::list : Kind::object;
  }
  constexpr Kind kinds[] = {Kind::undefined, Kind::null, Kind::boolean, Kind::number,
                            Kind::string,    Kind::list, Kind::object};
  return kinds[held_.index()];
}

Json const* Value::borrowed() const {
  auto const* const json = std::get_if<Json const*>(&held_);
  return json == nullptr ? nullptr : *json;
}

bool Value::is_accumulation() const {
  return std::holds_alternative<std::shared_ptr<Accumulated const>>(held_);
}

std::size_t Value::depth() const {
  if (auto const* const made = std::get_if<std::shared_ptr<Made const>>(&held_)) {
    return (*made)->depth;
  }
  if (auto const* const made = std::get_if<std::shared_ptr<Accumulated const>>(&held_)) {
    return (*made)->depth;
  }
  return borrowed() != nullptr ? 1 : 0;
}

std::size_t Value::size() const {
  auto const* const json = borrowed();
  return json != nullptr ? json->size() : std::get<std::shared_ptr<Made const>>(held_)->elements.size();
}

Value Value::at(std::size_t index) const {
  auto const* const json = borrowed();
  return json != nullptr ? Value((*json)[index]) : std::get<std::shared_ptr<Made const>>(held_)->elements[index];
}

Value Value::property(std::string const& name, Effort& effort) const {
  if (auto const* const made = std::get_if<std::shared_ptr<Accumulated const>>(&held_)) {
    return name == "current" ? (*made)->current : name == "accumulator" ? (*made)->accumulator : Value();
  }
  if (is(Kind::object)) {
    auto const found = borrowed()->find(name);
    return found == borrowed()->end() ? Value() : Value(*found);
  }
  bool const is_text = is(Kind::string);
  auto const index = index_in(name);
  if ((!is_text && !is(Kind::list)) || (!index && name != "length")) {
    return Value();
  }
  auto const units = is_text ? text(effort) : std::u16string();
  auto const length = is_text ? units.size() : size();
  if (!index) {
    return Value(static_cast<double>(length));
  }
  if (*index >= length) {
    return Value();
  }
  return is_text ? Value(units.substr(*index, 1)) : at(*index);
}

bool Value::has_own(std::string const& name) const {
  return is(Kind::object) && !is_accumulation() && borrowed()->contains(name);
}

std::string const* Value::borrowed_text() const {
  auto const* const json = borrowed();
  return json != nullptr && json->is_string() ? &json->get_ref<std::string const&>() : nullptr;
}

bool Value::empty() const {
  auto const* const bytes = borrowed_text();
  return bytes != nullptr ? bytes->empty() : std::get<std::shared_ptr<std::u16string const>>(held_)->empty();
}

std::u16string Value::text(Effort& effort) const {
  if (auto const* const bytes = borrowed_text()) {
    return effort.work(bytes->size()) ? utf16_from(*bytes) : std::u16string();
  }
  auto const& made = *std::get<std::shared_ptr<std::u16string const>>(held_);
  return effort.work(made.size() * sizeof(char16_t)) ? made : std::u16string();
}

bool Value::same_as(Value const& other) const {
  if (held_.index() != other.held_.index()) {
    return false;
  }
  if (auto const* const made = std::get_if<std::shared_ptr<Made const>>(&held_)) {
    return *made == std::get<std::shared_ptr<Made const>>(other.held_);
  }
  if (auto const* const made = std::get_if<std::shared_ptr<Accumulated const>>(&held_)) {
    return *made == std::get<std::shared_ptr<Accumulated const>>(other.held_);
  }
  return borrowed() != nullptr && borrowed() == other.borrowed();
}

namespace {

// Writes values out as JSON and counts what comes out, since a value made of shared parts can be much larger
// than it was to make.
class Writer {
 public:
  explicit Writer(Effort& effort) : effort_(effort) {}

  Json write(Value const& value, std::size_t depth) {
    if (!take(1, depth)) {
      return nullptr;
    }
    switch (value.kind()) {
      case Kind::undefined:
      case Kind::null: return nullptr;
      case Kind::boolean: return value.boolean();
      case Kind::number: return write(value.number());
      case Kind::string: return write_text(value, depth);
      case Kind::list: return write_list(value, depth);
      case Kind::object: return write_object(value, depth);
    }
    return nullptr;
  }

 private:
  bool take(std::size_t bytes, std::size_t depth) {
    bytes_ += bytes;
    // Data as deep as may be parsed, inside a value as deep as may be made.
    return effort_.nest(depth / 2) && (bytes_ <= effort_.limits().bytes || effort_.make(bytes_));
  }

  static Json write(double number) {
    constexpr double exact = 9007199254740992.0;
    if (!std::isfinite(number)) {
      return nullptr;
    }
    return std::trunc(number) == number && std::abs(number) <= exact ? Json(static_cast<std::int64_t>(number))
                                                                     : Json(number);
  }

  Json write_text(Value const& value, std::size_t depth) {
    auto text = value.borrowed_text() != nullptr ? *value.borrowed_text() : utf8_from(value.text(effort_));
    return take(text.size(), depth) ? Json(std::move(text)) : Json();
  }

  Json write_list(Value const& value, std::size_t depth) {
    auto list = Json::array();
    for (std::size_t index = 0; index < value.size() && !effort_.stopped(); ++index) {
      list.push_back(write(value.at(index), depth + 1));
    }
    return list;
  }

  Json write_object(Value const& value, std::size_t depth) {
    auto object = Json::object();
    if (value.is_accumulation()) {
      for (auto const* const name : {"current", "accumulator"}) {
        auto const member = value.property(name, effort_);
        if (!member.is(Kind::undefined)) {
          object[name] = write(member, depth + 1);
        }
      }
      return object;
    }
    for (auto const& [key, member] : value.borrowed()->items()) {
      if (!take(key.size(), depth)) {
        break;
      }
      object[key] = write(Value(member), depth + 1);
    }
    return object;
  }

  Effort& effort_;
  std::size_t bytes_ = 0;
};

}  // namespace

Json Value::to_json(Effort& effort) const {
  return Writer(effort).write(*this, 0);
}

}  // namespace bihuan::logic
