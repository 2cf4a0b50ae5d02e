// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sqlite/connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace bihuan::sqlite {
namespace {

constexpr std::size_t composed_limit = 64;

[[noreturn]] void fail(sqlite3* handle, std::string const& name) {
  throw StoreFault(name + ": " + sqlite3_errmsg(handle) + " (SQLite " +
                   std::to_string(sqlite3_extended_errcode(handle)) + ")");
}

constexpr Sql begin_read{"begin", "BEGIN"};
constexpr Sql begin_write{"begin", "BEGIN IMMEDIATE"};
constexpr Sql commit_all{"commit", "COMMIT"};
constexpr Sql roll_back{"rollback", "ROLLBACK"};

}  // namespace

struct Statement::Prepared {
  std::string name;
  sqlite3* handle;
  sqlite3_stmt* statement = nullptr;
  bool borrowed = false;

  Prepared(sqlite3* owner, char const* called, std::string_view text) : name(called), handle(owner) {
    if (sqlite3_prepare_v3(handle, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT, &statement,
                           nullptr) != SQLITE_OK) {
      fail(handle, name);
    }
  }
  ~Prepared() { sqlite3_finalize(statement); }
  Prepared(Prepared const&) = delete;
  Prepared& operator=(Prepared const&) = delete;

  void expect_ok(int code) const {
    if (code != SQLITE_OK) {
      fail(handle, name);
    }
  }
};

Statement::Statement(Prepared& prepared) : prepared_(prepared) {
  if (prepared_.borrowed) {
    std::fprintf(stderr, "statement used twice at once: %s\n", prepared_.name.c_str());
    std::abort();
  }
  prepared_.borrowed = true;
}

Statement::~Statement() {
  sqlite3_reset(prepared_.statement);
  sqlite3_clear_bindings(prepared_.statement);
  prepared_.borrowed = false;
}

void Statement::bind(int place, std::int64_t value) {
  prepared_.expect_ok(sqlite3_bind_int64(prepared_.statement, place, value));
}

void Statement::bind(int place, std::optional<std::int64_t> value) {
  if (value) {
    bind(place, *value);
  } else {
    prepared_.expect_ok(sqlite3_bind_null(prepared_.statement, place));
  }
}

void Statement::bind(int place, std::string_view text) {
  // A null pointer would bind NULL, and an empty text is not that.
  char const* const bytes = text.data() == nullptr ? "" : text.data();
  prepared_.expect_ok(
      sqlite3_bind_text64(prepared_.statement, place, bytes, text.size(), nullptr /* static */, SQLITE_UTF8));
}

void Statement::bind_bytes(int place, std::string_view bytes) {
  prepared_.expect_ok(sqlite3_bind_blob64(prepared_.statement, place, bytes.data() == nullptr ? "" : bytes.data(),
                                          bytes.size(), nullptr /* static */));
}

void Statement::bind_copy(int place, Value const& value) {
  if (auto const* const number = std::get_if<std::int64_t>(&value)) {
    bind(place, *number);
    return;
  }
  auto const& text = std::get<std::string>(value);
  auto* const copy = static_cast<char*>(sqlite3_malloc64(text.size() + 1));
  if (copy == nullptr) {
    throw StoreFault(prepared_.name + ": out of memory");
  }
  text.copy(copy, text.size());
  prepared_.expect_ok(sqlite3_bind_text64(prepared_.statement, place, copy, text.size(), &sqlite3_free, SQLITE_UTF8));
}

bool Statement::step() {
  int const code = sqlite3_step(prepared_.statement);
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code == SQLITE_DONE) {
    return false;
  }
  fail(prepared_.handle, prepared_.name);
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(prepared_.statement, column);
}

std::optional<std::int64_t> Statement::maybe_integer(int column) const {
  if (sqlite3_column_type(prepared_.statement, column) == SQLITE_NULL) {
    return std::nullopt;
  }
  return integer(column);
}

std::string_view Statement::view(int column) const {
  // As a blob: the bytes of a text without a conversion. The length is asked for afterwards, as SQLite wants
  // it.
  void const* const bytes = sqlite3_column_blob(prepared_.statement, column);
  auto const length = static_cast<std::size_t>(sqlite3_column_bytes(prepared_.statement, column));
  return bytes == nullptr ? std::string_view() : std::string_view(static_cast<char const*>(bytes), length);
}

