// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace bihuan {

template <class T>
struct Page {
  std::vector<T> items;
  std::string next_cursor;  // empty at the end
};

}  // namespace bihuan
