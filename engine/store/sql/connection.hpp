// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>

#include "engine/store/store_fault.hpp"

namespace bihuan::sql {

enum class Dialect { sqlite, postgres };

// A statement's text under the name that faults give it. Connections know it by its address: keep it as a
// constant. Placeholders are `?` or `?1`; both databases read the one text, which may carry SQLite's hints (INDEXED BY,
// and CROSS JOIN for an order of tables), unless the other needs a text of its own.
struct Sql {
  char const* name;
  char const* text;
  char const* postgres = nullptr;
};

using Value = std::variant<std::int64_t, std::string>;

// The transaction was undone for what others did, or because the connection went away before the commit: the same may
// be done again.
class Undone : public StoreFault {
 public:
  using StoreFault::StoreFault;
};

// Some row was not as a job thought: what was found out later is found out at once when the job is done alone.
class FoundOutLater : public Undone {
 public:
  using Undone::Undone;
};

// A statement as a database has prepared it.
class Prepared {
 public:
  virtual ~Prepared() = default;
  Prepared(Prepared const&) = delete;
  Prepared& operator=(Prepared const&) = delete;

  // Places count from 1. Texts and bytes must live until the statement was stepped for the last time.
  virtual void bind_integer(int place, std::int64_t value) = 0;
  virtual void bind_null(int place) = 0;
  virtual void bind_text(int place, std::string_view text) = 0;
  virtual void bind_bytes(int place, std::string_view bytes) = 0;
  virtual void bind_copy(int place, std::string const& text) = 0;

  // True on a row, false at the end.
  virtual bool step() = 0;
  // Runs a statement that gives no rows and that nobody waits for.
  virtual void send() {
    while (step()) {
    }
  }
  // Runs a statement that gives no rows; whether it changed one row, as far as that is known at once.
  [[nodiscard]] virtual bool change_one() {
    while (step()) {
    }
    return changed() == 1;
  }
  // Rows that it inserted, updated or deleted, once it is at its end.
  [[nodiscard]] virtual int changed() const = 0;
  virtual void reset() noexcept = 0;

  // Columns count from 0. A view lives until the next step.
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
  [[nodiscard]] virtual bool is_null(int column) const = 0;
  [[nodiscard]] virtual std::string_view view(int column) const = 0;

  [[nodiscard]] std::string const& name() const { return name_; }

 protected:
  explicit Prepared(char const* name) : name_(name) {}

 private:
  friend class Statement;
  friend class Connection;
  std::string name_;
  bool borrowed_ = false;
};

// A prepared statement borrowed from its connection, given back clean when this goes out of scope.
class Statement {
 public:
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
  void bind(int place, std::int64_t value) { prepared_.bind_integer(place, value); }
  void bind(int place, std::optional<std::int64_t> value) {
    if (value) {
      prepared_.bind_integer(place, *value);
    } else {
      prepared_.bind_null(place);
    }
  }
  // The bytes must live until the statement was stepped for the last time.
  void bind(int place, std::string_view text) { prepared_.bind_text(place, text); }
  void bind_bytes(int place, std::string_view bytes) { prepared_.bind_bytes(place, bytes); }
  // Copies the bytes.
  void bind_copy(int place, Value const& value);

  // True on a row, false at the end.
  bool step() { return prepared_.step(); }
  void send() { prepared_.send(); }
  [[nodiscard]] bool change_one() { return prepared_.change_one(); }
  // To the end; the number of rows it changed.
  int finish();

  // Columns count from 0. A view lives until the next step.
  [[nodiscard]] std::int64_t integer(int column) const { return prepared_.integer(column); }
  [[nodiscard]] std::optional<std::int64_t> maybe_integer(int column) const {
    return prepared_.is_null(column) ? std::nullopt : std::optional(prepared_.integer(column));
  }
  [[nodiscard]] std::string_view view(int column) const { return prepared_.view(column); }
  [[nodiscard]] std::string text(int column) const { return std::string(view(column)); }

