// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace bihuan {

// Where definitions, calendars and the organisation are: `given` if not empty; else BIHUAN_WORKFLOWS of the
// environment; else ../share/bihuan/workflows beside the program, or workflows/ of the sources that it was
// built from.
[[nodiscard]] std::filesystem::path find_workflows_directory(std::filesystem::path const& given = {});

}  // namespace bihuan
