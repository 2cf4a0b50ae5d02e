// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/store/store.hpp"

namespace bihuan::test {

// Suites that say nothing about a kind of store run on SQLite, and with BIHUAN_TEST_STORE=postgres on PostgreSQL.
[[nodiscard]] bool tests_on_postgres();

// The store of this directory: in it, or in a database of the same name. Not durable. Throws. Safe to call from any
// thread once one that lasts has called it, or asked tests_on_postgres().
[[nodiscard]] std::unique_ptr<Store> open_test_store(std::filesystem::path const& directory);
[[nodiscard]] std::unique_ptr<Store> open_postgres_test_store(std::filesystem::path const& directory);

// Runs a script on the database behind the store's back.
void run_on_test_store(std::filesystem::path const& directory, std::string const& script);

}  // namespace bihuan::test
