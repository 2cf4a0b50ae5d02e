// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace bihuan {

// Fills what it is given from the front and says how much; 0 is the end.
using ByteSource = std::function<std::size_t(std::span<char>)>;

// Gives these bytes once, for what is in memory already.
[[nodiscard]] inline ByteSource source_of(std::string bytes) {
  return [bytes = std::move(bytes), done = std::size_t{0}](std::span<char> into) mutable {
    auto const size = std::min(bytes.size() - done, into.size());
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(done), size, into.begin());
    done += size;
    return size;
  };
}

}  // namespace bihuan
