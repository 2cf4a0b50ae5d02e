// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/store/postgres/array.hpp"
#include "engine/store/sql/connection.hpp"

struct pg_conn;
struct pg_result;

namespace bihuan::postgres {

using sql::Prepared;
using sql::Sql;
using sql::Statement;
using sql::Transaction;
using sql::Undone;

// What the connections of one store share.
struct Server {
  std::string uri;              // or keywords and values, as libpq reads them
  std::string node;             // names this process to the others
  std::atomic<int> writers{0};  // connections so far that write
  bool durable = true;
  std::chrono::milliseconds answer{15'000};  // how long one is waited for
  // Whether what is written is held to the schema that this program knows; not while it brings that about.
  bool held_to_schema = false;
  // A newer program waits for this one to end.
  std::atomic<bool> asked_to_end{false};
  // It has changed the database so that this one must not go on: whoever asks hears a fault from then on.
  std::atomic<bool> outdated{false};
  // After the database was out of reach it is not tried again before this: those who wait hear of it at once.
  std::atomic<std::int64_t> not_before{0};
  // When a connection was last lost.
  std::atomic<std::int64_t> lost_at{0};
};

// One connection to PostgreSQL, in pipeline mode: what nobody waits for goes out together with the next that somebody
// does. It connects when it is first used, and again when it was lost: outside of a transaction that goes unseen,
// within one it throws Undone. One that reads from a replica takes standbys alone, and that it was lost is always a
// fault: the next may have less than this one had.
class Connection final : public sql::Connection {
 public:
  enum class Use { reading, writing, replica };
  Connection(std::shared_ptr<Server> server, Use use);
  ~Connection() override;
  Connection(Connection const&) = delete;

  // Events are kept until the transaction commits and numbered then: whoever numbers keeps all others from it until
  // they are durable.
  void add_event(sql::EventRow const& event) override;
  void tell_of_rules() override;
  void hold(char const* table) override;
  // What is overwritten goes with the next vacuum; nothing ever lay here in the clear.
  void wipe(bool) override {}
  void begin(Kind kind) override;
  void find_out_later(bool later) override { finds_out_later_ = later; }
  // Where the answer to the commit is lost, it is found out whether it was made: Undone says that it was not, and
  // StoreFault that nobody knows.
  void commit() override;
  void roll_back() override;
  [[nodiscard]] bool in_transaction() const override { return in_transaction_; }
  void execute(char const* name, char const* script) override;
  [[nodiscard]] std::int64_t total_changes() const override { return changes_; }
  [[nodiscard]] bool usable() const override { return handle_ != nullptr; }
  [[nodiscard]] sql::Dialect dialect() const override { return sql::Dialect::postgres; }

 private:
  friend class PostgresPrepared;

  struct Pending {
    std::string name;
    pg_result** into = nullptr;
    class PostgresPrepared* prepares = nullptr;
    bool one_row = false;  // is to be changed by it
  };
  // Events as columns, in the order in which they come.
  struct Events {
    Array case_ids{Array::Of::text};
    Array revisions{Array::Of::bigint};
    Array places{Array::Of::bigint};
    Array hashes{Array::Of::text};
    Array bodies{Array::Of::text};
  };
  class Lost;

  [[nodiscard]] std::unique_ptr<Prepared> prepare(char const* name, std::string_view text) override;

  void open();
  // Throws where this program must not go on.
  void ensure_open();
  void send_opening();
  void refuse_outdated();
  void close() noexcept;
  // Runs it and waits for what it gives, once more on a new connection where that is safe.
  void answer(class PostgresPrepared& statement);
  void send(class PostgresPrepared& statement, Pending const& pending);
  void send_text(char const* name, std::string const& text, pg_result** into = nullptr);
  void expect(bool sent, std::string const& name);
  // For everything that was sent.
  void wait();
  void wait_for_jobs();
  [[nodiscard]] pg_result* next_result(std::chrono::steady_clock::time_point deadline);
  void exchange_bytes(std::chrono::steady_clock::time_point deadline);
  [[noreturn]] void lose(std::string const& why);
  void send_events();
  // The batch that the server's process was told to commit.
  [[nodiscard]] bool was_committed(int process, std::chrono::steady_clock::time_point until);
  [[nodiscard]] std::optional<bool> fate_of_batch(int process);
  [[nodiscard]] std::string ask(char const* name, std::string const& text);

  std::shared_ptr<Server> server_;
  Use const use_;
  pg_conn* handle_ = nullptr;
  std::int64_t opened_at_ = 0;
  std::int64_t generation_ = 0;  // of the handle: statements are prepared anew on each
  std::int64_t prepared_ = 0;    // statements so far, for their names
  std::vector<std::string> forgotten_;
  std::vector<Pending> pending_;
  Events events_;
  std::string const writer_;      // names this connection's row, over all that it connects to
  std::int64_t batch_ = 0;        // the last one's number there
  pg_result* opening_ = nullptr;  // of the present transaction: counts changes to stop for
  bool in_transaction_ = false;
  bool finds_out_later_ = false;
  std::chrono::steady_clock::time_point patience_ = std::chrono::steady_clock::time_point::max();  // of every answer
  std::int64_t changes_ = 0;
};

}  // namespace bihuan::postgres
