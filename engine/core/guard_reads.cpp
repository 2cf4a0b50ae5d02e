// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "engine/core/guard.hpp"
#include "engine/core/guard_operators.hpp"
#include "engine/core/message.hpp"
#include "engine/core/utf8.hpp"

namespace bihuan {
namespace {

template <std::size_t size>
bool is_one_of(std::array<std::string_view, size> const& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The second argument of these reads the elements of the first, not the data.
constexpr std::array<std::string_view, 6> over_elements = {"map", "filter", "reduce", "all", "none", "some"};
constexpr std::array<std::string_view, 4> choosing = {"if", "?:", "and", "or"};

bool is_computed(Json const& written) {
  return written.is_array() || (written.is_object() && written.size() == 1);
}

// Walks every rule, taken or not: what may be read, not what was.
class Reading {
 public:
  // Whose data a path is about.
  enum class Scope { data, element };

  void walk(Json const& rule, std::string const& pointer, std::size_t depth, Scope scope) {
    if (refusal_ || !is_computed(rule)) {
      return;
    }
    if (depth > GuardLimits().depth) {
      auto const limit = std::to_string(GuardLimits().depth);
      stop(pointer, message("detail.rule_depth", {{"limit", limit}}));
    } else if (rule.is_array()) {
      for (std::size_t index = 0; index < rule.size(); ++index) {
        walk(rule[index], pointer_to(pointer, index), depth + 1, scope);
      }
    } else {
      walk_operation(rule, pointer, depth, scope);
    }
  }

  [[nodiscard]] Result<Reads> take() && {
    if (refusal_) {
      return refused(std::move(*refusal_));
    }
    return std::move(reads_);
  }

 private:
  void stop(std::string pointer, Text detail) {
    refusal_ = refusal(Code::bad_rule, std::move(pointer), {{"detail", std::move(detail)}});
  }

  void walk_operation(Json const& rule, std::string const& pointer, std::size_t depth, Scope scope) {
    auto const& name = rule.begin().key();
    Json const& written = rule.begin().value();
    auto const at = pointer_to(pointer, name);
    bool const reads = name == "var" || name == "missing" || name == "missing_some";
    bool const elements = is_one_of(over_elements, name);
    if (!reads && !elements && !is_one_of(choosing, name) && logic::find_operator(name) == nullptr) {
      stop(at, message("detail.rule_operator", {{"name", name}}));
      return;
    }
    if (reads && scope == Scope::data) {
      note(name, written);
    }
    if (!written.is_array()) {
      walk(written, at, depth + 1, scope);
      return;
    }
    for (std::size_t index = 0; index < written.size(); ++index) {
      bool const body = elements && index == 1;
      walk(written[index], pointer_to(at, index), depth + 1, body ? Scope::element : scope);
    }
  }

  void note(std::string const& name, Json const& written) {
    if (name == "missing") {
      bool const listed = written.is_array() && !written.empty() && written[0].is_array();
      note_keys(listed ? written[0] : written);
    } else if (name == "var") {
      Json const* const key = !written.is_array() ? &written : written.empty() ? nullptr : &written[0];
      if (key != nullptr) {
        note_key(*key);
      }
    } else if (written.is_array() && written.size() > 1) {
      note_keys(written[1]);
    }
  }

  void note_keys(Json const& keys) {
    if (!keys.is_array()) {
      note_key(keys);
      return;
    }
    for (Json const& key : keys) {
      note_key(key);
    }
  }

  void note_key(Json const& key) {
    logic::Effort effort({});
    if (is_computed(key)) {
      reads_.dynamic = true;
    } else if (auto path = utf8_from(to_text(logic::Value(key), effort)); !key.is_null() && !path.empty()) {
      reads_.paths.insert(std::move(path));
    }
  }

  Reads reads_;
  std::optional<Refusal> refusal_;
};

}  // namespace

Result<Reads> reads_of(Json const& rule) {
  Reading reading;
  reading.walk(rule, {}, 1, Reading::Scope::data);
  return std::move(reading).take();
}

}  // namespace bihuan
