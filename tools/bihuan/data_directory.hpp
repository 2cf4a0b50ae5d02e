// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>

namespace bihuan {

// Opening a store makes one, so a verb that only looks asks first; `err` hears when there is none.
[[nodiscard]] bool holds_data(std::filesystem::path const& directory, std::ostream& err);

// What `work` returns; when the store or the disk fails under it, `err` hears why, and the status says no.
[[nodiscard]] int say_faults(std::ostream& err, std::function<int()> const& work);

}  // namespace bihuan
