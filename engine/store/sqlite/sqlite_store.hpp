// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "engine/store/data_key.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

struct SqliteOptions {
  // Each commit reaches the disk before it is answered. Without it a loss of power may lose what was
  // confirmed: for tests and scenarios only.
  bool durable = true;
  std::size_t queue = 1024;  // appends that may wait; more are refused with busy
  std::size_t batch = 256;   // appends that share a commit at most
  std::size_t readers = 4;
  // Of the log, after which they are copied into the database: 4 MiB. Commits that come meanwhile share the disk with
  // that, so it is done in small portions.
  int log_pages = 1024;
  // The key of the data directory (data_key.hpp), which its secrets are encrypted by.
  using Key = KeyUse;
  Key key = Key::needed;
};

inline constexpr char data_key_file[] = "secret.key";

// Opens or creates the store in `directory` (bihuan.db, attachments.db, secret.key) and holds it for this process
// alone. Refused with store_in_use, store_read_only or newer_store, and nothing is touched then, and with key_missing
// or key_wrong. Throws StoreFault when the files cannot be read as what they should be. Destroying the store finishes
// what was taken, checkpoints and closes.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite_store(std::filesystem::path const& directory,
                                                               SqliteOptions const& options = {});

// Looks over the files without changing anything, while a server may have them open. Reads all of them. Refused with
// newer_store; throws StoreFault with what is damaged.
[[nodiscard]] Result<void> examine_sqlite_store(std::filesystem::path const& directory);

}  // namespace bihuan
