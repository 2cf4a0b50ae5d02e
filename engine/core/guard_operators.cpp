// SPDX-License-Identifier: Apache-2.0
#include "engine/core/guard_operators.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "engine/core/message.hpp"

namespace bihuan::logic {
namespace {

Value equal(List const& arguments, Effort& effort) {
  return Value(loosely_equal(argument(arguments, 0), argument(arguments, 1), effort));
}

Value not_equal(List const& arguments, Effort& effort) {
  return Value(!loosely_equal(argument(arguments, 0), argument(arguments, 1), effort));
}

Value identical(List const& arguments, Effort& effort) {
  return Value(strictly_equal(argument(arguments, 0), argument(arguments, 1), effort));
}

Value not_identical(List const& arguments, Effort& effort) {
  return Value(!strictly_equal(argument(arguments, 0), argument(arguments, 1), effort));
}

bool below(Value const& left, Value const& right, bool or_equal, Effort& effort) {
  auto const order = compare(left, right, effort);
  return order == Order::less || (or_equal && order == Order::equal);
}

// With a third argument: is the second between the others.
Value ascending(List const& arguments, bool or_equal, Effort& effort) {
  auto const middle = argument(arguments, 1);
  auto const upper = argument(arguments, 2);
  bool const first = below(argument(arguments, 0), middle, or_equal, effort);
  return Value(first && (upper.is(Kind::undefined) || below(middle, upper, or_equal, effort)));
}

Value less(List const& arguments, Effort& effort) {
  return ascending(arguments, false, effort);
}
Value at_most(List const& arguments, Effort& effort) {
  return ascending(arguments, true, effort);
}

Value more(List const& arguments, Effort& effort) {
  return Value(below(argument(arguments, 1), argument(arguments, 0), false, effort));
}

Value at_least(List const& arguments, Effort& effort) {
  return Value(below(argument(arguments, 1), argument(arguments, 0), true, effort));
}

Value is_truthy(List const& arguments, Effort&) {
  return Value(is_true(argument(arguments, 0)));
}
Value is_falsy(List const& arguments, Effort&) {
  return Value(!is_true(argument(arguments, 0)));
}

Value add(List const& arguments, Effort& effort) {
  double sum = 0;
  for (Value const& value : arguments) {
    sum += leading_number(value, effort);
  }
  return Value(sum);
}

Value multiply(List const& arguments, Effort& effort) {
  if (arguments.empty()) {
    effort.stop(message("detail.rule_arguments", {{"name", "*"}}));
    return Value();
  }
  // JavaScript's reduce gives a single element back as it is.
  if (arguments.size() == 1) {
    return arguments[0];
  }
  double product = leading_number(arguments[0], effort);
  for (std::size_t index = 1; index < arguments.size(); ++index) {
    product = (product + 0.0) * leading_number(arguments[index], effort);
  }
  return Value(product);
}

Value subtract(List const& arguments, Effort& effort) {
  auto const first = argument(arguments, 0);
  auto const second = argument(arguments, 1);
  if (second.is(Kind::undefined)) {
    return Value(-to_number(first, effort));
  }
  return Value(to_number(first, effort) - to_number(second, effort));
}

Value divide(List const& arguments, Effort& effort) {
  return Value(to_number(argument(arguments, 0), effort) / to_number(argument(arguments, 1), effort));
}

Value remainder(List const& arguments, Effort& effort) {
  return Value(std::fmod(to_number(argument(arguments, 0), effort), to_number(argument(arguments, 1), effort)));
}

template <class Better>
Value extreme(List const& arguments, double start, Better better, Effort& effort) {
  double best = start;
  for (Value const& value : arguments) {
    double const number = to_number(value, effort);
    best = std::isnan(number) || better(number, best) ? number : best;
    if (std::isnan(best)) {
      break;
    }
  }
  return Value(best);
}

// Zeros are equal but not the same: Math.min and Math.max put the negative one first.
Value least(List const& arguments, Effort& effort) {
  auto const smaller = [](double left, double right) { return left < right || (left == right && std::signbit(left)); };
  return extreme(arguments, std::numeric_limits<double>::infinity(), smaller, effort);
}

Value greatest(List const& arguments, Effort& effort) {
  auto const larger = [](double left, double right) { return left > right || (left == right && !std::signbit(left)); };
  return extreme(arguments, -std::numeric_limits<double>::infinity(), larger, effort);
}

Value contains(List const& arguments, Effort& effort) {
  auto const wanted = argument(arguments, 0);
  auto const container = argument(arguments, 1);
  if (container.is(Kind::string)) {
    auto const text = container.text(effort);
    return Value(!text.empty() && text.find(to_text(wanted, effort)) != std::u16string::npos);
  }
  if (container.is(Kind::list)) {
    for (std::size_t index = 0; index < container.size() && effort.work(sizeof(Value)); ++index) {
      if (strictly_equal(wanted, container.at(index), effort)) {
        return Value(true);
      }
    }
  }
  if (container.has_own("indexOf")) {
    effort.stop(message("detail.rule_arguments", {{"name", "in"}}));
  }
  return Value(false);
}

Value concatenate(List const& arguments, Effort& effort) {
  auto text = join(arguments, u"", effort);
  return effort.make(text.size() * sizeof(char16_t)) ? Value(std::move(text)) : Value();
}

// ToIntegerOrInfinity.
double whole(double number) {
  return std::isnan(number) ? 0 : std::trunc(number);
}

std::u16string part_of(std::u16string const& text, double start, double length) {
  auto const size = static_cast<double>(text.size());
  double const from = start < 0 ? std::max(size + start, 0.0) : std::min(start, size);
  double const count = std::clamp(length, 0.0, size - from);
  return text.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(count));
}

// A negative length leaves out so many from the end. JavaScript adds it to a length, so a text is appended
// instead.
double length_without(std::size_t size, Value const& end, Effort& effort) {
  auto const length = static_cast<double>(size);
  bool const as_number = end.is(Kind::number) || end.is(Kind::boolean);
  return as_number ? length + to_number(end, effort) : number_in(text_of(length) + to_text(end, effort));
}

Value substring(List const& arguments, Effort& effort) {
  auto text = to_text(argument(arguments, 0), effort);
  auto const end = argument(arguments, 2);
  double const start = whole(to_number(argument(arguments, 1), effort));
  auto const size = static_cast<double>(text.size());
  if (below(end, Value(0.0), false, effort)) {
    text = part_of(text, start, size);
    text = part_of(text, 0, whole(length_without(text.size(), end, effort)));
  } else {
    text = part_of(text, start, end.is(Kind::undefined) ? size : whole(to_number(end, effort)));
  }
  return effort.make(text.size() * sizeof(char16_t)) ? Value(std::move(text)) : Value();
}

Value merge(List const& arguments, Effort& effort) {
  List all;
  for (Value const& value : arguments) {
    if (!value.is(Kind::list)) {
      all.push_back(value);
      continue;
    }
    for (std::size_t index = 0; index < value.size() && effort.work(1); ++index) {
      all.push_back(value.at(index));
    }
  }
  return Value::of(std::move(all), effort);
}

// The original writes its argument to the console; the core writes nothing.
Value log(List const& arguments, Effort&) {
  return argument(arguments, 0);
}

}  // namespace

Operator find_operator(std::string_view name) {
  static std::unordered_map<std::string_view, Operator> const operators = {
      {"==", equal},    {"===", identical}, {"!=", not_equal}, {"!==", not_identical}, {"<", less},
      {"<=", at_most},  {">", more},        {">=", at_least},  {"!!", is_truthy},      {"!", is_falsy},
      {"+", add},       {"-", subtract},    {"*", multiply},   {"/", divide},          {"%", remainder},
      {"min", least},   {"max", greatest},  {"in", contains},  {"cat", concatenate},   {"substr", substring},
      {"merge", merge}, {"log", log},
  };
  auto const found = operators.find(name);
  return found == operators.end() ? nullptr : found->second;
}

Value argument(List const& arguments, std::size_t index) {
  return index < arguments.size() ? arguments[index] : Value();
}

}  // namespace bihuan::logic
