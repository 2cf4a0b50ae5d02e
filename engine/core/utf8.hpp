// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bihuan {

// The code point that starts at `at`, which moves past it. Nothing, and `at` stays, when the bytes are
// ill-formed: overlong, a surrogate, past U+10FFFF, cut off. `at` must be inside the text.
[[nodiscard]] std::optional<char32_t> next_code_point(std::string_view text, std::size_t& at);

// What is ill-formed (a stray byte, a lone surrogate) becomes U+FFFD, in both directions.
[[nodiscard]] std::u16string utf16_from(std::string_view text);
[[nodiscard]] std::string utf8_from(std::u16string_view text);

// In Normalization Form C (Unicode annex 15), so that what looks the same is the same: some keyboards send é as e and
// an accent. Ill-formed text is left as it is.
[[nodiscard]] std::string composed(std::string text);

}  // namespace bihuan
