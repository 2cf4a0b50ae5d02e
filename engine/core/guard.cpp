// SPDX-License-Identifier: Apache-2.0
#include "engine/core/guard.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>

#include "engine/core/guard_operators.hpp"
#include "engine/core/guard_value.hpp"
#include "engine/core/message.hpp"
#include "engine/core/utf8.hpp"

namespace bihuan {
namespace {

using logic::Effort;
using logic::Kind;
using logic::List;
using logic::Value;

// What stands behind an operator: a list, or one argument without its brackets.
class Arguments {
 public:
  explicit Arguments(Json const& written) : written_(written) {}
  [[nodiscard]] std::size_t size() const { return written_.is_array() ? written_.size() : 1; }
  // nullptr where no argument is written.
  [[nodiscard]] Json const* at(std::size_t index) const {
    if (index >= size()) {
      return nullptr;
    }
    return written_.is_array() ? &written_[index] : &written_;
  }

 private:
  Json const& written_;
};

class Evaluation {
 public:
  explicit Evaluation(GuardLimits limits) : effort_(limits) {}

  // A rule that is not written is undefined, as in JavaScript.
  Value apply(Json const* rule, Value const& data);

  [[nodiscard]] Effort& effort() { return effort_; }
  [[nodiscard]] std::vector<std::string>& missing() { return missing_; }

 private:
  using Control = Value (Evaluation::*)(Arguments const&, Value const&);
  static Control find_control(std::string_view name);

  Value apply_operator(std::string const& name, Arguments const& arguments, Value const& data);
  Value apply_list(Json const& rules, Value const& data);
  List apply_each(Arguments const& arguments, Value const& data);

  Value choose(Arguments const& arguments, Value const& data);
  Value all_hold(Arguments const& arguments, Value const& data);
  Value one_holds(Arguments const& arguments, Value const& data);
  Value first_that(bool holds, Arguments const& arguments, Value const& data);
  Value variable(Arguments const& arguments, Value const& data);
  Value missing_of(Arguments const& arguments, Value const& data);
  Value missing_some_of(Arguments const& arguments, Value const& data);
  Value filter(Arguments const& arguments, Value const& data);
  Value map(Arguments const& arguments, Value const& data);
  Value reduce(Arguments const& arguments, Value const& data);
  Value all(Arguments const& arguments, Value const& data);
  Value none(Arguments const& arguments, Value const& data);
  Value some(Arguments const& arguments, Value const& data);
  // Whether the rule comes out as `wanted` for some element; asks no further than the first.
  bool any(bool wanted, Value const& list, Json const* rule);

  Value look_up(List const& arguments, Value const& data, bool asked_by_missing);
  Value list_missing(List const& keys, Value const& data);
  // missing and missing_some evaluate what they were given once more, so a computed value must become a rule.
  Json const* as_rule(Value const& value);
  List evaluate_again(Value const& values, Value const& data);
  void note_missing(std::string const& path, Value const& data);

