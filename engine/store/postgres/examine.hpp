// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/store/postgres/postgres_store.hpp"

namespace bihuan {

// What a look at a PostgreSQL found, besides that it answers.
struct PostgresExamination {
  bool has_tables = false;  // of ours; the first start makes them
  bool older = false;       // the next start changes them
  // Refusals that the next start would meet: newer_store, key_missing, key_wrong.
  Refusals refusals;
  // Settings that are off, and without which the database may lose what was confirmed.
  std::vector<std::string> unsafe;
  bool vacuums = true;
  std::int64_t connections = 0;  // that it allows everybody together
};

// Looks at what open_postgres_store with these options would open, and changes nothing. Throws StoreFault with what is
// in the way when the database is out of reach or cannot be used at all.
[[nodiscard]] PostgresExamination examine_postgres_store(std::string const& uri, PostgresOptions const& options);
// Throws StoreFault where no standby answers.
void examine_replica(std::string const& uri);

}  // namespace bihuan