 private:
  Prepared& prepared_;
};

// An event as it is stored; its sequence is the database's.
struct EventRow {
  std::string_view case_id;
  std::int64_t revision = 0;
  std::int64_t place = 0;  // within the revision
  std::string_view hash;
  std::string_view body;
};

// One connection to one database, used by one thread at a time. Every fault that is not expected throws StoreFault with
// the statement's name.
class Connection {
 public:
  virtual ~Connection() = default;
  Connection& operator=(Connection&&) = delete;

  // Runs a statement that gives no rows; the number of rows it changed.
  template <class... Values>
  int run(Sql const& sql, Values const&... values) {
    Statement statement(cached(sql), values...);
    return statement.finish();
  }
  // The same where nobody asks how many. Its fault may come from a later statement, at the latest from the commit.
  template <class... Values>
  void send(Sql const& sql, Values const&... values) {
    Statement statement(cached(sql), values...);
    statement.send();
  }
  // Runs a statement that is to change one row; whether it did. Where that may be found out later it is taken to have.
  template <class... Values>
  [[nodiscard]] bool change_one(Sql const& sql, Values const&... values) {
    Statement statement(cached(sql), values...);
    return statement.change_one();
  }
  // Until the transaction ends: whether change_one may answer before it is known, which saves the wait for it. Where a
  // row was not as it was thought to be, a later statement throws FoundOutLater, at the latest the commit.
  virtual void find_out_later(bool /*later*/) {}
  // Starts a query. Texts are borrowed: they must outlive the statement.
  template <class... Values>
  [[nodiscard]] Statement query(Sql const& sql, Values const&... values) {
    return Statement(cached(sql), values...);
  }
  // Of a query's first row, or 0 when it gives none.
  template <class... Values>
  [[nodiscard]] std::int64_t first_integer(Sql const& sql, Values const&... values) {
    auto row = query(sql, values...);
    return row.step() ? row.integer(0) : 0;
  }
  [[nodiscard]] Prepared& cached(Sql const& sql);
  // For statements put together at run time; a bounded number of texts is kept prepared.
  [[nodiscard]] Prepared& cached(char const* name, std::string const& text);

  // Adds an event to the order of changes: numbered without a gap, as they become durable.
  virtual void add_event(EventRow const& event) = 0;
  // Once it commits, all nodes hear that definitions or units are not what they were.
  virtual void tell_of_rules() {}
  // Until the transaction ends nobody else writes to this table, on whichever node.
  virtual void hold(char const* table) = 0;
  // While it is on, what is overwritten is wiped from where it stood.
  virtual void wipe(bool on) = 0;

  enum class Kind { read, write };
  // A read sees one moment throughout.
  virtual void begin(Kind kind) = 0;
  virtual void commit() = 0;
  virtual void roll_back() = 0;
  [[nodiscard]] virtual bool in_transaction() const = 0;

  virtual void execute(char const* name, char const* script) = 0;
  // Rows that statements of this connection have changed since it was opened.
  [[nodiscard]] virtual std::int64_t total_changes() const = 0;
  // False when whoever used it last found the database out of reach.
  [[nodiscard]] virtual bool usable() const = 0;
  [[nodiscard]] virtual Dialect dialect() const = 0;

 protected:
  Connection() = default;
  Connection(Connection&&) = default;
  [[nodiscard]] virtual std::unique_ptr<Prepared> prepare(char const* name, std::string_view text) = 0;
  void forget_statements();

 private:
  std::unordered_map<Sql const*, std::unique_ptr<Prepared>> named_;
  std::unordered_map<std::string, std::unique_ptr<Prepared>> composed_;
};

// Rolled back unless committed.
class Transaction {
 public:
  using Kind = Connection::Kind;
  explicit Transaction(Connection& connection, Kind kind = Kind::write);
  ~Transaction();
  Transaction(Transaction const&) = delete;
  Transaction& operator=(Transaction const&) = delete;
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

}  // namespace bihuan::sql
