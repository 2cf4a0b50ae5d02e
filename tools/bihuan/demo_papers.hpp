// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tools/bihuan/demo_random.hpp"

namespace bihuan {

// A small valid JPEG: a mosaic of greys.
[[nodiscard]] std::string make_demo_photo(DemoRandom& random);

// A valid PDF of one page with these words on it (UTF-8, Chinese too, in the reader's own font).
[[nodiscard]] std::string make_demo_paper(std::string_view heading, std::string_view words);

}  // namespace bihuan
