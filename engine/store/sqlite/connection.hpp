// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "engine/store/store_fault.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace bihuan::sqlite {

// A statement's text under the name that faults give it. Connections know it by its address: keep it as a
// constant.
struct Sql {
  char const* name;
  char const* text;
};

using Value = std::variant<std::int64_t, std::string>;

// A prepared statement borrowed from its connection, given back clean when this goes out of scope.
class Statement {
 public:
  struct Prepared;
  explicit Statement(Prepared& prepared);
  template <class First, class... Rest>
  Statement(Prepared& prepared, First const& first, Rest const&... rest) : Statement(prepared) {
    bind_all(first, rest...);
  }
  ~Statement();
  Statement(Statement const&) = delete;
  Statement& operator=(Statement const&) = delete;

  template <class... Values>
  void bind_all(Values const&... values) {
    int place = 0;
    (bind(++place, values), ...);
  }
  void bind(int place, std::int64_t value);
  void bind(int place, std::optional<std::int64_t> value);
  // The bytes must live until the statement was stepped for the last time.
  void bind(int place, std::string_view text);
  void bind_bytes(int place, std::string_view bytes);
  // Copies the bytes.
  void bind_copy(int place, Value const& value);

  // True on a row, false at the end.
  bool step();

  // Columns count from 0. A view lives until the next step.
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::optional<std::int64_t> maybe_integer(int column) const;
  [[nodiscard]] std::string_view view(int column) const;
  [[nodiscard]] std::string text(int column) const { return std::string(view(column)); }

 private:
  Prepared& prepared_;
};

// One connection to one database file. Used by one thread at a time. Every code that is not expected throws
// StoreFault with the statement's name.
class Connection {
 public:
  enum class Mode { read_write, read_only };
  Connection(std::filesystem::path const& file, Mode mode);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) = delete;

  // Runs a statement that gives no rows; the number of rows it changed.
  template <class... Values>
  int run(Sql const& sql, Values const&... values) {
    Statement statement(cached(sql));
    statement.bind_all(values...);
    return finish(statement);
  }
  // Starts a query. Texts are borrowed: they must outlive the statement.
  template <class... Values>
  [[nodiscard]] Statement query(Sql const& sql, Values const&... values) {
    return Statement(cached(sql), values...);
  }
  [[nodiscard]] Statement::Prepared& cached(Sql const& sql);
  // For statements put together at run time; a bounded number of texts is kept prepared.
  [[nodiscard]] Statement::Prepared& cached(char const* name, std::string const& text);

  void execute(char const* name, char const* script);
  [[nodiscard]] std::int64_t pragma(char const* name);
  // Makes the other database the same as this one, page by page: as this connection reads it, when it is in a
  // transaction.
  void copy_to(Connection& other);
  // After a sync that failed: the system may count as written what is not on the disk, and no later sync tries it
  // again. Writes the log's bytes anew over themselves and syncs them. For the connection that alone writes.
  void write_log_again();
  [[nodiscard]] bool writable() const;
  // Rows that statements of this connection have changed since it was opened.
  [[nodiscard]] std::int64_t total_changes() const;
  [[nodiscard]] bool in_transaction() const;

 private:
  int finish(Statement& statement);

  sqlite3* handle_ = nullptr;
  std::unordered_map<Sql const*, std::unique_ptr<Statement::Prepared>> named_;
  std::unordered_map<std::string, std::unique_ptr<Statement::Prepared>> composed_;
};

// Rolled back unless committed.
class Transaction {
 public:
  enum class Kind { read, write };
  explicit Transaction(Connection& connection, Kind kind = Kind::write);
  ~Transaction();
  Transaction(Transaction const&) = delete;
  Transaction& operator=(Transaction const&) = delete;
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

}  // namespace bihuan::sqlite
