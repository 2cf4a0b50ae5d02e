// SPDX-License-Identifier: Apache-2.0
#include "engine/core/reader.hpp"

#include <algorithm>
#include <limits>

#include "engine/core/message.hpp"
#include "engine/core/utf8.hpp"

namespace bihuan {
namespace {

Text type_of(OrderedJson const& value) {
  switch (value.type()) {
    case OrderedJson::value_t::object: return message("type.object");
    case OrderedJson::value_t::array: return message("type.array");
    case OrderedJson::value_t::string: return message("type.text");
    case OrderedJson::value_t::boolean: return message("type.boolean");
    case OrderedJson::value_t::number_integer:
    case OrderedJson::value_t::number_unsigned:
    case OrderedJson::value_t::number_float: return message("type.number");
    case OrderedJson::value_t::null:
    case OrderedJson::value_t::binary:
    case OrderedJson::value_t::discarded: break;
  }
  return message("type.null");
}

Refusal wrong_type(std::string pointer, std::string_view expected, OrderedJson const& found) {
  return refusal(Code::wrong_type, std::move(pointer), {{"expected", message(expected)}, {"found", type_of(found)}});
}

bool is_control(char32_t point) {
  return (point < 0x20 && point != U'\t' && point != U'\n') || (point >= 0x7F && point <= 0x9F);
}

std::string joined(std::vector<std::string_view> const& words) {
  std::string all;
  for (auto const word : words) {
    all.append(all.empty() ? "" : ", ").append(word);
  }
  return all;
}

}  // namespace

OrderedJson const* Reader::find(std::string_view name) {
  if (!value_.is_object()) {
    if (!complained_) {
      faults_.push_back(wrong_type(pointer_, "type.object", value_));
    }
    complained_ = true;
    return nullptr;
  }
  known_.emplace_back(name);
  auto const found = value_.find(name);
  return found == value_.end() ? nullptr : &*found;
}

bool Reader::gives(std::string_view name, std::string_view expected) {
  auto const* const member = find(name);
  if (member == nullptr || !member->is_null()) return member != nullptr;
  faults_.push_back(wrong_type(pointer_to(pointer_, std::string(name)), expected, *member));
  return false;
}

OrderedJson const* Reader::typed(std::string_view name, bool required, bool (OrderedJson::*is)() const noexcept,
                                 std::string_view expected) {
  OrderedJson const* const found = find(name);
  if (found == nullptr) {
    if (required && value_.is_object()) {
      fault(Code::missing, name, {{"name", name}});
    }
    return nullptr;
  }
  if ((found->*is)()) {
    return found;
  }
  if (required || !found->is_null()) {
    faults_.push_back(wrong_type(pointer_to(pointer_, name), expected, *found));
  }
  return nullptr;
}

std::string Reader::text(std::string_view name) {
  auto const* const found = typed(name, true, &OrderedJson::is_string, "type.text");
  return found == nullptr ? std::string() : found->get<std::string>();
}

std::string Reader::text_or(std::string_view name, std::string fallback) {
  auto const* const found = typed(name, false, &OrderedJson::is_string, "type.text");
  return found == nullptr ? std::move(fallback) : found->get<std::string>();
}

std::int64_t Reader::integer_or(std::string_view name, std::int64_t fallback) {
  auto const* const found = typed(name, false, &OrderedJson::is_number_integer, "type.integer");
  if (found == nullptr) {
    return fallback;
  }
  if (found->is_number_unsigned() &&
      found->get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    fault(Code::number_out_of_range, name, {{"detail", message("detail.integer_past_64_bits")}});
    return fallback;
  }
  return found->get<std::int64_t>();
}

std::optional<double> Reader::number(std::string_view name) {
  auto const* const found = typed(name, false, &OrderedJson::is_number, "type.number");
  if (found == nullptr) {
    return std::nullopt;
  }
  return found->get<double>();
}

bool Reader::boolean_or(std::string_view name, bool fallback) {
  auto const* const found = typed(name, false, &OrderedJson::is_boolean, "type.boolean");
  return found == nullptr ? fallback : found->get<bool>();
}

namespace {

Text read_bilingual(OrderedJson const& object, std::string const& pointer, Refusals& faults) {
  Reader reader(object, pointer, faults);
  Text text{.zh = reader.text("zh"), .en = reader.text("en")};
  for (auto const* const language : {"zh", "en"}) {
    auto const found = object.is_object() ? object.find(language) : object.end();
    if (found != object.end() && found->is_string() && found->get_ref<std::string const&>().empty()) {
      reader.fault(Code::missing, language, {{"name", language}});
    }
  }
  reader.finish();
  return text;
}

}  // namespace

Text Reader::bilingual(std::string_view name) {
  auto const* const found = typed(name, true, &OrderedJson::is_object, "type.object");
  return found == nullptr ? Text() : read_bilingual(*found, pointer_to(pointer_, name), faults_);
}

Text Reader::bilingual_or(std::string_view name, Text fallback) {
  auto const* const found = typed(name, false, &OrderedJson::is_object, "type.object");
  return found == nullptr ? std::move(fallback) : read_bilingual(*found, pointer_to(pointer_, name), faults_);
}

Text Reader::as_bilingual() {
  return read_bilingual(value_, pointer_, faults_);
}

std::vector<std::string> Reader::texts(std::string_view name) {
  std::vector<std::string> all;
  auto const* const found = typed(name, false, &OrderedJson::is_array, "type.array");
  if (found == nullptr) {
    return all;
  }
  for (std::size_t index = 0; index < found->size(); ++index) {
    OrderedJson const& element = (*found)[index];
    if (element.is_string()) {
      all.push_back(element.get<std::string>());
    } else {
      faults_.push_back(wrong_type(pointer_to(pointer_to(pointer_, name), index), "type.text", element));
    }
  }
  return all;
}

std::string Reader::choice(std::string_view name, std::vector<std::string_view> const& choices, std::string fallback) {
  auto const* const found = typed(name, false, &OrderedJson::is_string, "type.text");
  if (found == nullptr) {
    return fallback;
  }
  auto const& value = found->get_ref<std::string const&>();
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) {
    return value;
  }
  fault(Code::not_a_choice, name, {{"value", value}, {"choices", joined(choices)}});
  return fallback;
}

