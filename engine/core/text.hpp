// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace bihuan {

// What a person reads, in both languages of the product.
struct Text {
  std::string zh;
  std::string en;

  bool operator==(Text const&) const = default;
};

enum class Language { zh, en };

[[nodiscard]] inline std::string const& in(Language language, Text const& text) {
  return language == Language::zh ? text.zh : text.en;
}

}  // namespace bihuan
