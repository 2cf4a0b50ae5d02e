// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/core/json.hpp"
#include "engine/core/message.hpp"
#include "engine/service/insight.hpp"

namespace bihuan {

// An insight into one workflow's cases, in the forms in which it is read. Times in JSON are seconds.

[[nodiscard]] OrderedJson insight_json(Insight const& insight, Definition const& definition,
                                       Organisation const& organisation);
[[nodiscard]] std::string insight_text(Insight const& insight, Definition const& definition,
                                       Organisation const& organisation, Language language);
// The definition's diagram with how long cases stay in each state and how often they go each way.
[[nodiscard]] std::string insight_svg(Insight const& insight, Definition const& definition, Language language);

// "3 d 4 h", the two largest parts.
[[nodiscard]] std::string in_words(std::chrono::seconds time, Language language);

}  // namespace bihuan
