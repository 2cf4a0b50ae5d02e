// SPDX-License-Identifier: Apache-2.0
#include "engine/core/json_place.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/json.hpp"

namespace bihuan {
namespace {

std::vector<std::string> tokens_of(std::string_view pointer) {
  std::vector<std::string> tokens;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    std::string token;
    for (; !pointer.empty() && pointer.front() != '/'; pointer.remove_prefix(1)) {
      bool const escaped = pointer.front() == '~' && pointer.size() > 1;
      if (escaped) pointer.remove_prefix(1);
      token += escaped ? (pointer.front() == '1' ? '/' : '~') : pointer.front();
    }
    tokens.push_back(std::move(token));
  }
  return tokens;
}

// nlohmann tells no positions, so this walks the text again; it stops where the text is no JSON.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  std::size_t find(std::vector<std::string> const& tokens) {
    space();
    auto found = at_;
    for (auto const& token : tokens) {
      if (at_ >= text_.size()) break;
      bool const there = text_[at_] == '{' ? member(token) : text_[at_] == '[' && element(token);
      if (!there) break;
      found = at_;
    }
    return found;
  }

  // Past one value.
  bool skip() {
    space();
    if (at_ >= text_.size()) return false;
    if (text_[at_] == '"') return string().has_value();
    if (text_[at_] == '{' || text_[at_] == '[') return skip_all();
    while (at_ < text_.size() && std::string_view(",]} \t\r\n").find(text_[at_]) == std::string_view::npos) ++at_;
    return true;
  }

  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  void space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }

  bool take(char character) {
    space();
    if (at_ >= text_.size() || text_[at_] != character) return false;
    ++at_;
    return true;
  }

  std::optional<std::string> string() {
    auto const begin = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2U : 1U;
    if (at_ >= text_.size()) return std::nullopt;
    ++at_;
    auto const value = Json::parse(text_.substr(begin, at_ - begin), nullptr, false);
    return value.is_string() ? value.get<std::string>() : std::string();
  }

  // Brackets within texts are none.
  bool skip_all() {
    std::size_t depth = 0;
    while (at_ < text_.size()) {
      auto const character = text_[at_];
      if (character == '"') {
        if (!string()) return false;
        continue;
      }
      ++at_;
      if (character == '{' || character == '[') ++depth;
      if ((character == '}' || character == ']') && --depth == 0) return true;
    }
    return false;
  }

  bool member(std::string const& name) {
    auto const begin = at_++;
    for (space(); at_ < text_.size() && text_[at_] == '"'; space()) {
      auto const key = string();
      if (!key || !take(':')) break;
      space();
      if (*key == name) return true;
      if (!skip() || !take(',')) break;
    }
    at_ = begin;
    return false;
  }

  bool element(std::string const& index) {
    auto const begin = at_++;
    bool const number = !index.empty() && index.size() < 9 &&
                        std::all_of(index.begin(), index.end(), [](char c) { return c >= '0' && c <= '9'; });
    auto const wanted = number ? std::stoul(index) : text_.size();
    for (std::size_t i = 0; at_ < text_.size(); ++i) {
      space();
      if (i == wanted && at_ < text_.size() && text_[at_] != ']') return true;
      if (!skip() || !take(',')) break;
    }
    at_ = begin;
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

TextPlace place_at(std::string_view text, std::size_t offset) {
  auto const before = text.substr(0, offset);
  auto const line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  auto const characters = std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_start), before.end(),
                                        [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  return {.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')),
          .column = 1 + static_cast<std::size_t>(characters)};
}

TextPlace end_of_json(std::string_view text) {
  try {
    [[maybe_unused]] auto const parsed = Json::parse(text);
  } catch (Json::parse_error const& fault) {
    return place_at(text, fault.byte == 0 ? 0 : fault.byte - 1);
  }
  return place_at(text, text.size());
}

TextPlace place_of(std::string_view text, std::string_view pointer) {
  if (!pointer.empty() && pointer.front() != '/') return {};
  return place_at(text, Walk(text).find(tokens_of(pointer)));
}

}  // namespace bihuan
