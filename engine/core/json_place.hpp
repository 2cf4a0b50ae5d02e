// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace bihuan {

// Where in a text something stands; the first line and the first column are 1, and columns count characters.
struct TextPlace {
  std::size_t line = 1;
  std::size_t column = 1;

  bool operator==(TextPlace const&) const = default;
};

[[nodiscard]] TextPlace place_at(std::string_view text, std::size_t offset);

// Where a text ceases to be JSON; its end when it is one.
[[nodiscard]] TextPlace end_of_json(std::string_view text);

// The value that a JSON pointer leads to, or the innermost one on the way to it that is there.
[[nodiscard]] TextPlace place_of(std::string_view text, std::string_view pointer);

}  // namespace bihuan
