// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/guard.hpp"

// The values and coercions that rules in JSON Logic compute with. They are JavaScript's (ECMA-262, section
// 7), because the browser evaluates the same rules with the language's JavaScript original.
namespace bihuan::logic {

// What an evaluation may still do. Once stopped it stays stopped, and what it computes from there on means
// nothing.
class Effort {
 public:
  explicit Effort(GuardLimits limits) : limits_(limits) {}

  // One operation; false when there have been too many.
  bool step() { return work(bytes_in_a_step); }
  // Bytes read or copied by an operation that grows with its input.
  bool work(std::size_t bytes);
  // A new value of this size.
  bool make(std::size_t bytes);
  // A value or a rule nested so deep.
  bool nest(std::size_t depth);
  void stop(Text detail);

  [[nodiscard]] bool stopped() const { return refusal_.has_value(); }
  [[nodiscard]] Refusal const& refusal() const { return *refusal_; }
  [[nodiscard]] GuardLimits const& limits() const { return limits_; }

 private:
  static constexpr std::size_t bytes_in_a_step = 64;
  GuardLimits limits_;
  std::size_t done_ = 0;
  std::optional<Refusal> refusal_;
};

class Value;
using List = std::vector<Value>;
struct Accumulation;

struct Undefined {};
enum class Kind { undefined, null, boolean, number, string, list, object };

// Strings, lists and objects are either borrowed from the rule and the data, which outlive the evaluation, or
// made by it and shared. JavaScript compares lists and objects by identity, so copies of a Value keep theirs.
class Value {
 public:
  Value() = default;
  explicit Value(std::nullptr_t) : held_(nullptr) {}
  explicit Value(bool value) : held_(value) {}
  explicit Value(double value) : held_(value) {}
  explicit Value(Json const& borrowed);
  explicit Value(std::u16string text) : held_(std::make_shared<std::u16string const>(std::move(text))) {}
  explicit Value(Json&&) = delete;
  // Both stop the effort, and give undefined, when the value is too large or too deep.
  static Value of(List elements, Effort& effort);
  static Value of(Accumulation accumulation, Effort& effort);

  [[nodiscard]] Kind kind() const;
  [[nodiscard]] bool is(Kind kind_) const { return kind() == kind_; }
  [[nodiscard]] bool is_nothing() const { return is(Kind::undefined) || is(Kind::null); }
  [[nodiscard]] bool boolean() const { return std::get<bool>(held_); }
  [[nodiscard]] double number() const { return std::get<double>(held_); }
  // Of a list.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] Value at(std::size_t index) const;
  // JavaScript's value[name]: a member, an element, a character, or the length; not what a prototype would
  // add.
  [[nodiscard]] Value property(std::string const& name, Effort& effort) const;
  [[nodiscard]] bool has_own(std::string const& name) const;
  [[nodiscard]] bool is_accumulation() const;

  [[nodiscard]] std::string const* borrowed_text() const;
  // Of a string.
  [[nodiscard]] bool empty() const;
  [[nodiscard]] std::u16string text(Effort& effort) const;
  [[nodiscard]] bool same_as(Value const& other) const;
  [[nodiscard]] std::size_t depth() const;
  // The string, list or object where it is borrowed, else nullptr.
  [[nodiscard]] Json const* borrowed() const;
  // As JSON.stringify would write it: what is undefined or no finite number becomes null.
  [[nodiscard]] Json to_json(Effort& effort) const;

 private:
  struct Made;
  struct Accumulated;
  std::variant<Undefined, std::nullptr_t, bool, double, std::shared_ptr<std::u16string const>,
               std::shared_ptr<Made const>, std::shared_ptr<Accumulated const>, Json const*>
      held_;
};

// The data that the body of a reduce sees.
struct Accumulation {
  Value current;
  Value accumulator;
};

[[nodiscard]] bool is_true(Value const& value);
[[nodiscard]] double to_number(Value const& value, Effort& effort);
[[nodiscard]] std::u16string to_text(Value const& value, Effort& effort);
// Array.prototype.join.
[[nodiscard]] std::u16string join(List const& elements, std::u16string_view separator, Effort& effort);
// parseFloat: the number that the text starts with.
[[nodiscard]] double leading_number(Value const& value, Effort& effort);
[[nodiscard]] bool strictly_equal(Value const& left, Value const& right, Effort& effort);
[[nodiscard]] bool loosely_equal(Value const& left, Value const& right, Effort& effort);
enum class Order { less, equal, greater, none };
[[nodiscard]] Order compare(Value const& left, Value const& right, Effort& effort);

// Of the coercion's two halves for text; in guard_number.cpp.
[[nodiscard]] double number_in(std::u16string_view text);
[[nodiscard]] double number_at_start_of(std::u16string_view text);
[[nodiscard]] std::u16string text_of(double number);

}  // namespace bihuan::logic
