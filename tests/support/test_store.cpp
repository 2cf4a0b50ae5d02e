// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_store.hpp"

#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <string_view>

#include "engine/store/postgres/postgres_store.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tests/support/postgres_server.hpp"

namespace bihuan::test {
namespace {

std::string address_of(std::filesystem::path const& directory) {
  static std::mutex mutex;
  std::scoped_lock const lock(mutex);
  return PostgresServer::shared().database(directory.filename().string());
}

std::unique_ptr<Store> must(Result<std::unique_ptr<Store>> store) {
  if (!store) throw std::runtime_error("no store: " + store.error().front().text.en);
  return std::move(*store);
}

}  // namespace

bool tests_on_postgres() {
  static bool const chosen = [] {
    char const* const kind = std::getenv("BIHUAN_TEST_STORE");
    if (kind == nullptr || std::string_view(kind) == "sqlite") return false;
    if (std::string_view(kind) != "postgres") throw std::runtime_error("BIHUAN_TEST_STORE is sqlite or postgres");
    (void)PostgresServer::shared();
    return true;
  }();
  return chosen;
}

std::unique_ptr<Store> open_test_store(std::filesystem::path const& directory) {
  if (tests_on_postgres()) return open_postgres_test_store(directory);
  return must(open_sqlite_store(directory, {.durable = false}));
}

std::unique_ptr<Store> open_postgres_test_store(std::filesystem::path const& directory) {
  std::filesystem::create_directories(directory);
  return must(open_postgres_store(address_of(directory), {.key_file = directory / data_key_file, .durable = false}));
}

void run_on_test_store(std::filesystem::path const& directory, std::string const& script) {
  if (tests_on_postgres()) return PostgresServer::shared().run(address_of(directory), script);
  sqlite::Connection(directory / "bihuan.db", sqlite::Connection::Mode::read_write).execute("change", script.c_str());
}

}  // namespace bihuan::test
