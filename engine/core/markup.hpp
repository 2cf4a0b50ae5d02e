// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace bihuan {

// The text with what HTML and XML read as their own spelt out, fit for content and for quoted attributes.
[[nodiscard]] std::string escape_markup(std::string_view text);

}  // namespace bihuan
