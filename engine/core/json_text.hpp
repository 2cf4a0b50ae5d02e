// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/json.hpp"

namespace bihuan {

// Writes JSON as text, in the form of canonical(), without building a value first. That keys are sorted is up to the
// caller.
class JsonText {
 public:
  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }

  void key(std::string_view name) {
    string(name);
    text_ += ':';
    first_ = true;
  }
  // Ill-formed UTF-8 is replaced, as by canonical().
  void value(std::string_view text) { string(text); }
  void value(char const* text) { string(text); }
  void value(bool truth) { literal(truth ? "true" : "false"); }
  void value(std::int64_t number) { literal(std::to_string(number)); }
  void value(int number) { literal(std::to_string(number)); }
  void value(std::nullptr_t) { literal("null"); }
  void value(std::same_as<Json> auto const& json) {
    if (json.is_string()) return string(json.template get_ref<std::string const&>());
    literal(canonical(json));
  }
  // What is JSON already.
  void json(std::string_view written) { literal(written); }

  template <class Value>
  void member(std::string_view name, Value const& its) {
    key(name);
    value(its);
  }

  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  void begin(char bracket);
  void end(char bracket);
  void literal(std::string_view written);
  void string(std::string_view text);
  void separate();

  std::string text_;
  bool first_ = true;  // no comma before what comes next
};

}  // namespace bihuan