Connection::Connection(std::filesystem::path const& file, Mode mode) {
  int const flags = SQLITE_OPEN_NOMUTEX |
                    (mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
    StoreFault fault("open " + file.filename().string() + ": " +
                     (handle_ == nullptr ? "out of memory" : sqlite3_errmsg(handle_)));
    sqlite3_close_v2(handle_);
    throw fault;
  }
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, 5000);
}

Connection::~Connection() {
  named_.clear();
  composed_.clear();
  sqlite3_close_v2(handle_);
}

Connection::Connection(Connection&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)),
      named_(std::move(other.named_)),
      composed_(std::move(other.composed_)) {}

Statement::Prepared& Connection::cached(Sql const& sql) {
  auto& place = named_[&sql];
  if (!place) {
    place = std::make_unique<Statement::Prepared>(handle_, sql.name, sql.text);
  }
  return *place;
}

Statement::Prepared& Connection::cached(char const* name, std::string const& text) {
  if (auto const found = composed_.find(text); found != composed_.end()) {
    return *found->second;
  }
  // One that is in use must stay; callers hold one at a time, so all others may go.
  if (composed_.size() >= composed_limit) {
    std::erase_if(composed_, [](auto const& entry) { return !entry.second->borrowed; });
  }
  return *composed_.emplace(text, std::make_unique<Statement::Prepared>(handle_, name, text)).first->second;
}

int Connection::finish(Statement& statement) {
  while (statement.step()) {
  }
  return sqlite3_changes(handle_);
}

void Connection::execute(char const* name, char const* script) {
  if (sqlite3_exec(handle_, script, nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail(handle_, name);
  }
}

std::int64_t Connection::pragma(char const* name) {
  Statement statement(cached(name, std::string("PRAGMA ") + name));
  return statement.step() ? statement.integer(0) : 0;
}

void Connection::copy_to(Connection& other) {
  auto* const copying = sqlite3_backup_init(other.handle_, "main", handle_, "main");
  if (copying == nullptr) {
    fail(other.handle_, "copy");
  }
  int const code = sqlite3_backup_step(copying, -1);
  sqlite3_backup_finish(copying);
  if (code != SQLITE_DONE) {
    throw StoreFault(std::string("copy: ") + sqlite3_errstr(code));
  }
}

void Connection::write_log_again() {
  sqlite3_file* log = nullptr;
  sqlite3_file_control(handle_, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log == nullptr || log->pMethods == nullptr) return;
  auto const& methods = *log->pMethods;
  auto const must = [](int code) {
    if (code != SQLITE_OK) throw StoreFault(std::string("writing the log again: ") + sqlite3_errstr(code));
  };
  sqlite3_int64 size = 0;
  must(methods.xFileSize(log, &size));
  std::string piece(65536, '\0');  // SQLite writes 128 KiB at once at most
  for (sqlite3_int64 offset = 0; offset < size; offset += static_cast<sqlite3_int64>(piece.size())) {
    auto const length =
        static_cast<int>(std::min<sqlite3_int64>(size - offset, static_cast<sqlite3_int64>(piece.size())));
    must(methods.xRead(log, piece.data(), length, offset));
    must(methods.xWrite(log, piece.data(), length, offset));
  }
  must(methods.xSync(log, SQLITE_SYNC_NORMAL));
}

bool Connection::writable() const {
  return sqlite3_db_readonly(handle_, "main") == 0;
}

std::int64_t Connection::total_changes() const {
  return sqlite3_total_changes64(handle_);
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

Transaction::Transaction(Connection& connection, Kind kind) : connection_(connection) {
  connection_.run(kind == Kind::read ? begin_read : begin_write);
}

Transaction::~Transaction() {
  // Some faults end the transaction by themselves; then there is nothing to roll back.
  if (!open_ || !connection_.in_transaction()) {
    return;
  }
  try {
    connection_.run(roll_back);
  } catch (StoreFault const&) {
    // The next BEGIN on this connection fails and says so.
  }
}

void Transaction::commit() {
  connection_.run(commit_all);
  open_ = false;
}

}  // namespace bihuan::sqlite
