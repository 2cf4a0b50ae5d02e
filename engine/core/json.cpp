// SPDX-License-Identifier: Apache-2.0
#include "engine/core/json.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/core/message.hpp"

template class nlohmann::basic_json<>;

namespace bihuan {
namespace {

Text byte_count(std::size_t bytes) {
  return message("count.bytes", {{"count", std::to_string(bytes)}});
}

// Where a reader looks for the fault: lines and columns count from 1, columns in characters.
Text place_in(std::string_view text, std::size_t offset) {
  std::size_t line = 1;
  std::size_t column = 1;
  for (char const byte : text.substr(0, offset)) {
    if (byte == '\n') {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(byte) & 0xC0U) != 0x80U) {
      ++column;
    }
  }
  return message(
      offset >= text.size() ? "detail.text_ends_early" : "detail.unexpected_here",
      {{"line", std::to_string(line)}, {"column", std::to_string(column)}, {"byte", std::to_string(offset)}});
}

// ordered_json looks a key up by walking all of them, which would make a wide object quadratic; both kinds
// are filled through here after the builder has seen that the key is new.
Json& add_member(Json& object, std::string const& key) {
  return object.get_ref<Json::object_t&>()[key];
}
OrderedJson& add_member(OrderedJson& object, std::string const& key) {
  return object.get_ref<OrderedJson::object_t&>().emplace_back(key, nullptr).second;
}

// Builds a value from the parser's events and stops at the first thing that this program does not take.
template <class Value>
class Builder {
 public:
  Builder(std::string_view text, JsonLimits limits) : text_(text), limits_(limits) {}

  bool null() { return place(nullptr); }
  bool boolean(bool value) { return place(value); }
  bool number_integer(std::int64_t value) { return place(value); }
  bool number_unsigned(std::uint64_t value) { return place(value); }
  bool number_float(double value, std::string const& literal) {
    // The parser hands an integer that does not fit over as a double, with the literal as it was written.
    if (literal.find_first_not_of("-0123456789") == std::string::npos) {
      return stop(Code::number_out_of_range, next_pointer(), {{"detail", message("detail.integer_past_64_bits")}});
    }
    return place(value);
  }
  bool string(std::string& value) {
    if (value.find('\0') != std::string::npos) {
      return stop(Code::invalid_text, next_pointer(), {{"detail", message("detail.null_character")}});
    }
    return place(std::move(value));
  }
  bool binary(typename Value::binary_t&) { return false; }

  bool start_object(std::size_t) { return open(Value::object()); }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(Value::array()); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    Level& level = levels_.back();
    if (name.find('\0') != std::string::npos) {
      return stop(Code::invalid_text, pointer_, {{"detail", message("detail.null_character")}});
    }
    if (!level.keys.insert(name).second) {
      return stop(Code::duplicate_key, pointer_to(pointer_, name), {{"name", name}});
    }
    level.key = name;
    return true;
  }

  bool parse_error(std::size_t position, std::string const&, nlohmann::detail::exception const& error) {
    constexpr int number_overflow = 406;
    if (error.id == number_overflow) {
      return stop(Code::number_out_of_range, next_pointer(), {{"detail", message("detail.number_past_double")}});
    }
    auto const offset = std::min(position > 0 ? position - 1 : 0, text_.size());
    return stop(Code::malformed_json, {}, {{"detail", place_in(text_, offset)}});
  }

  [[nodiscard]] Result<Value> take() && {
    if (refusal_) {
      return refused(std::move(*refusal_));
    }
    return std::move(root_);
  }

 private:
  struct Level {
    Value* container;
    std::size_t pointer_size;  // of the pointer to the parent
    std::string key;
    std::unordered_set<std::string> keys;
  };

  bool stop(Code code, std::string pointer, std::initializer_list<Argument> arguments) {
    refusal_ = refusal(code, std::move(pointer), arguments);
    return false;
  }

  // The pointer to the value that comes next.
  [[nodiscard]] std::string next_pointer() const {
    if (levels_.empty()) {
      return {};
    }
    Level const& level = levels_.back();
    return level.container->is_object() ? pointer_to(pointer_, level.key)
                                        : pointer_to(pointer_, level.container->size());
  }

  template <class Scalar>
  bool place(Scalar&& value) {
    (void)add(Value(std::forward<Scalar>(value)));
    return true;
  }

  Value* add(Value value) {
    if (levels_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Level& level = levels_.back();
    if (level.container->is_object()) {
      Value& member = add_member(*level.container, level.key);
      member = std::move(value);
      return &member;
    }
    auto& elements = level.container->template get_ref<typename Value::array_t&>();
    elements.push_back(std::move(value));
    return &elements.back();
  }

  bool open(Value empty) {
    if (levels_.size() >= limits_.depth) {
      return stop(Code::too_deep, next_pointer(), {{"limit", std::to_string(limits_.depth)}});
    }
    auto const pointer_size = pointer_.size();
    auto pointer = next_pointer();
    Value* const container = add(std::move(empty));
    pointer_ = std::move(pointer);
    levels_.push_back({.container = container, .pointer_size = pointer_size, .key = {}, .keys = {}});
    return true;
  }

  bool close() {
    pointer_.resize(levels_.back().pointer_size);
    levels_.pop_back();
    return true;
  }

  std::string_view text_;
  JsonLimits limits_;
  Value root_;
  std::vector<Level> levels_;
  std::string pointer_;
  std::optional<Refusal> refusal_;
};

template <class Value>
Result<Value> parse(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.bytes) {
    return refused(refusal(Code::too_large, {}, {{"limit", byte_count(limits.bytes)}}));
  }
  Builder<Value> builder(text, limits);
  (void)Value::sax_parse(text.begin(), text.end(), &builder);
  return std::move(builder).take();
}

}  // namespace

Result<Json> parse_json(std::string_view text, JsonLimits limits) {
  return parse<Json>(text, limits);
}

Result<OrderedJson> parse_ordered_json(std::string_view text, JsonLimits limits) {
  return parse<OrderedJson>(text, limits);
}

std::string canonical(Json const& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string pointer_to(std::string_view parent, std::string_view token) {
  std::string pointer(parent);
  pointer += '/';
  for (char const byte : token) {
    if (byte == '~') {
      pointer += "~0";
    } else if (byte == '/') {
      pointer += "~1";
    } else {
      pointer += byte;
    }
  }
  return pointer;
}

std::string pointer_to(std::string_view parent, std::size_t index) {
  return std::string(parent).append("/").append(std::to_string(index));
}

}  // namespace bihuan
