// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "engine/core/result.hpp"
#include "engine/store/postgres/connection.hpp"

namespace bihuan::postgres {

// One step of the database's shape: forward only, applied once. A released step is never edited.
struct SchemaChange {
  char const* name;
  char const* script;
  // Whether programs that do not know the change go on with the database: what they read still means what it did, and
  // what they write is all that this one needs. Otherwise they stop, and none of them writes after it.
  bool older_go_on = false;
};

// This program's, the first of all first.
[[nodiscard]] std::span<SchemaChange const> schema_changes();
[[nodiscard]] std::int64_t known_changes();  // how many

// Applies what is missing of the numbered schema changes, one node at a time. Before a change that older programs stop
// for their nodes are asked to end, and waited for. Refused with newer_store, before anything is touched, when the
// database has a change that is not among these, unless it is one that older programs go on with.
[[nodiscard]] Result<void> bring_up_to_date(Connection& connection,
                                            std::span<SchemaChange const> changes = schema_changes(),
                                            std::chrono::milliseconds patience = std::chrono::seconds{15});

// Refused with newer_store when the database has any change that this program does not know, as for who reads all of
// it.
[[nodiscard]] Result<void> check_all_known(Connection& connection);

// A statement: how many changes there are that a program which knows the first `known` must not go on with.
[[nodiscard]] std::string count_changes_to_stop_for(std::int64_t known);

}  // namespace bihuan::postgres
