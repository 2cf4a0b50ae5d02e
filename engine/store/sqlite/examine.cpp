// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sqlite/schema.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan {
namespace {

using namespace sqlite;

Result<void> examine(std::filesystem::path const& file, std::span<SchemaChange const> schema) {
  Connection connection(file, Connection::Mode::read_only);
  if (auto known = check_not_newer(connection, schema); !known) return known;
  static Sql const quick_check{"quick_check", "PRAGMA quick_check(1)"};
  auto said = connection.query(quick_check);
  if (said.step() && said.view(0) != "ok") throw StoreFault(file.filename().string() + ": " + said.text(0));
  return {};
}

}  // namespace

Result<void> examine_sqlite_store(std::filesystem::path const& directory) {
  if (auto cases = examine(directory / "bihuan.db", case_schema()); !cases) return cases;
  return examine(directory / "attachments.db", attachment_schema());
}

}  // namespace bihuan
