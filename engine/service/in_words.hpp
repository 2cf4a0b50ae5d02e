// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/service/library.hpp"

namespace bihuan {

// Values as Chinese official documents write them, for papers and packages.

// 2026年11月24日 (GB/T 9704).
[[nodiscard]] std::string in_chinese(Date date);
// A field's value: choices and units by their title, lists with 、 between.
[[nodiscard]] std::string in_words(Field const& field, Json const& value, Library const& library, Zone const& zone);
// The units of those who hold a part.
[[nodiscard]] std::string in_words(std::vector<Holder> const& holders, Organisation const& organisation);

}  // namespace bihuan
