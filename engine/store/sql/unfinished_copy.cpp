// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/unfinished_copy.hpp"

#include "engine/core/message.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql find_table{"copy mark", "SELECT count(*) FROM sqlite_schema WHERE name = 'copying'",
                         "SELECT CASE WHEN to_regclass('copying') IS NULL THEN 0 ELSE 1 END"};
constexpr Sql find_mark{"copy mark", "SELECT source FROM copying"};
constexpr Sql put_mark{"copy mark", "INSERT INTO copying (source) VALUES (?)"};

bool has_table(Connection& connection) {
  auto row = connection.query(find_table);
  return row.step() && row.integer(0) != 0;
}

}  // namespace

std::optional<std::string> copied_from(Connection& connection) {
  if (!has_table(connection)) return std::nullopt;
  auto row = connection.query(find_mark);
  return row.step() ? row.text(0) : std::string();
}

void mark_copy(Connection& connection, std::string const& source) {
  connection.execute("copy mark", "CREATE TABLE copying (source TEXT NOT NULL)");
  connection.run(put_mark, source);
}

void unmark_copy(Connection& connection) {
  connection.execute("copy mark", "DROP TABLE copying");
}

Result<void> check_copied_whole(Connection& connection) {
  if (!has_table(connection)) return {};
  auto unfinished = refusal(Code::store_in_use, {}, {{"path", ""}});
  unfinished.text = message("copy.unfinished");
  unfinished.remedy = {};
  return refused(std::move(unfinished));
}

}  // namespace bihuan::sql
