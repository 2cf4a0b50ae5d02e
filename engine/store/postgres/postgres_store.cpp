// SPDX-License-Identifier: Apache-2.0
#include "engine/store/postgres/postgres_store.hpp"

#include <unistd.h>

#include <algorithm>
#include <functional>
#include <mutex>
#include <random>

#include "engine/store/postgres/attachments.hpp"
#include "engine/store/postgres/listener.hpp"
#include "engine/store/postgres/replica.hpp"
#include "engine/store/postgres/replicated_cases.hpp"
#include "engine/store/postgres/schema.hpp"
#include "engine/store/postgres/store_key.hpp"
#include "engine/store/shared_store.hpp"
#include "engine/store/sql/audit.hpp"
#include "engine/store/sql/cases.hpp"
#include "engine/store/sql/definitions.hpp"
#include "engine/store/sql/feeds.hpp"
#include "engine/store/sql/people.hpp"
#include "engine/store/sql/probe.hpp"
#include "engine/store/sql/seals.hpp"
#include "engine/store/sql/substitutions.hpp"
#include "engine/store/sql/unfinished_copy.hpp"
#include "engine/store/sql/units.hpp"
#include "engine/store/sql/webhooks.hpp"

namespace bihuan {
namespace postgres {
namespace {

using Connections = std::vector<std::unique_ptr<sql::Connection>>;

Connections connections(std::shared_ptr<Server> const& server, Connection::Use use, std::size_t count) {
  Connections made;
  for (std::size_t number = 0; number < count; ++number) made.push_back(std::make_unique<Connection>(server, use));
  return made;
}

// Besides those for cases and for reading.
constexpr std::size_t audit_writers = 1;
constexpr std::size_t other_writers = 2;
constexpr std::size_t uploaders = 2;

std::size_t case_writers(PostgresOptions const& options) {
  return std::max<std::size_t>(options.writers, 1);
}
std::size_t readers(PostgresOptions const& options) {
  return std::max<std::size_t>(options.readers, 2);
}

// Jobs of these kinds never share a transaction, so that none waits for rows that another kind holds: cases, the one
// end of the audit, and everything else.
class PostgresStore final : public SharedStore {
 public:
  PostgresStore(std::shared_ptr<Server> const& server, std::optional<DataKey> key, PostgresOptions const& options)
      : case_writer_(connections(server, Connection::Use::writing, case_writers(options)),
                     {.queue = options.queue, .batch = std::max<std::size_t>(options.batch, 1)}),
        audit_writer_(connections(server, Connection::Use::writing, audit_writers),
                      {.queue = options.queue, .batch = 64}),
        // Alone in its transaction, a job cannot hold a row that a neighbour's needs.
        writer_(connections(server, Connection::Use::writing, other_writers), {.queue = options.queue, .batch = 1}),
        readers_(connections(server, Connection::Use::reading, readers(options))),
        uploads_(connections(server, Connection::Use::writing, uploaders)),
        replica_(options.replica.empty() ? nullptr
                                         : std::make_unique<Replica>(options.replica, options, readers_, writer_)),
        cases_(replica_ ? std::make_unique<ReplicatedCases>(case_writer_, readers_, *replica_)
                        : std::make_unique<sql::Cases>(case_writer_, readers_)),
        definitions_(writer_, readers_),
        people_(writer_, readers_, key),
        seals_(writer_, readers_, key),
        units_(writer_, readers_),
        substitutions_(writer_, readers_),
        audit_(audit_writer_, readers_),
        feeds_(writer_, readers_),
        webhooks_(writer_, readers_, std::move(key)),
        attachments_(uploads_, readers_),
        server_(server),
        listener_(server, {.appended = [this] { cases_->tell(); }, .ruled = [this] { tell_of_rules(); }}) {}

  CaseStore& cases() override { return *cases_; }
  DefinitionStore& definitions() override { return definitions_; }
  PeopleStore& people() override { return people_; }
  UnitStore& units() override { return units_; }
  SubstitutionStore& substitutions() override { return substitutions_; }
  AttachmentStore& attachments() override { return attachments_; }
  AuditStore& audit() override { return audit_; }
  SealStore& seals() override { return seals_; }
  FeedStore& feeds() override { return feeds_; }
  WebhookStore& webhooks() override { return webhooks_; }

  bool leads() override { return listener_.leads(); }
  void when_ruled(std::function<void()> told) override {
    std::scoped_lock const lock(telling_);
    told_of_rules_ = std::move(told);
  }
  bool outdated() override { return server_->asked_to_end || server_->outdated; }

  std::optional<ReplicaReadings> replica_readings() override {
    auto const* const replicated = dynamic_cast<ReplicatedCases const*>(cases_.get());
    return replicated ? std::optional(replicated->readings()) : std::nullopt;
  }

  void check() override { sql::probe(writer_, readers_); }

 private:
  void tell_of_rules() {
    std::scoped_lock const lock(telling_);
    if (told_of_rules_) told_of_rules_();
  }

  sql::Writer case_writer_;
  sql::Writer audit_writer_;
  sql::Writer writer_;
  sql::Readers readers_;
  sql::Readers uploads_;
  std::unique_ptr<Replica> replica_;
  std::unique_ptr<sql::Cases> cases_;
  sql::Definitions definitions_;
  sql::People people_;
  sql::Seals seals_;
  sql::Units units_;
  sql::Substitutions substitutions_;
  sql::Audit audit_;
  sql::Feeds feeds_;
  sql::Webhooks webhooks_;
  Attachments attachments_;
  std::mutex telling_;
  std::function<void()> told_of_rules_;
  std::shared_ptr<Server> server_;
  Listener listener_;
};

std::string name_of_node() {
  std::random_device random;
  return std::to_string(::getpid()) + "-" + std::to_string(random()) + std::to_string(random());
}

}  // namespace
}  // namespace postgres

Result<std::unique_ptr<Store>> open_postgres_store(std::string const& uri, PostgresOptions const& options) {
  using namespace postgres;
  auto const server = std::make_shared<Server>();
  server->uri = uri;
  server->node = name_of_node();
  server->durable = options.durable;
  server->answer = options.answer;
  Connection connection(server, Connection::Use::writing);
  if (auto ready = bring_up_to_date(connection); !ready) return refused(ready.error());
  server->held_to_schema = true;
  if (auto whole = sql::check_copied_whole(connection); !whole) return refused(whole.error());
  connection.execute("key lock", "SELECT pg_advisory_lock(4920265814297016)");
  auto key = key_for(connection, options);
  // Nobody is in doubt about a commit for so long.
  connection.execute("old writers", "DELETE FROM writer WHERE at < extract(epoch FROM now()) - 86400");
  connection.execute("key unlock", "SELECT pg_advisory_unlock(4920265814297016)");
  if (!key) return refused(key.error());
  return std::make_unique<PostgresStore>(server, std::move(*key), options);
}

std::size_t connections_of_node(PostgresOptions const& options) {
  using namespace postgres;
  constexpr std::size_t listeners = 1;
  return case_writers(options) + readers(options) + audit_writers + other_writers + uploaders + listeners;
}

bool names_postgres(std::string_view text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

}  // namespace bihuan
