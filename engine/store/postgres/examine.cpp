// SPDX-License-Identifier: Apache-2.0
#include "engine/store/postgres/examine.hpp"

#include <memory>

#include "engine/store/postgres/connection.hpp"
#include "engine/store/postgres/schema.hpp"
#include "engine/store/postgres/store_key.hpp"

namespace bihuan {
namespace postgres {
namespace {

constexpr Sql find_tables{"examine tables", "SELECT to_regclass('store_key') IS NOT NULL"};
constexpr Sql find_changes{"examine changes", "SELECT max(number) FROM schema_change"};
constexpr Sql find_unsafe{"examine settings",
                          "SELECT name FROM pg_settings WHERE setting = 'off' AND"
                          " name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name"};
constexpr Sql find_vacuum{"examine vacuum", "SELECT current_setting('autovacuum') = 'on'"};
constexpr Sql find_connections{"examine connections",
                               "SELECT current_setting('max_connections')::bigint -"
                               " current_setting('superuser_reserved_connections')::bigint"};
constexpr Sql look{"examine replica", "SELECT 1"};

std::shared_ptr<Server> server_at(std::string const& uri) {
  auto server = std::make_shared<Server>();
  server->uri = uri;
  return server;
}

}  // namespace
}  // namespace postgres

PostgresExamination examine_postgres_store(std::string const& uri, PostgresOptions const& options) {
  using namespace postgres;
  Connection connection(server_at(uri), Connection::Use::writing);
  PostgresExamination found;
  found.has_tables = connection.first_integer(find_tables) != 0;
  if (found.has_tables) {
    if (auto known = check_all_known(connection); !known) found.refusals = known.error();
    found.older = connection.first_integer(find_changes) < known_changes();
    if (auto fault = key_fault(connection, options.key_file)) found.refusals.push_back(std::move(*fault));
  }
  auto rows = connection.query(find_unsafe);
  while (rows.step()) found.unsafe.push_back(rows.text(0));
  found.vacuums = connection.first_integer(find_vacuum) != 0;
  found.connections = connection.first_integer(find_connections);
  return found;
}

void examine_replica(std::string const& uri) {
  using namespace postgres;
  Connection connection(server_at(uri), Connection::Use::replica);
  (void)connection.first_integer(look);
}

}  // namespace bihuan
