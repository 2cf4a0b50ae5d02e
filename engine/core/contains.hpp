// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>

namespace bihuan {

// Of a list of texts, whichever kind of text it holds.
template <class Names>
[[nodiscard]] bool contains(Names const& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace bihuan
