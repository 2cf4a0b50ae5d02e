// SPDX-License-Identifier: Apache-2.0
// Several nodes on one PostgreSQL, as the programs that they are.
#include <doctest/doctest.h>

#include "engine/core/json.hpp"
#include "engine/store/postgres/connection.hpp"
#include "engine/store/postgres/schema.hpp"
#include "tests/api/client.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/tools/served_program.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/scratch.hpp"

namespace bihuan::test {
namespace {

std::vector<std::string> arguments(ScratchDirectory const& data, std::string const& address) {
  return {"--data", data.path(), "--store", address, "--workflows", BIHUAN_SOURCE_DIR "/workflows"};
}

constexpr postgres::SchemaChange a_further_table{"further", "CREATE TABLE further (id bigint)", true};
constexpr postgres::SchemaChange another_meaning{"another meaning", "CREATE TABLE meant (id bigint)"};

// A program that knows these changes as well starts.
void upgrade(std::string const& address, std::initializer_list<postgres::SchemaChange> further) {
  auto const known = postgres::schema_changes();
  std::vector<postgres::SchemaChange> changes(known.begin(), known.end());
  changes.insert(changes.end(), further);
  auto const server = std::make_shared<postgres::Server>();
  server->uri = address;
  postgres::Connection connection(server, postgres::Connection::Use::writing);
  REQUIRE(postgres::bring_up_to_date(connection, changes).has_value());
}

}  // namespace

TEST_CASE("older nodes serve on after a change that they may go on with, and end by themselves before another") {
  ScratchDirectory const data;
  auto const address = PostgresServer::shared().database("rolling");
  ServedProgram one(arguments(data, address));
  ServedProgram other(arguments(data, address));
  upgrade(address, {a_further_table});
  ServedProgram again(arguments(data, address));
  for (auto const* node : {&one, &other, &again}) CHECK(Client(node->port()).ask(get("/readyz")).status == 200);

  upgrade(address, {a_further_table, another_meaning});
  for (auto* node : {&one, &other, &again}) {
    CHECK(node->logged("stopping").find("newer program") != std::string::npos);
    CHECK(node->status() == too_old);
  }
  CHECK_THROWS(ServedProgram(arguments(data, address)));
}

}  // namespace bihuan::test
