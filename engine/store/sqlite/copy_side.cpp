// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sqlite/copy_side.hpp"

#include "engine/store/sql/unfinished_copy.hpp"
#include "engine/store/sqlite/backup.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/directory_lock.hpp"
#include "engine/store/sqlite/schema.hpp"

namespace bihuan {
namespace {

using namespace sqlite;

// Until the end a loss of power may cost batches, but never one before another.
constexpr char const* settings =
    "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=4096; PRAGMA synchronous=NORMAL;"
    " PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536;";

Result<std::unique_ptr<sql::Connection>> open_file(std::filesystem::path const& file,
                                                   std::span<SchemaChange const> schema) {
  auto connection = std::make_unique<Connection>(file, Connection::Mode::read_write);
  if (auto fit = check_not_newer(*connection, schema); !fit) return refused(fit.error());
  connection->execute("settings", settings);
  bring_up_to_date(*connection, schema);
  connection->checkpoint_at_end();
  return connection;
}

}  // namespace

Result<CopySide> sqlite_copy_side(std::filesystem::path const& directory, CopyEnd end) {
  auto lock = DirectoryLock::take(directory);
  if (!lock) return refused(lock.error());
  CopySide side;
  side.held = std::make_shared<DirectoryLock>(std::move(*lock));
  auto cases = open_file(directory / database_files[0], case_schema());
  if (!cases) return refused(cases.error());
  if (end == CopyEnd::from) {
    if (auto whole = sql::check_copied_whole(**cases); !whole) return refused(whole.error());
  }
  auto attachments = open_file(directory / database_files[1], attachment_schema());
  if (!attachments) return refused(attachments.error());
  side.cases = std::move(*cases);
  side.attachments = std::move(*attachments);
  return side;
}

}  // namespace bihuan