void Reader::members(std::string_view name, std::function<void(std::string const&, Reader&)> const& each) {
  auto const* const found = typed(name, false, &OrderedJson::is_object, "type.object");
  if (found == nullptr) {
    return;
  }
  auto const pointer = pointer_to(pointer_, name);
  for (auto const& [key, value] : found->items()) {
    Reader reader(value, pointer_to(pointer, key), faults_);
    each(key, reader);
  }
}

void Reader::elements(std::string_view name, std::function<void(std::size_t, Reader&)> const& each) {
  auto const* const found = typed(name, false, &OrderedJson::is_array, "type.array");
  if (found == nullptr) {
    return;
  }
  auto const pointer = pointer_to(pointer_, name);
  for (std::size_t index = 0; index < found->size(); ++index) {
    Reader reader((*found)[index], pointer_to(pointer, index), faults_);
    each(index, reader);
  }
}

void Reader::finish() {
  if (!value_.is_object()) {
    (void)find({});
    return;
  }
  for (auto const& [key, value] : value_.items()) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      fault(Code::unknown_field, key, {{"name", key}});
    }
  }
}

void Reader::fault(Code code, std::string_view member, std::initializer_list<Argument> arguments) {
  faults_.push_back(refusal(code, member.empty() ? pointer_ : pointer_to(pointer_, member), arguments));
}

std::optional<Refusal> check_text(std::string_view text, std::size_t limit, std::string const& pointer) {
  if (text.size() > limit) {
    return refusal(Code::too_large, pointer, {{"limit", message("count.bytes", {{"count", std::to_string(limit)}})}});
  }
  for (std::size_t at = 0; at < text.size();) {
    auto const point = next_code_point(text, at);
    if (!point) {
      return refusal(Code::invalid_text, pointer, {{"detail", message("detail.not_utf8")}});
    }
    if (is_control(*point)) {
      return refusal(Code::invalid_text, pointer, {{"detail", message("detail.control_character")}});
    }
  }
  return std::nullopt;
}

}  // namespace bihuan