  Effort effort_;
  std::size_t depth_ = 0;
  std::vector<std::string> missing_;
  std::deque<Json> made_rules_;
};

Evaluation::Control Evaluation::find_control(std::string_view name) {
  static std::unordered_map<std::string_view, Control> const controls = {
      {"if", &Evaluation::choose},
      {"?:", &Evaluation::choose},
      {"and", &Evaluation::all_hold},
      {"or", &Evaluation::one_holds},
      {"var", &Evaluation::variable},
      {"missing", &Evaluation::missing_of},
      {"missing_some", &Evaluation::missing_some_of},
      {"filter", &Evaluation::filter},
      {"map", &Evaluation::map},
      {"reduce", &Evaluation::reduce},
      {"all", &Evaluation::all},
      {"none", &Evaluation::none},
      {"some", &Evaluation::some},
  };
  auto const found = controls.find(name);
  return found == controls.end() ? nullptr : found->second;
}

Value Evaluation::apply(Json const* rule, Value const& data) {
  if (rule == nullptr || !effort_.step()) {
    return Value();
  }
  bool const is_operation = rule->is_object() && rule->size() == 1;
  if (!rule->is_array() && !is_operation) {
    return Value(*rule);
  }
  if (!effort_.nest(depth_ + 1)) {
    return Value();
  }
  ++depth_;
  auto value = is_operation ? apply_operator(rule->begin().key(), Arguments(rule->begin().value()), data)
                            : apply_list(*rule, data);
  --depth_;
  return value;
}

Value Evaluation::apply_operator(std::string const& name, Arguments const& arguments, Value const& data) {
  if (auto const control = find_control(name)) {
    return (this->*control)(arguments, data);
  }
  auto const operation = logic::find_operator(name);
  if (operation == nullptr) {
    effort_.stop(message("detail.rule_operator", {{"name", name}}));
    return Value();
  }
  auto const values = apply_each(arguments, data);
  return effort_.stopped() ? Value() : operation(values, effort_);
}

List Evaluation::apply_each(Arguments const& arguments, Value const& data) {
  List values;
  for (std::size_t index = 0; index < arguments.size() && !effort_.stopped(); ++index) {
    values.push_back(apply(arguments.at(index), data));
  }
  return values;
}

Value Evaluation::apply_list(Json const& rules, Value const& data) {
  return Value::of(apply_each(Arguments(rules), data), effort_);
}

Value Evaluation::choose(Arguments const& arguments, Value const& data) {
  std::size_t index = 0;
  for (; index + 1 < arguments.size(); index += 2) {
    if (is_true(apply(arguments.at(index), data))) {
      return apply(arguments.at(index + 1), data);
    }
  }
  return index < arguments.size() ? apply(arguments.at(index), data) : Value(nullptr);
}

Value Evaluation::first_that(bool holds, Arguments const& arguments, Value const& data) {
  Value current;
  for (std::size_t index = 0; index < arguments.size(); ++index) {
    current = apply(arguments.at(index), data);
    if (is_true(current) == holds || effort_.stopped()) {
      break;
    }
  }
  return current;
}

Value Evaluation::all_hold(Arguments const& arguments, Value const& data) {
  return first_that(false, arguments, data);
}

Value Evaluation::one_holds(Arguments const& arguments, Value const& data) {
  return first_that(true, arguments, data);
}

Value Evaluation::variable(Arguments const& arguments, Value const& data) {
  List values;
  std::size_t missing_in_key = missing_.size();
  for (std::size_t index = 0; index < arguments.size() && !effort_.stopped(); ++index) {
    values.push_back(apply(arguments.at(index), data));
    missing_in_key = index == 0 ? missing_.size() : missing_in_key;
  }
  if (effort_.stopped()) {
    return Value();
  }
  auto value = look_up(values, data, false);
  // The fallback is evaluated whether it is needed or not; what it lacks matters only where it is needed.
  if (values.size() > 1 && !look_up({values[0]}, data, true).is_nothing()) {
    missing_.resize(missing_in_key);
  }
  return value;
}

Value Evaluation::look_up(List const& arguments, Value const& data, bool asked_by_missing) {
  auto const key = logic::argument(arguments, 0);
  auto const fallback = logic::argument(arguments, 1);
  if (key.is_nothing() || (key.is(Kind::string) && key.empty())) {
    return data;
  }
  auto const path = utf8_from(to_text(key, effort_));
  Value found = data;
  for (std::size_t start = 0; start <= path.size() && effort_.work(1);) {
    auto const end = std::min(path.find('.', start), path.size());
    found = found.property(path.substr(start, end - start), effort_);
    if (found.is(Kind::undefined)) {
      break;
    }
    start = end + 1;
  }
  bool const has_fallback = !fallback.is(Kind::undefined);
  if (found.is_nothing() && !has_fallback && !asked_by_missing) {
    note_missing(path, data);
  }
  if (!found.is(Kind::undefined)) {
    return found;
  }
  return has_fallback ? fallback : Value(nullptr);
}

void Evaluation::note_missing(std::string const& path, Value const& data) {
  // What a reduce has gathered so far is the rule's own, and begins as null where the rule names no start.
  if (data.is_accumulation() && path == "accumulator") {
    return;
  }
  if (std::find(missing_.begin(), missing_.end(), path) == missing_.end() && effort_.make(path.size())) {
    missing_.push_back(path);
  }
}

Json const* Evaluation::as_rule(Value const& value) {
  if (value.borrowed() != nullptr) {
    return value.borrowed();
  }
  if (value.is(Kind::undefined)) {
    return nullptr;
  }
  made_rules_.push_back(value.to_json(effort_));
  return &made_rules_.back();
}

List Evaluation::evaluate_again(Value const& values, Value const& data) {
  List again;
  auto const size = values.is(Kind::list) ? values.size() : 1;
  for (std::size_t index = 0; index < size && effort_.step(); ++index) {
    auto const value = values.is(Kind::list) ? values.at(index) : values;
    bool const may_be_rule = value.is(Kind::list) || value.is(Kind::object);
    again.push_back(may_be_rule ? apply(as_rule(value), data) : value);
  }
  return again;
}

Value Evaluation::list_missing(List const& keys, Value const& data) {
  List missing;
  auto const first = logic::argument(keys, 0);
  bool const in_a_list = first.is(Kind::list);
  auto const size = in_a_list ? first.size() : keys.size();
  for (std::size_t index = 0; index < size && effort_.step(); ++index) {
    auto const key = in_a_list ? first.at(index) : keys[index];
    auto const value = look_up(evaluate_again(key, data), data, true);
    if (value.is(Kind::null) || (value.is(Kind::string) && value.empty())) {
      missing.push_back(key);
    }
  }
  return Value::of(std::move(missing), effort_);
}

Value Evaluation::missing_of(Arguments const& arguments, Value const& data) {
  auto const keys = apply_each(arguments, data);
  return effort_.stopped() ? Value() : list_missing(keys, data);
}

Value Evaluation::missing_some_of(Arguments const& arguments, Value const& data) {
  auto const values = apply_each(arguments, data);
  auto const wanted = logic::argument(values, 0);
  auto const keys = logic::argument(values, 1);
  if (keys.is_nothing() && !effort_.stopped()) {
    effort_.stop(message("detail.rule_arguments", {{"name", "missing_some"}}));
  }
  auto const missing = effort_.stopped() ? Value() : list_missing(evaluate_again(keys, data), data);
  if (effort_.stopped()) {
    return Value();
  }
  double const asked = to_number(keys.property("length", effort_), effort_);
  auto const order = compare(Value(asked - static_cast<double>(missing.size())), wanted, effort_);
  bool const enough = order == logic::Order::greater || order == logic::Order::equal;
  return enough ? Value::of(List(), effort_) : missing;
}

Value Evaluation::filter(Arguments const& arguments, Value const& data) {
  auto const list = apply(arguments.at(0), data);
  List kept;
  for (std::size_t index = 0; list.is(Kind::list) && index < list.size() && !effort_.stopped(); ++index) {
    auto const element = list.at(index);
    if (is_true(apply(arguments.at(1), element))) {
      kept.push_back(element);
    }
  }
  return Value::of(std::move(kept), effort_);
}

Value Evaluation::map(Arguments const& arguments, Value const& data) {
  auto const list = apply(arguments.at(0), data);
  List results;
  for (std::size_t index = 0; list.is(Kind::list) && index < list.size() && !effort_.stopped(); ++index) {
    results.push_back(apply(arguments.at(1), list.at(index)));
  }
  return Value::of(std::move(results), effort_);
}

Value Evaluation::reduce(Arguments const& arguments, Value const& data) {
  auto const list = apply(arguments.at(0), data);
  auto gathered = arguments.at(2) != nullptr ? apply(arguments.at(2), data) : Value(nullptr);
  for (std::size_t index = 0; list.is(Kind::list) && index < list.size() && !effort_.stopped(); ++index) {
    auto const scope = Value::of({.current = list.at(index), .accumulator = std::move(gathered)}, effort_);
    gathered = apply(arguments.at(1), scope);
  }
  return gathered;
}

bool Evaluation::any(bool wanted, Value const& list, Json const* rule) {
  for (std::size_t index = 0; index < list.size() && !effort_.stopped(); ++index) {
    if (is_true(apply(rule, list.at(index))) == wanted) {
      return true;
    }
  }
  return false;
}

Value Evaluation::all(Arguments const& arguments, Value const& data) {
  auto const list = apply(arguments.at(0), data);
  // All of nothing is false here, unlike in logic.
  return Value(list.is(Kind::list) && list.size() > 0 && !any(false, list, arguments.at(1)));
}

Value Evaluation::none(Arguments const& arguments, Value const& data) {
  auto const list = apply(arguments.at(0), data);
  return Value(!list.is(Kind::list) || !any(true, list, arguments.at(1)));
}

Value Evaluation::some(Arguments const& arguments, Value const& data) {
  auto const list = apply(arguments.at(0), data);
  return Value(list.is(Kind::list) && any(true, list, arguments.at(1)));
}

}  // namespace

Result<Json> evaluate(Json const& rule, Json const& data, GuardLimits limits) {
  Evaluation evaluation(limits);
  auto const value = evaluation.apply(&rule, Value(data));
  auto result = evaluation.effort().stopped() ? Json() : value.to_json(evaluation.effort());
  if (evaluation.effort().stopped()) {
    return refused(evaluation.effort().refusal());
  }
  return result;
}

bool truthy(Json const& value) {
  return is_true(Value(value));
}

Result<Verdict> check_guard(Json const& rule, Json const& data) {
  Evaluation evaluation({});
  auto const value = evaluation.apply(&rule, Value(data));
  if (evaluation.effort().stopped()) {
    return refused(evaluation.effort().refusal());
  }
  auto missing = std::move(evaluation.missing());
  bool const holds = is_true(value) && missing.empty();
  return Verdict{.holds = holds, .missing = std::move(missing)};
}

}  // namespace bihuan
