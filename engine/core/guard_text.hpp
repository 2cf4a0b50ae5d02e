// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/definition.hpp"
#include "engine/core/json.hpp"
#include "engine/core/text.hpp"
#include "engine/core/time.hpp"

namespace bihuan {

// A guard's text may name a time: "{deadlines.public-notice.over}" stands for the day itself.

// The paths that stand in braces, of both languages.
[[nodiscard]] std::vector<std::string> placeholders_of(Text const& text);
// Only times may stand there: who is refused may not be one who reads everything else of the case.
[[nodiscard]] bool is_time_path(Definition const& definition, std::string_view path);

// Each placeholder replaced by what `say` makes of its path.
[[nodiscard]] Text with_placeholders(Text const& text, std::function<Text(std::string const& path)> const& say);
// From the data that the guard was asked over: a date as it is; an instant as the date there, with the time of day
// unless that day has just begun; a dash where there is nothing.
[[nodiscard]] Text with_times(Text const& text, Json const& data, Zone const& zone);

}  // namespace bihuan
