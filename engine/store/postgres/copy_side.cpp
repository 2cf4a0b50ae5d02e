// SPDX-License-Identifier: Apache-2.0
#include "engine/store/postgres/copy_side.hpp"

#include <chrono>
#include <thread>

#include "engine/core/message.hpp"
#include "engine/store/postgres/connection.hpp"
#include "engine/store/postgres/schema.hpp"
#include "engine/store/sql/unfinished_copy.hpp"

namespace bihuan {
namespace {

using namespace postgres;

// The lock that every node takes when it starts (schema.cpp).
constexpr Sql keep_nodes_away{"schema lock",
                              "SELECT CASE WHEN pg_try_advisory_lock(4920265814297015) THEN 1 ELSE 0 END"};
// Nodes, and whoever else might write.
constexpr Sql others{
    "others",
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"};

// What a process that was killed left behind goes within moments.
constexpr int most_looks = 10;
constexpr std::chrono::milliseconds between_looks{200};

bool alone(Connection& connection) {
  bool locked = false;
  for (int look = 0; look < most_looks; ++look) {
    locked = locked || connection.first_integer(keep_nodes_away) == 1;
    if (locked && connection.first_integer(others) == 0) return true;
    std::this_thread::sleep_for(between_looks);
  }
  return false;
}

}  // namespace

Result<CopySide> postgres_copy_side(std::string const& uri, CopyEnd end) {
  auto const server = std::make_shared<Server>();
  server->uri = uri;
  server->node = "copy";
  // What was committed before is never lost without what came after it, and the last commit waits for the disk.
  server->durable = false;
  server->answer = std::chrono::hours{1};
  auto holding = std::make_shared<Connection>(server, Connection::Use::reading);
  if (!alone(*holding)) return refused(refusal(Code::store_in_use, {}, {{"path", "PostgreSQL"}}));
  if (auto ready = bring_up_to_date(*holding); !ready) return refused(ready.error());
  // What it does not know would be left behind.
  if (auto known = check_all_known(*holding); !known) return refused(known.error());
  if (end == CopyEnd::from) {
    if (auto whole = sql::check_copied_whole(*holding); !whole) return refused(whole.error());
  }
  CopySide side;
  side.held = std::move(holding);
  side.cases = std::make_unique<Connection>(server, Connection::Use::writing);
  return side;
}

}  // namespace bihuan
