// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/core/result.hpp"

namespace bihuan {

// What a copy of a store holds.
struct CopiedStore {
  std::int64_t cases = 0;
  std::int64_t events = 0;
  std::int64_t last_change = 0;  // as CaseStore::last_change counts
};

// The databases of a data directory, the first one that of the cases.
inline constexpr char const* database_files[] = {"bihuan.db", "attachments.db"};

// Copies the databases of `source`, which another process may go on writing, into the existing directory `target`: the
// cases as they are at one instant, and the attachments as they are after it, so that the bytes of every document are
// in the copy. One file each, durable when this returns. Refused with newer_store. Throws StoreFault.
[[nodiscard]] Result<CopiedStore> copy_sqlite_store(std::filesystem::path const& source,
                                                    std::filesystem::path const& target);

// What SQLite finds wrong with the structure of the databases in `directory`: pages and indexes. Reads all of
// them. Throws StoreFault when one cannot be read at all.
[[nodiscard]] std::vector<std::string> structure_faults(std::filesystem::path const& directory);

}  // namespace bihuan
