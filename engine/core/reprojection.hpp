// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/decide.hpp"

namespace bihuan {

// What a new calendar changes in one case: each running deadline whose due instant, hard limit or warning falls
// elsewhere by it, or is now certain where it was provisional. An empty decision when there is nothing. Cycles,
// pauses, extensions and the rungs that have fired stay as they are; what stands still is reckoned when it goes
// on.
[[nodiscard]] Decision decide_calendar_changed(Circumstances const& circumstances, Case const& subject);

}  // namespace bihuan
