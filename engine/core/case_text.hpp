// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/core/case.hpp"

namespace bihuan {

// The body of a case's stored row: everything but the number, which only the storing transaction knows. Canonical JSON.
// Written and read without a tree of values in between: every reading of a case and every step goes through here.
[[nodiscard]] std::string case_text(Case const& subject);
// Nothing where the text is no case any more: somebody altered it, or the disk did.
[[nodiscard]] std::optional<Case> case_from_text(std::string_view stored);

// As stored texts and answers say it.
[[nodiscard]] std::string_view state_name(Deadline::State state);

}  // namespace bihuan
