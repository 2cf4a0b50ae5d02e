// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "engine/store/sql/connection.hpp"

struct sqlite3;

namespace bihuan::sqlite {

class Checkpointer;

using sql::Prepared;
using sql::Sql;
using sql::Statement;
using sql::Transaction;

// One connection to one database file.
class Connection final : public sql::Connection {
 public:
  enum class Mode { read_write, read_only };
  Connection(std::filesystem::path const& file, Mode mode);
  ~Connection() override;
  Connection(Connection&&) noexcept;

  void add_event(sql::EventRow const& event) override;
  // There is one writer.
  void hold(char const*) override {}
  void wipe(bool on) override;
  void begin(Kind kind) override;
  void commit() override;
  void roll_back() override;
  [[nodiscard]] bool in_transaction() const override;
  void execute(char const* name, char const* script) override;
  [[nodiscard]] std::int64_t total_changes() const override;
  [[nodiscard]] bool usable() const override { return true; }
  [[nodiscard]] sql::Dialect dialect() const override { return sql::Dialect::sqlite; }

  [[nodiscard]] std::int64_t pragma(char const* name);
  // Makes the other database the same as this one, page by page: as this connection reads it, when it is in a
  // transaction.
  void copy_to(Connection& other);
  // After a sync that failed: the system may count as written what is not on the disk, and no later sync tries it
  // again. Writes the log's bytes anew over themselves and syncs them. For the connection that alone writes.
  void write_log_again();
  [[nodiscard]] bool writable() const;
  // Copies as much of the log into the database as can be copied now. How many of its pages are, of all that are in it;
  // 0 when that failed, or another does the same.
  int checkpoint() noexcept;
  // From now on that happens beside this connection, whenever so many pages are in the log (checkpointer.hpp), and no
  // longer within its commits. For the connection that alone writes, in its last settings.
  void checkpoint_beside(int pages);
  // Leaves no log behind when it is closed, if it can.
  void checkpoint_at_end() { checkpoints_at_end_ = true; }

 private:
  [[nodiscard]] std::unique_ptr<Prepared> prepare(char const* name, std::string_view text) override;

  sqlite3* handle_ = nullptr;
  bool checkpoints_at_end_ = false;
  std::unique_ptr<Checkpointer> checkpointer_;
};

}  // namespace bihuan::sqlite
