// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/core/message.hpp"
#include "engine/format/ledger_import.hpp"

namespace bihuan {

// Private to engine/format: how the parts of an import say what is wrong.

[[nodiscard]] inline bool says(Text const& title, std::string const& text) {
  return title.zh == text || title.en == text;
}

inline void fault(RowOutcome& outcome, std::string const& column, Refusal refusal) {
  outcome.what = RowOutcome::What::refused;
  outcome.faults.push_back({.column = column, .refusal = std::move(refusal)});
}

inline void fault(RowOutcome& outcome, std::string const& column, Refusals refusals) {
  for (auto& refusal : refusals) fault(outcome, column, std::move(refusal));
}

[[nodiscard]] inline Refusal bad(std::string const& value, Text const& expected) {
  return refusal(Code::bad_format, {}, {{"value", value}, {"expected", expected}});
}

}  // namespace bihuan
