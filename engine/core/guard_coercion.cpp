// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>

#include "engine/core/guard_value.hpp"
#include "engine/core/message.hpp"

namespace bihuan::logic {
namespace {

std::u16string join_at(Value const& list, std::u16string_view separator, std::size_t depth, Effort& effort);

// ToPrimitive; nested lists are joined as Array.prototype.toString joins them.
Value to_primitive(Value const& value, std::size_t depth, Effort& effort) {
  if (value.is(Kind::list)) {
    return Value(join_at(value, u",", depth, effort));
  }
  if (value.is(Kind::object)) {
    if (value.has_own("toString")) {
      effort.stop(message("detail.rule_no_conversion"));
    }
    return Value(std::u16string(u"[object Object]"));
  }
  return value;
}

std::u16string text_at(Value const& value, std::size_t depth, Effort& effort) {
  switch (value.kind()) {
    case Kind::undefined: return u"undefined";
    case Kind::null: return u"null";
    case Kind::boolean: return value.boolean() ? u"true" : u"false";
    case Kind::number: return text_of(value.number());
    case Kind::string: return value.text(effort);
    case Kind::list:
    case Kind::object: return to_primitive(value, depth, effort).text(effort);
  }
  return {};
}

void append_joined(std::u16string& all, Value const& element, std::size_t depth, Effort& effort) {
  if (!element.is_nothing()) {
    all += text_at(element, depth + 1, effort);
  }
  (void)effort.work(1);
  if (all.size() * sizeof(char16_t) > effort.limits().bytes) {
    (void)effort.make(all.size() * sizeof(char16_t));
  }
}

std::u16string join_at(Value const& list, std::u16string_view separator, std::size_t depth, Effort& effort) {
  std::u16string all;
  if (!effort.nest(depth / 2)) {
    return all;
  }
  for (std::size_t index = 0; index < list.size() && !effort.stopped(); ++index) {
    all += index == 0 ? u"" : separator;
    append_joined(all, list.at(index), depth, effort);
  }
  return all;
}

double not_a_number() {
  return std::numeric_limits<double>::quiet_NaN();
}

Order order_of(double left, double right) {
  return left < right ? Order::less : left > right ? Order::greater : left == right ? Order::equal : Order::none;
}

bool is_reference(Value const& value) {
  return value.is(Kind::list) || value.is(Kind::object);
}

}  // namespace

bool is_true(Value const& value) {
  switch (value.kind()) {
    case Kind::undefined:
    case Kind::null: return false;
    case Kind::boolean: return value.boolean();
    case Kind::number: return value.number() != 0 && !std::isnan(value.number());
    case Kind::string: return !value.empty();
    case Kind::list: return value.size() > 0;
    case Kind::object: return true;
  }
  return false;
}

double to_number(Value const& value, Effort& effort) {
  switch (value.kind()) {
    case Kind::undefined: return not_a_number();
    case Kind::null: return 0;
    case Kind::boolean: return value.boolean() ? 1 : 0;
    case Kind::number: return value.number();
    case Kind::string:
    case Kind::list:
    case Kind::object: return number_in(to_text(value, effort));
  }
  return not_a_number();
}

std::u16string to_text(Value const& value, Effort& effort) {
  return text_at(value, 0, effort);
}

std::u16string join(List const& elements, std::u16string_view separator, Effort& effort) {
  std::u16string all;
  for (std::size_t index = 0; index < elements.size() && !effort.stopped(); ++index) {
    all += index == 0 ? u"" : separator;
    append_joined(all, elements[index], 0, effort);
  }
  return all;
}

double leading_number(Value const& value, Effort& effort) {
  // parseFloat reads the number's own text, which knows no negative zero.
  return value.is(Kind::number) ? value.number() + 0.0 : number_at_start_of(to_text(value, effort));
}

bool strictly_equal(Value const& left, Value const& right, Effort& effort) {
  if (left.kind() != right.kind()) {
    return false;
  }
  switch (left.kind()) {
    case Kind::undefined:
    case Kind::null: return true;
    case Kind::boolean: return left.boolean() == right.boolean();
    case Kind::number: return left.number() == right.number();
    case Kind::string: return left.text(effort) == right.text(effort);
    case Kind::list:
    case Kind::object: return left.same_as(right);
  }
  return false;
}

bool loosely_equal(Value const& left, Value const& right, Effort& effort) {
  if (left.is_nothing() || right.is_nothing()) {
    return left.is_nothing() && right.is_nothing();
  }
  if (is_reference(left) && is_reference(right)) {
    return left.same_as(right);
  }
  if (left.kind() == right.kind()) {
    return strictly_equal(left, right, effort);
  }
  // ECMA-262 IsLooselyEqual turns a boolean into a number before it turns an object into a text.
  if (is_reference(left) && !right.is(Kind::boolean)) {
    return loosely_equal(to_primitive(left, 0, effort), right, effort);
  }
  if (is_reference(right) && !left.is(Kind::boolean)) {
    return loosely_equal(left, to_primitive(right, 0, effort), effort);
  }
  return to_number(left, effort) == to_number(right, effort);
}

Order compare(Value const& left, Value const& right, Effort& effort) {
  auto const first = to_primitive(left, 0, effort);
  auto const second = to_primitive(right, 0, effort);
  if (first.is(Kind::string) && second.is(Kind::string)) {
    auto const order = first.text(effort).compare(second.text(effort));
    return order < 0 ? Order::less : order > 0 ? Order::greater : Order::equal;
  }
  return order_of(to_number(first, effort), to_number(second, effort));
}

}  // namespace bihuan::logic
