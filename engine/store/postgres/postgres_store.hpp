// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "engine/store/data_key.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

struct PostgresOptions {
  // Where the key is kept that the secrets are encrypted by and the log is sealed by (data_key.hpp). Every node has the
  // same: made by the first node of a new store, and copied to the others by hand.
  std::filesystem::path key_file;
  KeyUse key = KeyUse::needed;
  // A standby of the same, named as libpq reads it, for lists and reports; empty: none. It is used where it has all
  // that was confirmed, and needed for nothing.
  std::string replica{};
  // Without it a crash of the database may lose what was confirmed: for tests alone.
  bool durable = true;
  std::size_t queue = 1024;  // appends that may wait; more are refused with busy
  std::size_t batch = 256;   // appends that share a commit at most
  std::size_t writers = 2;   // connections for cases; the audit and everything else have one more each
  std::size_t readers = 4;
  std::chrono::milliseconds answer{15'000};  // how long the database is waited for before a request hears 503
};

// How many connections a node with these options may hold at once.
[[nodiscard]] std::size_t connections_of_node(PostgresOptions const& options);

// Opens the store in the PostgreSQL database (15 or newer, encoded in UTF-8) that `uri` names as libpq reads it, for
// this node and any number of others at once, and makes or changes its tables as needed. Refused with newer_store,
// key_missing or key_wrong. Throws StoreFault when the database is out of reach. A database that goes away later is a
// StoreFault for who asks meanwhile, in bounded time, and is found again by itself.
[[nodiscard]] Result<std::unique_ptr<Store>> open_postgres_store(std::string const& uri,
                                                                 PostgresOptions const& options);

// Whether a text names such a store: "postgresql://…" or "postgres://…".
[[nodiscard]] bool names_postgres(std::string_view text);

}  // namespace bihuan
