// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sqlite/sqlite_store.hpp"

#include <unistd.h>

#include <algorithm>

#include "engine/core/message.hpp"
#include "engine/store/sql/audit.hpp"
#include "engine/store/sql/cases.hpp"
#include "engine/store/sql/definitions.hpp"
#include "engine/store/sql/feeds.hpp"
#include "engine/store/sql/kept_secrets.hpp"
#include "engine/store/sql/people.hpp"
#include "engine/store/sql/probe.hpp"
#include "engine/store/sql/seals.hpp"
#include "engine/store/sql/substitutions.hpp"
#include "engine/store/sql/unfinished_copy.hpp"
#include "engine/store/sql/units.hpp"
#include "engine/store/sql/webhooks.hpp"
#include "engine/store/sqlite/attachments.hpp"
#include "engine/store/sqlite/directory_lock.hpp"
#include "engine/store/sqlite/schema.hpp"

namespace bihuan {
namespace sqlite {
namespace {

using sql::Readers;

std::vector<std::unique_ptr<sql::Connection>> writing(Connection connection, int log_pages) {
  std::vector<std::unique_ptr<sql::Connection>> one;
  connection.checkpoint_at_end();
  connection.checkpoint_beside(log_pages);
  one.push_back(std::make_unique<Connection>(std::move(connection)));
  return one;
}

std::vector<std::unique_ptr<sql::Connection>> readers_of(std::filesystem::path const& file, std::size_t count) {
  std::vector<std::unique_ptr<sql::Connection>> connections;
  for (std::size_t made = 0; made < count; ++made) {
    auto connection = std::make_unique<Connection>(file, Connection::Mode::read_only);
    // No mapping of the file: each reader's pages of it would count as memory of the program, and reading a case takes
    // the same time without. And few pages kept: all of them go with each commit of the writer's.
    connection->execute("reader settings", "PRAGMA cache_size=-2048; PRAGMA temp_store=MEMORY;");
    connections.push_back(std::move(connection));
  }
  return connections;
}

class SqliteStore final : public Store {
 public:
  SqliteStore(DirectoryLock lock, std::filesystem::path const& directory, Connection cases_file,
              Connection attachments_file, std::optional<DataKey> key, SqliteOptions const& options)
      : lock_(std::move(lock)),
        writer_(writing(std::move(cases_file), options.log_pages),
                {.queue = options.queue, .batch = std::max<std::size_t>(options.batch, 1)}),
        // for_each holds one while its callback may ask for another.
        readers_(readers_of(directory / "bihuan.db", std::max<std::size_t>(options.readers, 2))),
        attachment_readers_(readers_of(directory / "attachments.db", std::max<std::size_t>(options.readers, 2))),
        cases_(writer_, readers_),
        definitions_(writer_, readers_),
        people_(writer_, readers_, key),
        seals_(writer_, readers_, key),
        units_(writer_, readers_),
        substitutions_(writer_, readers_),
        audit_(writer_, readers_),
        feeds_(writer_, readers_),
        webhooks_(writer_, readers_, std::move(key)),
        attachments_(std::move(attachments_file), options.durable, attachment_readers_, readers_) {}

  CaseStore& cases() override { return cases_; }
  DefinitionStore& definitions() override { return definitions_; }
  PeopleStore& people() override { return people_; }
  UnitStore& units() override { return units_; }
  SubstitutionStore& substitutions() override { return substitutions_; }
  AttachmentStore& attachments() override { return attachments_; }
  AuditStore& audit() override { return audit_; }
  SealStore& seals() override { return seals_; }
  FeedStore& feeds() override { return feeds_; }
  WebhookStore& webhooks() override { return webhooks_; }

  void check() override { sql::probe(writer_, readers_); }

 private:
  // The lock goes last, when every file is closed; the readers before the writer, who then leaves no log
  // behind.
  DirectoryLock lock_;
  sql::Writer writer_;
  Readers readers_;
  Readers attachment_readers_;
  sql::Cases cases_;
  sql::Definitions definitions_;
  sql::People people_;
  sql::Seals seals_;
  sql::Units units_;
  sql::Substitutions substitutions_;
  sql::Audit audit_;
  sql::Feeds feeds_;
  sql::Webhooks webhooks_;
  Attachments attachments_;
};

Result<void> check_file(std::filesystem::path const& file, std::span<SchemaChange const> schema) {
  if (!std::filesystem::exists(file)) {
    return {};
  }
  if (access(file.c_str(), W_OK) != 0) {
    return refused(refusal(Code::store_read_only, {}, {{"path", file.parent_path().string()}}));
  }
  Connection connection(file, Connection::Mode::read_write);
  return check_not_newer(connection, schema);
}

Connection open_file(std::filesystem::path const& file, char const* settings) {
  Connection connection(file, Connection::Mode::read_write);
  connection.execute("settings", settings);
  return connection;
}

constexpr char const* common =
    "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY;"
    " PRAGMA cache_size=-32768;";

}  // namespace
}  // namespace sqlite

Result<std::unique_ptr<Store>> open_sqlite_store(std::filesystem::path const& directory, SqliteOptions const& options) {
  using namespace sqlite;
  auto lock = DirectoryLock::take(directory);
  if (!lock) {
    return refused(lock.error());
  }
  auto const cases_path = directory / "bihuan.db";
  auto const attachments_path = directory / "attachments.db";
  // Both are looked at before either is touched.
  if (auto fit = check_file(cases_path, case_schema()); !fit) {
    return refused(fit.error());
  }
  if (auto fit = check_file(attachments_path, attachment_schema()); !fit) {
    return refused(fit.error());
  }

  auto cases_file = open_file(cases_path, common);
  auto attachments_file = open_file(attachments_path, common);
  bring_up_to_date(cases_file, case_schema());
  bring_up_to_date(attachments_file, attachment_schema());
  if (auto whole = sql::check_copied_whole(cases_file); !whole) return refused(whole.error());
  auto key =
      sql::key_of({.file = directory / data_key_file, .use = options.key, .durable = options.durable}, cases_file);
  if (!key) {
    return refused(key.error());
  }
  cases_file.execute("sync", options.durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=OFF");
  attachments_file.execute("sync", options.durable ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=OFF");
  return std::make_unique<SqliteStore>(std::move(*lock), directory, std::move(cases_file), std::move(attachments_file),
                                       std::move(*key), options);
}

}  // namespace bihuan
