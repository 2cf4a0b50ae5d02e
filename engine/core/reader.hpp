// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/json.hpp"
#include "engine/core/result.hpp"

namespace bihuan {

// The one typed way into JSON that people write: definitions, calendars, organisations, scenarios, request
// bodies. Collects every fault with its JSON pointer instead of stopping at the first. `value()` and
// `operator[]` of nlohmann throw on what is no object; nothing here does.
class Reader {
 public:
  Reader(OrderedJson const& value, std::string pointer, Refusals& faults)
      : value_(value), pointer_(std::move(pointer)), faults_(faults) {}

  // Each names a member of this object. A required one that is missing or of the wrong type is a fault and
  // gives an empty value; the optional ones take their fallback when absent or null (still a fault when of
  // the wrong type).
  [[nodiscard]] std::string text(std::string_view name);
  [[nodiscard]] std::string text_or(std::string_view name, std::string fallback);
  [[nodiscard]] std::int64_t integer_or(std::string_view name, std::int64_t fallback);
  [[nodiscard]] std::optional<double> number(std::string_view name);
  [[nodiscard]] bool boolean_or(std::string_view name, bool fallback);
  // {"zh": ..., "en": ...}, both not empty.
  [[nodiscard]] Text bilingual(std::string_view name);
  [[nodiscard]] Text bilingual_or(std::string_view name, Text fallback);
  // This value itself as such a text.
  [[nodiscard]] Text as_bilingual();
  [[nodiscard]] std::vector<std::string> texts(std::string_view name);  // absent = empty
  // One of the choices, else the fallback and a not_a_choice fault.
  [[nodiscard]] std::string choice(std::string_view name, std::vector<std::string_view> const& choices,
                                   std::string fallback);
  // The member, or nullptr when absent; marks it as known.
  [[nodiscard]] OrderedJson const* find(std::string_view name);
  // Is the member there? Null is a fault then: for a patch (RFC 7396) of members that cannot be taken away.
  [[nodiscard]] bool gives(std::string_view name, std::string_view expected);
  // Calls `each` for every member of an object member / element of a list member, absent = none.
  void members(std::string_view name, std::function<void(std::string const& key, Reader&)> const& each);
  void elements(std::string_view name, std::function<void(std::size_t index, Reader&)> const& each);

  // A fault for each member that nobody asked for. Call last.
  void finish();

  void fault(Code code, std::string_view member, std::initializer_list<struct Argument> arguments = {});
  [[nodiscard]] bool is_object() const { return value_.is_object(); }
  [[nodiscard]] OrderedJson const& value() const { return value_; }
  [[nodiscard]] std::string const& pointer() const { return pointer_; }
  [[nodiscard]] Refusals& faults() { return faults_; }

 private:
  [[nodiscard]] OrderedJson const* typed(std::string_view name, bool required, bool (OrderedJson::*is)() const noexcept,
                                         std::string_view expected);

  OrderedJson const& value_;
  std::string pointer_;
  Refusals& faults_;
  std::vector<std::string> known_;
  bool complained_ = false;
};

// Ill-formed UTF-8, U+0000 and other control characters but tab and newline are not taken; nor more bytes
// than `limit`.
[[nodiscard]] std::optional<Refusal> check_text(std::string_view text, std::size_t limit, std::string const& pointer);

}  // namespace bihuan
